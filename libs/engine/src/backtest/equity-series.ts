import type { Instant } from '#core';
import { momentsOf, type Moments } from '#quant';
import { LEAST_RETURNS, PERIODS, returnsOn, type PeriodName } from './returns.js';

/** Of a longer series its coarser periods tell the same. */
const MOST_RETURNS = 100_000;
/** Equity is looked at every second for so long, every minute after that. */
const BY_SECONDS_MS = 12 * 3_600_000;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

interface Grid {
  readonly name: PeriodName;
  readonly ms: number;
  /** Equity at the end of every period; `null` when there came to be too many of them. */
  values: number[] | null;
  slot: number;
}

/**
 * Equity as a run goes on: what its figures are made of. What is drawn of it is thinned out on a long tape; returns by
 * period and the deepest fall are those of every look at it.
 */
export class EquitySeries {
  private readonly grids: readonly Grid[] = PERIODS.map(({ name, ms }) => ({ name, ms, values: [], slot: -1 }));
  private firstAt: Instant | null = null;
  private lastAt: Instant = 0;
  private high = 0;
  private deepest = { share: 0, amount: 0 };
  private solid = true;

  /** When it is to be looked at again. */
  next(at: Instant): Instant {
    const step = this.firstAt === null || at - this.firstAt < BY_SECONDS_MS ? SECOND_MS : MINUTE_MS;
    return (Math.floor(at / step) + 1) * step;
  }

  add(at: Instant, equity: number): void {
    this.firstAt ??= at;
    this.lastAt = at;
    if (!(equity > 0)) this.solid = false;
    this.high = Math.max(this.high, equity);
    const share = this.high > 0 ? 1 - equity / this.high : 0;
    if (share > this.deepest.share) this.deepest = { share, amount: this.high - equity };
    for (const grid of this.grids) place(grid, at, equity);
    const [seconds] = this.grids.slice(-1);
    if (at - this.firstAt >= BY_SECONDS_MS) seconds.values = null;
  }

  get span(): number {
    return this.firstAt === null ? 0 : this.lastAt - this.firstAt;
  }

  /** The deepest fall, its start included, as a share of the high before it. */
  get fall(): { readonly share: number; readonly amount: number } {
    return this.deepest;
  }

  /** Equity at the end of every period; a period without a look keeps the one before. Empty where there are too many. */
  by(period: PeriodName): readonly number[] {
    return this.grids.find(({ name }) => name === period)?.values ?? [];
  }

  /** Moments of the returns by period, for those periods that have enough of them. */
  moments(): Readonly<Partial<Record<PeriodName, Moments>>> {
    const found: Partial<Record<PeriodName, Moments>> = {};
    if (!this.solid) return found;
    for (const { name, values } of this.grids) {
      const returns = returnsOn(values ?? []);
      if (returns.length >= LEAST_RETURNS) found[name] = momentsOf(returns);
    }
    return found;
  }
}

function place(grid: Grid, at: Instant, equity: number): void {
  const { values, ms } = grid;
  if (values === null) return;
  const slot = Math.floor(at / ms);
  if (values.length > 0 && slot - grid.slot + values.length > MOST_RETURNS) {
    grid.values = null;
    return;
  }
  if (values.length > 0 && slot === grid.slot) values[values.length - 1] = equity;
  else {
    for (let empty = grid.slot + 1; values.length > 0 && empty < slot; empty++) values.push(values[values.length - 1]);
    values.push(equity);
  }
  grid.slot = slot;
}
