import { mulDiv } from '../money.js';
import type { Instant, Money } from '../units.js';
import type { RiskLimits } from './limits.js';
import { localDay } from './local-day.js';
import { dollars, minutes, percent } from './words.js';

/**
 * Daily loss and drawdown of one account (math.md 11), as plain data. The base of a day is the last equity of the
 * previous local day; a daily trip latches until the next local day, a drawdown trip until somebody resets it.
 */
export interface LossWatch {
  day: string;
  /** Equity the day is measured from. */
  base: Money;
  /** Last equity seen; the next day's base. */
  last: Money;
  /** High-water mark of the day, its base included. */
  dayPeak: Money;
  /** High-water mark since the beginning or the last reset. */
  peak: Money;
  dailyTrip: string;
  drawdownTrip: string;
  /** Nothing opens before this moment, and why. */
  restUntil: Instant;
  restWhy: string;
  /** Losing closes in a row. */
  losses: number;
}

/** How a daily loss begins to be told; `adoptHalt` knows it by this. */
const DAILY = 'Daily loss';

type WatchLimits = Pick<RiskLimits, 'dayZone' | 'maxDailyLoss' | 'maxDrawdown' | 'tripCooldownMs'>;

export const openLossWatch = (equity: number): LossWatch => ({
  day: '',
  base: equity as Money,
  last: equity as Money,
  dayPeak: equity as Money,
  peak: equity as Money,
  dailyTrip: '',
  drawdownTrip: '',
  restUntil: 0,
  restWhy: '',
  losses: 0,
});

/** Takes one observation of equity. Returns true when the day changed or a trip was set or lifted. */
export function watchEquity(watch: LossWatch, at: Instant, equity: number, limits: WatchLimits): boolean {
  let changed = false;
  if (!Number.isSafeInteger(equity)) {
    if (watch.drawdownTrip !== '') return false;
    watch.drawdownTrip = `Equity is ${equity}, not an amount of money.`;
    return true;
  }
  const day = localDay(at, limits.dayZone);
  // In another zone it may still be the day before: a day that has begun does not begin again.
  if (watch.day < day) {
    if (watch.day !== '') watch.base = watch.last;
    watch.day = day;
    watch.dayPeak = watch.base;
    watch.dailyTrip = '';
    changed = true;
  }
  watch.last = equity as Money;
  if (equity > watch.dayPeak) watch.dayPeak = equity as Money;
  if (equity > watch.peak) watch.peak = equity as Money;
  if (watch.dailyTrip === '' && isBeyond(watch.base, equity, limits.maxDailyLoss)) {
    watch.dailyTrip = sentence(DAILY, watch.base, equity, limits.maxDailyLoss, `of ${day}'s base`);
    rest(watch, at, limits.tripCooldownMs, 'a daily loss');
    changed = true;
  }
  if (watch.drawdownTrip === '' && isBeyond(watch.peak, equity, limits.maxDrawdown)) {
    watch.drawdownTrip = sentence('Drawdown', watch.peak, equity, limits.maxDrawdown, 'of the high-water mark');
    rest(watch, at, limits.tripCooldownMs, 'a drawdown');
    changed = true;
  }
  return changed;
}

/** An order group closed with this much realised: enough losing ones in a row make the account rest. */
export function watchClose(
  watch: LossWatch,
  at: Instant,
  realised: number,
  limits: Pick<RiskLimits, 'maxLosingCloses' | 'losingCooldownMs'>,
): void {
  if (!(realised < 0)) {
    if (realised > 0) watch.losses = 0;
    return;
  }
  watch.losses++;
  if (watch.losses < limits.maxLosingCloses) return;
  rest(watch, at, limits.losingCooldownMs, `${watch.losses} losing closes in a row`);
  watch.losses = 0;
}

/**
 * Takes over a halt that another build decided, with its reason as that build wrote it: a daily loss ends with the day, a
 * rest with its time, and everything else waits for a person.
 */
export function adoptHalt(watch: LossWatch, reason: string): void {
  const until = Date.parse(/^Resting .*, until (\S+)\.$/.exec(reason)?.[1] ?? '');
  if (reason.startsWith(DAILY)) watch.dailyTrip = reason;
  else if (Number.isNaN(until)) watch.drawdownTrip = reason;
  else if (until > watch.restUntil) {
    watch.restUntil = until;
    watch.restWhy = reason.slice(0, reason.lastIndexOf(', until '));
  }
}

/** Why nothing opens although no trip stands; `''` when it may. */
export const cooling = (watch: LossWatch, at: Instant): string =>
  at < watch.restUntil ? `${watch.restWhy}, until ${new Date(watch.restUntil).toISOString()}.` : '';

function rest(watch: LossWatch, at: Instant, ms: number, after: string): void {
  if (!(at + ms > watch.restUntil)) return;
  watch.restUntil = at + ms;
  watch.restWhy = `Resting ${minutes(ms)} after ${after}`;
}

/** Money paid in or out is no profit: base, last and peak move with it. */
export function shiftLossWatch(watch: LossWatch, amount: number): void {
  watch.base = (watch.base + amount) as Money;
  watch.last = (watch.last + amount) as Money;
  watch.dayPeak = (watch.dayPeak + amount) as Money;
  watch.peak = (watch.peak + amount) as Money;
}

/** A person lifts both halts and any rest; the high-water mark and the day's base begin again at the last equity. */
export function resetLossWatch(watch: LossWatch): void {
  watch.dailyTrip = '';
  watch.drawdownTrip = '';
  watch.restUntil = 0;
  watch.losses = 0;
  watch.peak = watch.last;
  watch.base = watch.last;
  watch.dayPeak = watch.last;
}

/** Loss in ppm of `base`, rounded up; a base of nothing counts as wholly lost. */
export function lossPpm(base: number, equity: number): number {
  if (base <= 0) return 1_000_000;
  return equity >= base ? 0 : mulDiv(base - equity, 1_000_000, base, 'ceil');
}

/** Exact `(base − equity) / base ≥ limit`, without the rounding of `lossPpm`. */
function isBeyond(base: number, equity: number, limit: number): boolean {
  if (base <= 0 || !Number.isFinite(limit)) return true;
  return mulDiv(base, limit, 1_000_000, 'ceil') <= base - equity;
}

function sentence(what: string, base: number, equity: number, limit: number, of: string): string {
  if (base <= 0) return `${what} cannot be measured: the base is ${dollars(base)}.`;
  return `${what} of ${percent(lossPpm(base, equity))} ${of} (${dollars(base)} → ${dollars(equity)}) reached the limit of ${percent(limit)}.`;
}
