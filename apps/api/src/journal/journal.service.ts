import { journalSentence, marketsOf, type JournalEntry as Entry, type TitleOf } from '#core';
import { causesBySeq, journalOfSignal, journalPage, marketTitles, settlementsAfter, type JournalFilter } from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import type { JournalEntry, JournalPage, TapeCause, Trace } from './journal.types.js';
import { tapeSentence } from './tape-sentence.js';

type Titles = ReadonlyMap<string, string>;

@Injectable()
export class JournalService {
  constructor(private readonly house: House) {}

  async page(filter: JournalFilter): Promise<JournalPage> {
    const page = await journalPage(this.house.pool, filter);
    return { ...page, items: await this.told(page.items) };
  }

  /** Entries with their sentences; the titles of all of them are read at once. */
  async told(entries: readonly Entry[], more?: Titles): Promise<JournalEntry[]> {
    const title = await this.titles(entries.flatMap(marketsOf), more);
    return entries.map((entry) => view(entry, title));
  }

  /** `null` when the journal knows no such signal. */
  async trace(signalId: string): Promise<Trace | null> {
    const own = await journalOfSignal(this.house.pool, signalId);
    if (own.length === 0) return null;
    return this.story(signalId, [...own, ...(await this.#settlements(own))]);
  }

  /** A signal's entries with their sentences, and the events of the tape that caused them. */
  async story(signalId: string, entries: readonly Entry[], more?: Titles): Promise<Trace> {
    const seqs = [...new Set(entries.flatMap((entry) => entry.causes))];
    const causes = await causesBySeq(this.house.pool, entries[0]?.lane ?? 0, seqs);
    const markets = [...entries.flatMap(marketsOf), ...causes.flatMap(({ market }) => market ?? [])];
    const title = await this.titles(markets, more);
    return {
      signalId,
      opportunity: entries.find((entry) => entry.kind === 'opportunity')?.opportunityId ?? null,
      entries: entries.map((entry) => view(entry, title)),
      causes: causes.map((cause): TapeCause => ({
        seq: cause.seq,
        at: cause.at,
        kind: cause.kind,
        summary: tapeSentence(cause, title),
        market: cause.market === null ? null : { id: cause.market, title: title(cause.market) },
        body: { market: cause.market, ...cause.body },
      })),
    };
  }

  /** What became of the contracts a signal bought: the first settlement of each market's outcome after its last fill. */
  async #settlements(entries: readonly Entry[]): Promise<readonly Entry[]> {
    const fills = entries.filter((entry) => entry.kind === 'fill');
    const last = fills.at(-1);
    if (!last) return [];
    const bought = new Set(fills.map(({ market, outcome }) => `${market} ${outcome}`));
    const found = await settlementsAfter(this.house.pool, last, [...new Set(fills.map(({ market }) => market))]);
    return found.filter((entry) => entry.kind === 'settlement' && bought.delete(`${entry.market} ${entry.outcome}`));
  }

  /** `more` are titles of markets that are known elsewhere, such as those of an imported tape. */
  async titles(markets: readonly string[], more?: Titles): Promise<TitleOf> {
    const known = await marketTitles(this.house.pool, markets);
    return (market) => known.get(market)?.title ?? more?.get(market) ?? market;
  }
}

const view = (entry: Entry, title: TitleOf): JournalEntry => ({
  id: `${entry.lane}.${entry.seq}.${entry.ordinal}`,
  lane: entry.lane,
  seq: entry.seq,
  ordinal: entry.ordinal,
  at: entry.at,
  kind: entry.kind,
  workflow: entry.workflow,
  account: entry.account,
  session: entry.session,
  summary: journalSentence(entry, title),
  markets: [...new Set(marketsOf(entry))].map((id) => ({ id, title: title(id) })),
  body: entry,
});
