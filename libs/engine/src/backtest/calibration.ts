import type { MarketId } from '#core';
import { meanStatistic, mulberry32, percentileInterval, resample } from '#quant';
import type { Forecast } from './collector.js';

export interface Calibration {
  /** Forecasts whose market has its result. */
  readonly count: number;
  readonly events: number;
  readonly brier: number;
  /** Of the market's price at the same moments. */
  readonly brierOfMarket: number;
  /** Brier of the market less ours: above 0 we knew more. */
  readonly gain: {
    readonly value: number;
    /** `null` of a single event: drawn again it is always itself. */
    readonly low: number | null;
    readonly high: number | null;
  };
  readonly bins: readonly {
    readonly belief: number;
    readonly frequency: number;
    readonly count: number;
  }[];
}

const BINS = 10;

/** What was believed at the moment of a signal against what came, and against the market's price (math.md 12.1). */
export function calibrationOf(
  forecasts: readonly Forecast[],
  eventOf: (market: MarketId) => string,
  seed: number,
): Calibration | null {
  const settled = forecasts.filter((one): one is Forecast & { outcome: 0 | 1 } => one.outcome !== null);
  if (settled.length === 0) return null;
  const byEvent = new Map<string, number[]>();
  const bins = Array.from({ length: BINS }, () => ({
    belief: 0,
    frequency: 0,
    count: 0,
  }));
  let brier = 0;
  let market = 0;
  for (const { belief, price, outcome, market: id } of settled) {
    const event = eventOf(id);
    const ours = (belief - outcome) ** 2;
    const theirs = (price - outcome) ** 2;
    brier += ours;
    market += theirs;
    const known = byEvent.get(event);
    if (known === undefined) byEvent.set(event, [theirs - ours]);
    else known.push(theirs - ours);
    const bin = bins[Math.min(BINS - 1, Math.floor(belief * BINS))];
    bin.belief += belief;
    bin.frequency += outcome;
    bin.count++;
  }
  const n = settled.length;
  const starts: number[] = [];
  let at = 0;
  for (const group of byEvent.values()) {
    starts.push(at);
    at += group.length;
  }
  const interval =
    byEvent.size < 2
      ? { low: null, high: null }
      : percentileInterval(
          resample([...byEvent.values()].flat(), meanStatistic, {
            random: mulberry32(seed),
            by: { kind: 'events', starts },
            resamples: 1_000,
          }),
        );
  return {
    count: n,
    events: byEvent.size,
    brier: brier / n,
    brierOfMarket: market / n,
    gain: { value: (market - brier) / n, ...interval },
    bins: bins
      .filter(({ count }) => count > 0)
      .map(({ belief, frequency, count }) => ({
        belief: belief / count,
        frequency: frequency / count,
        count,
      })),
  };
}
