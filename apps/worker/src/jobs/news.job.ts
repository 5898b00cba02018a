import { PRICE_ONE } from '#core';
import type { NewsStore, SourceRecord } from '#data';
import { RESPONSE_KEY, newsImpulse, sourceKey, sourceWeight } from '#plugins';
import { DEFAULT_RESPONSE_RULE, fitResponse, logit } from '#quant';
import type { FitHouse } from './job.types.js';
import { newsOutcomes, type NewsOutcome } from './news.query.js';

/** What followed an item is judged after this. */
export const AFTER_MS = { demo: 60_000, live: 600_000 } as const;
const LOOK_BACK_MS = 7 * 86_400_000;
const MOST_ITEMS = 2_000;
/** Weights are told again when they reach another step of this width: small drifts add up to one. */
const WEIGHT_STEP = 0.02;
const stepOf = (weight: number): number => Math.floor(weight / WEIGHT_STEP);
/** Prices outside this range say little about log-odds. */
const EDGE = 0.002;

export interface NewsJobHouse extends FitHouse {
  readonly mode: 'demo' | 'live';
  readonly store: Pick<NewsStore, 'judged' | 'weights'>;
  readonly now: () => number;
}

/**
 * Learns from what prices did after items: how often each source was right (math 9.1), and how far the log-odds answer
 * news (math 9.4). What is learned goes on the tape, from where alone a model hears of it.
 *
 * @returns a sentence about what was found.
 */
export async function learnFromNews(house: NewsJobHouse): Promise<string> {
  const { lane, pool, inbox, store } = house;
  const until = house.now();
  const outcomes = await newsOutcomes(pool, {
    lane,
    since: until - LOOK_BACK_MS,
    until,
    afterMs: AFTER_MS[house.mode],
    most: MOST_ITEMS,
  });
  const items = judgedItems(outcomes);
  await house.say?.(`${outcomes.length} outcomes in a week, ${items.length} items can be judged`);
  const before = await store.weights();
  const sources = new Map<string, { hits: number; judged: number }>();
  for (const { source, right } of items) {
    const known = sources.get(source) ?? { hits: 0, judged: 0 };
    sources.set(source, { hits: known.hits + (right ? 1 : 0), judged: known.judged + 1 });
  }
  let told = 0;
  for (const [source, { hits, judged }] of sources) {
    const was = before.get(source);
    const weight = weightAfter({ hits, judged, prior: was?.prior });
    await store.judged(source, hits, judged);
    if (was !== undefined && was.judged > 0 && stepOf(weightAfter(was)) === stepOf(weight)) continue;
    told++;
    await house.say?.(`${source}: right ${hits} times of ${judged}, weight ${weight.toFixed(2)}`);
    await inbox.put({
      id: `news-source-${lane}-${source}-${hits}-${judged}-${until}`,
      lane,
      kind: 'parameters',
      body: { plugin: newsImpulse.manifest.id, key: sourceKey(source), value: { weight, hits, judged } },
      by: 'news learning',
    });
  }
  const scored = items.filter(({ z }) => z !== null);
  const fit = fitResponse(
    scored.map(({ z }) => z!),
    scored.map(({ move }) => move),
  );
  // Every so many events the response is told again; between them it hardly moves. While there are too few to judge by, none
  // is told: nobody trades without one, and one that was learned elsewhere is not disproved by that.
  if (fit.outOfSample >= DEFAULT_RESPONSE_RULE.leastEvents && fit.events % 10 === 0)
    await inbox.put({
      id: `news-response-${lane}-${fit.events}-${scored.at(-1)!.item}`,
      lane,
      kind: 'parameters',
      body: { plugin: newsImpulse.manifest.id, key: RESPONSE_KEY, value: fit },
      by: 'news learning',
    });
  const t = fit.outOfSampleT === null ? '' : `, t ${fit.outOfSampleT.toFixed(1)} out of sample`;
  return `${items.length} items judged, ${told} weights changed; response ${fit.slope === 0 ? 'not proved' : fit.slope.toFixed(4)} on ${fit.events} events${t}`;
}

/** A source's weight by its own record and by what it was trusted by at first. */
export const weightAfter = ({ hits, judged, prior }: SourceRecord & { readonly prior?: SourceRecord }): number =>
  sourceWeight(hits + (prior?.hits ?? 0), judged + (prior?.judged ?? 0));

export interface JudgedItem {
  readonly item: string;
  readonly source: string;
  readonly right: boolean;
  /** Towards the item's stance, mean over the markets it touched: the two venues of one question are one event. */
  readonly move: number;
  readonly z: number | null;
}

/** One line per item: moves and scores are turned so that up is where the item pointed. */
export function judgedItems(outcomes: readonly NewsOutcome[]): readonly JudgedItem[] {
  const items = new Map<string, { source: string; moves: number[]; zs: number[] }>();
  for (const { item, source, stance, z, before, after } of outcomes) {
    const [p, q] = [before / PRICE_ONE, after / PRICE_ONE];
    if (!(p > EDGE && p < 1 - EDGE && q > EDGE && q < 1 - EDGE)) continue;
    const known = items.get(item) ?? { source, moves: [], zs: [] };
    known.moves.push(Math.sign(stance) * (logit(q) - logit(p)));
    if (z !== null) known.zs.push(Math.sign(stance) * z);
    items.set(item, known);
  }
  return [...items].map(([item, { source, moves, zs }]) => {
    const move = mean(moves);
    return { item, source, move, right: move > 0, z: zs.length === 0 ? null : mean(zs) };
  });
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
