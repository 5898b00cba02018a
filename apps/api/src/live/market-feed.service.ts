import { UserProblem } from '#core';
import { marketPlace, newestTrades, tradesAfter, type MarketPlace } from '#data';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EstimateService } from '../estimates/estimate.service.js';
import type { Beliefs } from '../estimates/estimate.types.js';
import { House } from '../house.js';
import type { TradeTick } from '../markets/market.types.js';
import { Channel } from './channel.js';
import { lastLines } from './mailbox.js';
import { Pump } from './pump.js';

const PACE_MS = 500;
/** Prints of one market that a reader who was away may have missed. */
const MOST_TRADES = 200;
/** Looked back over when somebody begins to listen: what was committed between an answer and the feed is in it. */
const OVERLAP_MS = 10_000;
const POINTS = 1_000;
/** Pieces of a second each that wait for a reader who is away. */
const MOST_PIECES = 20;

/** What happens at one market and is appended: prints, and what models believe. Read once for all who look at the market. */
@Injectable()
export class MarketFeed implements OnModuleDestroy {
  readonly #trades = new Channel<readonly TradeTick[], string>(PACE_MS, (pending, next) =>
    [...next, ...pending].slice(0, MOST_TRADES),
  );
  readonly #beliefs = new Channel<readonly Beliefs[], string>(PACE_MS * 2, lastLines(MOST_PIECES));
  /** How far each market that is looked at was read: the place of its last print, the moment of the last estimate. */
  readonly #tradesRead = new Map<string, { readonly seq: number; readonly at: number }>();
  readonly #beliefsRead = new Map<string, number>();
  readonly #pump: Pump;

  constructor(
    private readonly house: House,
    private readonly estimates: EstimateService,
  ) {
    this.#pump = new Pump(house, {
      name: 'what happens at markets',
      paceMs: PACE_MS,
      listened: () => this.#trades.size + this.#beliefs.size > 0,
      turn: async () => {
        const now = house.now();
        if (this.#trades.due(now)) await this.#sendTrades();
        if (this.#beliefs.due(now)) await this.#sendBeliefs();
      },
    });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.#trades.close(), this.#beliefs.close()]);
    await this.#pump.stop();
  }

  /** The newest prints and then each that is committed, newest first. One may come twice: its `seq` tells. */
  async trades(market: string, first: number): Promise<AsyncIterator<readonly TradeTick[]>> {
    const place = await this.#place(market);
    const ticks = await newestTrades(this.house.pool, place, first);
    const box = this.#trades.open(market, () => forget(this.#trades, this.#tradesRead, market));
    // Whoever looks at it already is further behind, or as far.
    if (!this.#tradesRead.has(market)) {
      const [last] = ticks;
      this.#tradesRead.set(market, last ? { seq: last.seq, at: last.at } : { seq: 0, at: 0 });
    }
    box.put(ticks);
    this.#pump.start();
    return box;
  }

  /** What was published in the last seconds and what is from then on, with what it is worth: pieces, oldest first. One moment may come twice. */
  async beliefs(market: string): Promise<AsyncIterator<readonly Beliefs[]>> {
    const { headAt } = await this.#place(market);
    const box = this.#beliefs.open(market, () => forget(this.#beliefs, this.#beliefsRead, market));
    this.#beliefsRead.set(market, Math.min(headAt - OVERLAP_MS, this.#beliefsRead.get(market) ?? Infinity));
    this.#pump.start();
    return box;
  }

  async #sendTrades(): Promise<void> {
    for (const market of new Set(this.#trades.filters)) {
      const place = await this.#place(market);
      const fresh = await tradesAfter(
        this.house.pool,
        place,
        this.#tradesRead.get(market) ?? { seq: 0, at: 0 },
        MOST_TRADES,
      );
      const [last] = fresh;
      if (!last) continue;
      this.#tradesRead.set(market, { seq: last.seq, at: last.at });
      this.#trades.send((asked) => (asked === market ? fresh : null));
    }
  }

  async #sendBeliefs(): Promise<void> {
    for (const market of new Set(this.#beliefs.filters)) {
      const { headAt } = await this.#place(market);
      const from = this.#beliefsRead.get(market) ?? headAt;
      if (headAt <= from) continue;
      const said = await this.estimates.beliefs(market, from, headAt, POINTS);
      this.#beliefsRead.set(market, headAt);
      const fresh = saidAfter(said, from);
      if (fresh.estimates.length === 0) continue;
      this.#beliefs.send((asked) => (asked === market ? [fresh] : null));
    }
  }

  async #place(market: string): Promise<MarketPlace> {
    const place = await marketPlace(this.house.pool, market);
    if (!place)
      throw new UserProblem(`There is no market ${market}.`, [{ path: '/market', message: 'unknown market' }]);
    return place;
  }
}

/**
 * Only what was said after a moment. What was in force then stands at the beginning of any span, whether or not its model
 * still runs; here it would look as if it had spoken.
 */
export function saidAfter({ market, estimates, edges }: Beliefs, from: number): Beliefs {
  const later = <Column extends { readonly at: readonly number[] }>(column: Column): Column => {
    const first = column.at.findIndex((moment) => moment > from);
    const cut = first < 0 ? column.at.length : first;
    return Object.fromEntries(
      Object.entries(column).map(([key, value]) => [key, Array.isArray(value) ? value.slice(cut) : value]),
    ) as unknown as Column;
  };
  const some = ({ at }: { readonly at: readonly number[] }): boolean => at.length > 0;
  return { market, estimates: estimates.map(later).filter(some), edges: edges.map(later).filter(some) };
}

/** Nobody looks at it any more. */
function forget<T>(channel: Channel<T, string>, read: Map<string, unknown>, market: string): void {
  if (!channel.filters.includes(market)) read.delete(market);
}
