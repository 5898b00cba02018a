import {
  PRICE_ONE,
  type Estimate,
  type FillEntry,
  type GroupId,
  type Instant,
  type JournalEntry,
  type MarketId,
  type MarketInfo,
  type TapeEvent,
} from '#core';
import type { Kernel } from '../kernel.types.js';
import type { Known } from './checkpoint.js';
import { EquitySeries } from './equity-series.js';
import { MarkOuts } from './mark-outs.js';
import { checkCauses, type BacktestListener } from './run.js';
import { SameEvents } from './same-events.js';
import type { Traces } from './traces.js';
import { Trades } from './trades.js';

export interface EquityPoint {
  readonly at: Instant;
  readonly equity: number;
  readonly cash: number;
  /** Cost of what is held: cash that waits for a result. */
  readonly locked: number;
  readonly realised: number;
  readonly fees: number;
}

/** A belief and what the market said at the same moment; `outcome` once the market has its result. */
export interface Forecast {
  readonly at: Instant;
  readonly market: MarketId;
  readonly belief: number;
  readonly price: number;
  outcome: 0 | 1 | null;
}

const MOST_POINTS = 3_000;
const MOST_FORECASTS = 50_000;
const SECOND = 1_000;

/** Gathers what a report says while a run goes on. Memory depends on what was decided, not on the tape's length. */
export class Collector implements BacktestListener {
  readonly trades = new Trades();
  readonly markOuts = new MarkOuts();
  /** Thinned out, to be drawn. */
  equity: EquityPoint[] = [];
  readonly series = new EquitySeries();
  readonly same = new SameEvents();
  readonly forecasts: Forecast[] = [];
  readonly counts: Record<string, number> = {};
  readonly denials = new Map<string, number>();
  readonly infos = new Map<MarketId, Pick<MarketInfo, 'title' | 'group' | 'category'>>();
  /** Titles of the venues' events; `''` where a venue has none. */
  readonly events = new Map<GroupId, string>();
  /** Micro-dollars × ms of what was locked, for the cost of capital. */
  lockedTime = 0;
  private step = SECOND;
  private sampleAt: Instant = -Infinity;
  private last: EquityPoint | null = null;
  private kernel: Kernel | null = null;
  private readonly opened = new Map<string, number>();
  private readonly fair = new Map<MarketId, number>();
  private readonly pending = new Map<MarketId, Forecast[]>();

  constructor(
    private readonly forward: (entry: JournalEntry) => void = () => undefined,
    private readonly traces: Traces | null = null,
  ) {}

  started(kernel: Kernel, at: Instant): void {
    this.kernel = kernel;
    this.sample(kernel, at);
  }

  ended(kernel: Kernel, at: Instant): void {
    if (this.equity.at(-1)?.at === at) this.equity.pop();
    this.sample(kernel, at, true);
  }

  tick(kernel: Kernel, at: Instant): Instant {
    this.kernel = kernel;
    this.markOuts.tick(kernel.look, at);
    if (at >= this.sampleAt) {
      if (at > (this.last?.at ?? -Infinity)) this.sample(kernel, at);
      if (this.equity.length > MOST_POINTS) this.thin();
      this.sampleAt = this.series.next(at);
    }
    return (Math.floor(at / SECOND) + 1) * SECOND;
  }

  heard(event: TapeEvent): void {
    if (event.kind === 'market') this.describe(event.info);
    else if (event.kind === 'link') this.same.link(event.link);
    else if (event.kind === 'group') this.events.set(event.group.id, event.group.title);
    else if (event.kind === 'resolution' && event.final && event.outcome.kind === 'value' && this.kernel !== null) {
      const market = this.kernel.look.info(event.market).id;
      const { yesPays } = event.outcome;
      const outcome = yesPays === PRICE_ONE ? 1 : yesPays === 0 ? 0 : null;
      for (const forecast of this.pending.get(market) ?? []) forecast.outcome = outcome;
      this.pending.delete(market);
    }
  }

  knows({ markets, groups, links }: Known): void {
    for (const { info } of markets) this.describe(info);
    for (const { id, title } of groups) this.events.set(id, title);
    for (const link of links) this.same.link(link);
  }

