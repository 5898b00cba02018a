import { UserProblem, type Link } from '#core';
import { allLinks, marketsById, openQuestions, type MarketRow, type QuestionRow } from '#data';
import { likeness, QuestionIndex, readQuestion, statedDifferences, type Likeness } from '#quant';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import { linkView } from '../markets/market.view.js';
import type { LinkCandidate, LinkDifference, LinkLikeness, LinkSuggestion, LinkSuggestions } from './likeness.types.js';

/** Markets of one venue that a counterpart is looked for, at most: some seconds of work among 10,000, in slices. */
const MOST_LOOKED = 500;
const READ_SLICE = 50;
const MOST_CANDIDATES = 20;
const MOST_SUGGESTIONS = 100;
/** What was found is given out for so long, however many ask. */
const KEPT_MS = 60_000;

/** Finds markets that may ask the same question. Suggests, and never links. */
@Injectable()
export class LikenessService {
  /** By venue. */
  readonly #indexes = new Map<string, QuestionIndex>();
  #reading: Promise<unknown> = Promise.resolve();
  #found: {
    readonly at: number;
    readonly marks: string;
    readonly suggestions: Promise<Omit<LinkSuggestions, 'items'> & { readonly pairs: readonly Pair[] }>;
  } | null = null;

  constructor(private readonly house: House) {}

  /** Markets of the other venues most like one, with what was already said of them. */
  async candidates(market: string, most: number): Promise<readonly LinkCandidate[]> {
    const { pool } = this.house;
    const [links] = await Promise.all([allLinks(pool), this.#read()]);
    const own = (await marketsById(pool, [market])).get(market);
    if (!own) throw unknownMarket(market, '/market');
    const found = [...this.#indexes]
      .filter(([venue]) => venue !== own.venue)
      .flatMap(([, index]) => index.like(own.title, Math.min(MOST_CANDIDATES, Math.max(1, most))))
      .sort((a, b) => b.score - a.score)
      .slice(0, most);
    const others = await marketsById(
      pool,
      found.map(({ id }) => id),
    );
    return found.flatMap((one) => {
      const other = others.get(one.id);
      const link = links.find(({ a, b }) => (a === market && b === one.id) || (b === market && a === one.id));
      return other ? [{ marketId: one.id, likeness: shown(one, own, other), link: link ? linkView(link) : null }] : [];
    });
  }

  /** What two markets have in common, and what not. */
  async compare(a: string, b: string): Promise<LinkLikeness> {
    const found = await marketsById(this.house.pool, [a, b]);
    const [one, two] = [found.get(a), found.get(b)];
    if (!one) throw unknownMarket(a, '/a');
    if (!two) throw unknownMarket(b, '/b');
    await this.#read();
    const weight = this.#indexes.get(two.venue)?.weight ?? ((): number => 1);
    return shown(likeness(readQuestion(one.title), readQuestion(two.title), weight), one, two);
  }

  async suggestions(most: number): Promise<LinkSuggestions> {
    const { pool } = this.house;
    const [rows, links] = await Promise.all([this.#read(), allLinks(pool)]);
    const marks = `${rows.length} ${links.map(({ id, version }) => `${id} ${version}`).join()}`;
    const now = this.house.now();
    if (
      this.#found === null ||
      (this.#found.marks !== marks && now - this.#found.at > KEPT_MS) ||
      now - this.#found.at > 10 * KEPT_MS
    )
      this.#found = { at: now, marks, suggestions: this.#kept(this.#pairs(rows, links)) };
    const { pairs, looked, of } = await this.#found.suggestions;
    const said = new Set(links.flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]));
    const shownPairs = pairs
      .filter(({ a, b }) => !said.has(`${a} ${b}`))
      .slice(0, Math.min(MOST_SUGGESTIONS, Math.max(1, most)));
    const markets = await marketsById(
      pool,
      shownPairs.flatMap(({ a, b }) => [a, b]),
    );
    const items = shownPairs.flatMap(({ a, b, ...one }): LinkSuggestion[] => {
      const [left, right] = [markets.get(a), markets.get(b)];
      return left && right ? [{ id: `${a} ${b}`, aId: a, bId: b, likeness: shown(one, left, right) }] : [];
    });
    return { items, looked, of };
  }

  /** What could not be found is looked for anew by who asks next. */
  #kept<T>(found: Promise<T>): Promise<T> {
    return found.catch((error: unknown) => {
      this.#found = null;
      throw error;
    });
  }

  /** Each the other's likest, of those that no link names. Gives way to others between slices. */
  async #pairs(
    rows: readonly QuestionRow[],
    links: readonly Link[],
  ): Promise<{ pairs: readonly Pair[]; looked: number; of: number }> {
    const linked = new Set<string>(links.filter(({ state }) => state !== 'rejected').flatMap(({ a, b }) => [a, b]));
    const free = rows.filter(({ id }) => !linked.has(id));
    const byVenue = [...this.#indexes.keys()]
      .map((venue) => free.filter((row) => row.venue === venue))
      .sort((a, b) => a.length - b.length);
    const [fewest = []] = byVenue;
    const asked = fewest.slice(0, MOST_LOOKED);
    const titles = new Map(rows.map(({ id, title }) => [id, title]));
    const pairs: Pair[] = [];
    for (const row of asked) {
      await breath();
      for (const [venue, index] of this.#indexes) {
        if (venue === row.venue) continue;
        const best = index.like(row.title, 5).find(({ id }) => !linked.has(id));
        const back = best && this.#indexes.get(row.venue)?.like(titles.get(best.id) ?? '', 1)[0];
        if (best && back?.id === row.id) pairs.push({ ...best, a: row.id, b: best.id });
      }
    }
    return { pairs: pairs.sort((a, b) => b.score - a.score), looked: asked.length, of: fewest.length };
  }

  /** The open questions as they are now, one reader at a time. */
  #read(): Promise<readonly QuestionRow[]> {
    const next = this.#reading.then(async () => {
      const rows = await openQuestions(this.house.pool);
      const open = new Set(rows.map(({ id }) => id));
      for (const index of this.#indexes.values()) for (const id of index.ids) if (!open.has(id)) index.drop(id);
      let read = 0;
      for (const { id, venue, title } of rows) {
        let index = this.#indexes.get(venue);
        if (index === undefined) this.#indexes.set(venue, (index = new QuestionIndex()));
        if (index.put(id, title) && ++read % READ_SLICE === 0) await breath();
      }
      return rows;
    });
    this.#reading = next.catch(() => undefined);
    return next;
  }
}

type Pair = Likeness & { readonly a: string; readonly b: string };

const breath = (): Promise<void> => new Promise((go) => setImmediate(go));

const unknownMarket = (id: string, path: string): UserProblem =>
  new UserProblem(`There is no market ${id}.`, [{ path, message: 'unknown market' }]);

/** With what the markets state beside their questions. */
function shown(found: Likeness, a: MarketRow, b: MarketRow): LinkLikeness {
  const differences: LinkDifference[] = [
    ...found.differences.map(({ weight, ...one }) => ({ ...one, breaks: weight === 'breaks' })),
    ...statedDifferences(a.info, b.info).map((one) => ({ ...one, breaks: one.kind === 'strike' })),
  ];
  return { score: found.score, shared: found.shared, polarity: found.polarity, differences };
}
