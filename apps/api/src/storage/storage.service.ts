import { UserProblem, type TapeEvent } from '#core';
import {
  coverage,
  firstHeard,
  lanes,
  marketCandles,
  marketPlace,
  marketTrades,
  pastDepth,
  readSpan,
  setStoragePolicy,
  storageReport,
  wouldDrop,
  type CoverageDay,
  type DepthRow,
  type MarketCandles,
  type MarketPlace,
  type MarketTrade,
  type Person,
  type StorageTableReport,
  type TapeSpan,
} from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import type { TapeItem, TapeSlice } from './storage-task.types.js';
import type { Storage, StorageDrop, StoredTable } from './storage.types.js';

const DAY = 86_400_000;
/** A year and a day in a leap year: more than a calendar on a screen. */
const MOST_DAYS = 367;
/** Looking at every table asks the file system and reads the ends of parts. */
const KEPT_MS = 10_000;

@Injectable()
export class StorageService {
  #last: { readonly until: number; readonly report: Promise<Storage> } | null = null;

  constructor(private readonly house: House) {}

  report(): Promise<Storage> {
    const now = this.house.now();
    if (this.#last && now < this.#last.until) return this.#last.report;
    const report = storageReport(this.house.pool).then(({ layout, why, tables }) => ({
      layout,
      why,
      tables: tables.map((table) => shown(table, layout)),
    }));
    const last = { until: now + KEPT_MS, report };
    this.#last = last;
    report.catch(() => {
      if (this.#last === last) this.#last = null;
    });
    return report;
  }

  async preview(table: string, keepDays: number): Promise<StorageDrop> {
    const parts = await wouldDrop(this.house.pool, table, keepDays, this.house.now());
    return {
      parts: parts.length,
      bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
      from: parts[0]?.from ?? null,
      to: parts.at(-1)?.to ?? null,
    };
  }

  /** In force with the next upkeep, within the hour. */
  async setPolicy(
    by: Person,
    name: string,
    policy: { readonly keepDays: number | null; readonly compressHours: number | null },
  ): Promise<StoredTable> {
    if (by.role !== 'admin') throw new UserProblem('Only an admin changes what is kept.');
    const before = await this.#table(name);
    // What cannot be compressed keeps its silence on it.
    const wanted = { ...policy, compressHours: before.mayCompress ? policy.compressHours : null };
    await setStoragePolicy(this.house.pool, name, wanted, by.name, this.house.now());
    await this.house.people.audit({
      at: this.house.now(),
      by: by.name,
      action: 'storage.policy',
      target: name,
      detail: { from: { keepDays: before.keepDays, compressHours: before.compressHours }, to: wanted },
    });
    this.#last = null;
    return this.#table(name);
  }

  async coverage(id: string, from: number | null, to: number | null): Promise<readonly CoverageDay[]> {
    const place = await this.#place(id);
    const end = to ?? place.headAt;
    const start = from ?? end - 90 * DAY;
    if (!(start <= end) || end - start > MOST_DAYS * DAY)
      throw new UserProblem(`A calendar shows at most ${MOST_DAYS} days, and does not end before it begins.`);
    return coverage(this.house.pool, place, start, end);
  }

  async firstHeard(id: string): Promise<number | null> {
    return firstHeard(this.house.pool, await this.#place(id));
  }

  async candles(id: string, from: number, to: number, pixels: number): Promise<MarketCandles> {
    return marketCandles(this.house.pool, await this.#place(id), from, to, pixels);
  }

  async trades(id: string, from: number, to: number, first: number): Promise<readonly MarketTrade[]> {
    return marketTrades(this.house.pool, await this.#place(id), from, to, first);
  }

  async pastDepth(id: string, at: number, levels: number): Promise<DepthRow> {
    return pastDepth(this.house.pool, await this.#place(id), at, levels);
  }

  /** Events of some markets of one lane, or of all, in `seq` order from a number on; stops reading after `first`. */
  async tape(markets: readonly string[], lane: number | null, fromSeq: number, first: number): Promise<TapeSlice> {
    const places = await Promise.all(markets.map((id) => this.#place(id)));
    const known = await lanes(this.house.pool);
    const asked = lane ?? places[0]?.lane ?? known[0]?.id ?? 0;
    const head = known.find(({ id }) => id === asked)?.headSeq ?? 0;
    if (places.some((place) => place.lane !== asked))
      throw new UserProblem('These markets lie in different lanes; each lane has an order of its own.', [
        { path: '/markets', message: `not all in lane ${asked}` },
      ]);
    if (!Number.isSafeInteger(fromSeq) || fromSeq < 1)
      throw new UserProblem('Numbers of the tape begin with 1.', [{ path: '/fromSeq', message: 'at least 1' }]);
    const names = new Map(places.map((place) => [place.ref, place.id]));
    const span = { lane: asked, fromSeq, toSeq: head, ...(markets.length > 0 ? { markets: [...names.keys()] } : {}) };
    const items: TapeItem[] = [];
    for await (const block of readSpan(this.house.pool, span as TapeSpan)) {
      for (const event of block) {
        if (items.length === first) return { items, nextSeq: event.seq };
        items.push(itemOf(event, names));
      }
    }
    return { items, nextSeq: null };
  }

  async #place(id: string): Promise<MarketPlace> {
    const place = await marketPlace(this.house.pool, id);
    if (!place) throw new UserProblem(`There is no market ${id}.`, [{ path: '/market', message: 'unknown market' }]);
    return place;
  }

  async #table(name: string): Promise<StoredTable> {
    const found = (await this.report()).tables.find((table) => table.name === name);
    if (!found)
      throw new UserProblem(`There is no stored table ${name}.`, [{ path: '/table', message: 'unknown table' }]);
    return found;
  }
}

const shown = (table: StorageTableReport, layout: string): StoredTable => ({
  ...table,
  mayCompress: layout === 'timescale' && !/^(quote|trade)_1/.test(table.name),
});

/** The event less its stamp; typed arrays as lists. */
function itemOf({ lane: _lane, seq, at, kind, ...event }: TapeEvent, names: ReadonlyMap<number, string>): TapeItem {
  const body: Record<string, unknown> = { ...event };
  const ref = 'market' in event ? event.market : 'ref' in event ? event.ref : null;
  if (body['levels'] instanceof Float64Array) body['levels'] = [...body['levels']];
  return { seq, at, kind, market: (ref !== null && names.get(ref)) || null, body };
}
