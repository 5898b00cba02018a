import { UserProblem } from '#core';
import {
  coverage,
  marketCandles,
  marketPlace,
  marketTrades,
  pastDepth,
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
} from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
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

  async candles(id: string, from: number, to: number, pixels: number): Promise<MarketCandles> {
    return marketCandles(this.house.pool, await this.#place(id), from, to, pixels);
  }

  async trades(id: string, from: number, to: number, first: number): Promise<readonly MarketTrade[]> {
    return marketTrades(this.house.pool, await this.#place(id), from, to, first);
  }

  async pastDepth(id: string, at: number, levels: number): Promise<DepthRow> {
    return pastDepth(this.house.pool, await this.#place(id), at, levels);
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