  private describe({ id, title, group, category }: MarketInfo): void {
    this.infos.set(id, { title, group, category });
  }

  journal(entry: JournalEntry): void {
    checkCauses(entry);
    this.counts[entry.kind] = (this.counts[entry.kind] ?? 0) + 1;
    if (entry.kind === 'signal') this.signal(entry);
    else if (entry.kind === 'denial')
      for (const { rule } of entry.refusals) this.denials.set(rule, (this.denials.get(rule) ?? 0) + 1);
    else {
      this.trades.entry(entry);
      this.traces?.entry(entry);
      if (entry.kind === 'fill') this.filled(entry);
    }
    this.forward(entry);
  }

  estimate(estimate: Estimate): void {
    if (estimate.name === 'fair') this.fair.set(estimate.market, estimate.value);
    this.traces?.estimate(estimate);
  }

  private filled(entry: FillEntry): void {
    const ref = this.kernel?.look.ref(entry.market);
    if (ref !== undefined) this.markOuts.fill(entry, ref);
  }

  private signal(entry: Extract<JournalEntry, { readonly kind: 'signal' }>): void {
    const { kernel } = this;
    if (kernel === null) return;
    const best = entry.legs.map((leg) => {
      const ref = kernel.look.ref(leg.market);
      if (ref === undefined) return null;
      const { bid, ask } = kernel.look.quote(ref);
      const yes = (leg.outcome === 'yes') === (leg.action === 'buy') ? ask : bid;
      return yes < 0 ? null : leg.outcome === 'yes' ? yes : PRICE_ONE - yes;
    });
    this.trades.signal(entry, best);
    if (entry.mode === 'paper') this.traces?.signal(entry, kernel.look);
    if (this.forecasts.length >= MOST_FORECASTS) return;
    for (const { market } of entry.legs) {
      const belief = this.fair.get(market);
      const ref = kernel.look.ref(market);
      if (belief === undefined || ref === undefined) continue;
      const { bid, ask } = kernel.look.quote(ref);
      if (bid < 0 || ask < 0) continue;
      const forecast: Forecast = {
        at: entry.at,
        market,
        belief,
        price: (bid + ask) / 2e6,
        outcome: null,
      };
      this.forecasts.push(forecast);
      const known = this.pending.get(market);
      if (known === undefined) this.pending.set(market, [forecast]);
      else known.push(forecast);
    }
  }

  /** By market the event it belongs to, linked markets of several venues to one. */
  eventNames(): (market: MarketId) => string {
    return this.same.names((market) => this.infos.get(market)?.group ?? null);
  }

  /** What all accounts began with. */
  get openingCash(): number {
    let sum = 0;
    for (const cash of this.opened.values()) sum += cash;
    return sum;
  }

  private sample(kernel: Kernel, at: Instant, draw = false): void {
    let point = { at, equity: 0, cash: 0, locked: 0, realised: 0, fees: 0 };
    const balances = kernel.look.balances();
    // The accounts of a recorded session come with its first acts.
    if (balances.length === 0) return;
    for (const one of balances) {
      if (!this.opened.has(one.account)) this.opened.set(one.account, one.openingCash);
      point = {
        at,
        equity: point.equity + one.equity,
        cash: point.cash + one.cash,
        locked: point.locked + one.cost + one.reserved,
        realised: point.realised + one.realised,
        fees: point.fees + one.fees,
      };
    }
    const { last, step } = this;
    if (last !== null) this.lockedTime += last.locked * (at - last.at);
    this.last = point;
    this.series.add(at, point.equity);
    const drawn = this.equity.at(-1);
    if (draw || drawn === undefined || Math.floor(at / step) !== Math.floor(drawn.at / step)) this.equity.push(point);
  }

  /** Half the points, twice the step: the first, the newest and those on the coarser grid stay. */
  private thin(): void {
    this.step *= 2;
    const { equity, step } = this;
    this.equity = equity.filter(
      ({ at }, i) =>
        i === 0 || i === equity.length - 1 || Math.floor(at / step) !== Math.floor(equity[i - 1].at / step),
    );
  }
}
