import { BacktestRepo, enablementMarks, enablementSettings, SweepRepo, type BacktestRow } from '#data';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { shownBacktest } from '../backtests/backtest.service.js';
import type { Backtest } from '../backtests/backtest.types.js';
import { shownSweep } from '../backtests/sweep.service.js';
import type { Sweep } from '../backtests/sweep.types.js';
import type { EnablementSetting } from '../enablement/enablement.types.js';
import { House } from '../house.js';
import { RowFeed, type Changes } from './row-feed.js';

const PACE_MS = 1_000;
/** A switch is looked for at once: it is in force within a second. */
const SWITCH_MS = 500;
/** As many as the page of backtests lists. */
const LISTED = 200;
const isUuid = (id: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
const ids = (seats: readonly (string | null)[]): readonly string[] => [
  ...new Set(seats.filter((id) => id !== null && isUuid(id)) as string[]),
];
/** Nobody asks for the list: no row of it is read. */
const listed = (seats: readonly (string | null)[]): number => (seats.includes(null) ? LISTED : 0);

/** Rows of lists that change while they are looked at: what a person asked for, and what others did meanwhile. */
@Injectable()
export class ListFeeds implements OnModuleDestroy {
  readonly #backtests: RowFeed<Backtest & Pick<BacktestRow, 'sweep'>, string | null>;
  readonly #sweeps: RowFeed<Sweep, string | null>;
  readonly #enablement: RowFeed<EnablementSetting, ReadonlySet<string>>;

  constructor(house: House) {
    const { pool } = house;
    const backtests = new BacktestRepo(pool);
    this.#backtests = new RowFeed(house, {
      name: 'backtests',
      paceMs: PACE_MS,
      keyOf: ({ id }) => id,
      follows: (seat, { id, sweep }) => (seat === null ? sweep === null : seat === id),
      marks: (seats) => backtests.marks(listed(seats), ids(seats)),
      rows: async (keys) => (await backtests.byIds(keys)).map((row) => shownBacktest(row, house.plugins)),
    });
    const sweeps = new SweepRepo(pool);
    this.#sweeps = new RowFeed(house, {
      name: 'sweeps',
      paceMs: PACE_MS,
      keyOf: ({ id }) => id,
      follows: (seat, { id }) => seat === null || seat === id,
      marks: (seats) => sweeps.marks(listed(seats), ids(seats)),
      rows: async (keys) => (await sweeps.byIds(keys)).map((row) => shownSweep(row, house.now())),
    });
    this.#enablement = new RowFeed(house, {
      name: 'enablement',
      paceMs: SWITCH_MS,
      keyOf: ({ plugin, kind, id }) => JSON.stringify([plugin, kind, id]),
      follows: (plugins, { plugin }) => plugins.has(plugin),
      marks: (seats) => enablementMarks(pool, [...new Set(seats.flatMap((plugins) => [...plugins]))]),
      rows: async (keys) => {
        const wanted = new Set(keys);
        const settings = await enablementSettings(pool, [...new Set(keys.map(pluginOf))]);
        return [...settings].flatMap(([plugin, all]) =>
          all
            .filter(({ kind, target }) => wanted.has(JSON.stringify([plugin, kind, target])))
            .map(({ target, ...setting }) => ({ plugin, id: target, ...setting })),
        );
      },
    });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.#backtests.close(), this.#sweeps.close(), this.#enablement.close()]);
  }

  /** One as it stands and what becomes of it; `null` is the list. */
  backtests = (id: string | null): AsyncIterator<Changes<Backtest>> => this.#backtests.open(id);
  sweeps = (id: string | null): AsyncIterator<Changes<Sweep>> => this.#sweeps.open(id);

  /** What is set from now on; the first answer is empty. */
  enablement = (plugins: readonly string[]): AsyncIterator<Changes<EnablementSetting>> =>
    this.#enablement.open(new Set(plugins), false);
}

const pluginOf = (key: string): string => (JSON.parse(key) as readonly string[])[0];
