import type { FieldProblem } from '../problems.js';
import type { Refusal } from '../journal.js';
import type { RiskLimits } from './limits.js';
import { isZone } from './local-day.js';

export type LimitName = keyof RiskLimits;
export type NumericLimit = Exclude<LimitName, 'dayZone'>;

/** What a new account starts with: math.md 11 on a balance of $10,000. */
export const DEFAULT_LIMITS: RiskLimits = Object.freeze({
  maxPositionSize: 50_000,
  maxMarketCost: 200_000_000,
  maxGroupLoss: 400_000_000,
  maxClusterLoss: 1_000_000_000,
  maxGross: 6_000_000_000,
  maxVenue: 4_000_000_000,
  maxNaked: 100_000_000,
  ordersPerSecond: 5,
  orderBurst: 10,
  maxOpenOrders: 50,
  maxCancelRatio: 20,
  maxQuoteAgeMs: 30_000,
  maxThroughAsk: 20_000,
  maxThroughFair: 50_000,
  maxDepthShare: 200_000,
  maxDailyLoss: 20_000,
  maxDrawdown: 100_000,
  tripCooldownMs: 1_800_000,
  maxLosingCloses: 5,
  losingCooldownMs: 900_000,
  dayZone: 'America/New_York',
});

/** How a form shows a limit. `from` and `to` are the sensible range, in the limit's own unit. */
export interface LimitInfo {
  readonly title: string;
  readonly summary: string;
  readonly unit: Refusal['unit'];
  readonly from: number;
  readonly to: number;
  /** What 0 means: allowed where `from` is 0, and a reason to refuse it elsewhere. Completes "0 would …". */
  readonly zero: string;
}

const info = (
  title: string,
  summary: string,
  unit: Refusal['unit'],
  range: readonly [from: number, to: number],
  zero: string,
): LimitInfo =>
  Object.freeze({
    title,
    summary: range[0] === 0 ? `${summary} 0 would ${zero}.` : summary,
    unit,
    from: range[0],
    to: range[1],
    zero,
  });

const MILLION_DOLLARS = 1_000_000_000_000;
const MONEY = [0, MILLION_DOLLARS] as const;
const ALL_PPM = 1_000_000;
const DAY_MS = 86_400_000;

export const LIMIT_INFO: Readonly<Record<NumericLimit, LimitInfo>> = Object.freeze({
  maxPositionSize: info(
    'Contracts per market',
    'Most contracts held or ordered in one market.',
    'hundredths',
    [0, 100_000_000],
    'let none be bought',
  ),
  maxMarketCost: info(
    'Cost per market',
    'Most money at risk in one market.',
    'micro-dollars',
    MONEY,
    'let nothing be bought',
  ),
  maxGroupLoss: info(
    'Worst case per event',
    'Most that one event may lose over all its outcomes.',
    'micro-dollars',
    MONEY,
    'let only be bought what cannot lose at any step',
  ),
  maxClusterLoss: info(
    'Worst case per category',
    'Most that all events of one category may lose together.',
    'micro-dollars',
    MONEY,
    'let only be bought what cannot lose at any step',
  ),
  maxGross: info(
    'Capital at risk',
    'Most money at risk over all markets.',
    'micro-dollars',
    MONEY,
    'let nothing be bought',
  ),
  maxVenue: info(
    'Capital at one venue',
    'Most money at risk at one venue.',
    'micro-dollars',
    MONEY,
    'let nothing be bought',
  ),
  maxNaked: info(
    'Naked leg',
    'Most cost of an order group before its last leg is filled.',
    'micro-dollars',
    MONEY,
    'let only single orders go',
  ),
  ordersPerSecond: info(
    'Orders per second',
    'Orders a venue is sent per second in the long run.',
    'count',
    [0.01, 1000],
    'stop all orders for good once the burst is used up',
  ),
  orderBurst: info('Order burst', 'Orders a venue may be sent at once.', 'count', [0, 1000], 'let no order go'),
  maxOpenOrders: info('Open orders', 'Most orders working at one time.', 'count', [0, 10_000], 'let no order go'),
  maxCancelRatio: info(
    'Misses per fill',
    'Orders at a venue that may come back unfilled for each one that fills, within an hour.',
    'count',
    [0, 10_000],
    'let no order go',
  ),
  maxQuoteAgeMs: info(
    'Quote age',
    'A quote not confirmed for longer is stale.',
    'ms',
    [1, 300_000],
    'make every quote stale',
  ),
  maxThroughAsk: info(
    'Through the ask',
    'How far a buy limit may exceed the best ask.',
    'micro-dollars',
    [0, 1_000_000],
    'let none exceed it',
  ),
  maxThroughFair: info(
    'Through fair value',
    "How far a single buy's limit may exceed what a model holds for fair.",
    'micro-dollars',
    [0, 1_000_000],
    'let none exceed it',
  ),
  maxDepthShare: info(
    'Share of depth',
    'Share of the visible depth one order may take.',
    'ppm',
    [0, ALL_PPM],
    'let nothing be taken',
  ),
  maxDailyLoss: info(
    'Daily loss',
    "Share of the day's base equity that may be lost before trading halts until the next day.",
    'ppm',
    [1, ALL_PPM],
    'halt the account at once; that is what the kill switch is for',
  ),
  maxDrawdown: info(
    'Drawdown',
    'Share of the highest equity that may be lost before trading halts until a person resets it.',
    'ppm',
    [1, ALL_PPM],
    'halt the account at once; that is what the kill switch is for',
  ),
  tripCooldownMs: info(
    'Rest after a trip',
    'Least time without opening orders after a loss limit was reached.',
    'ms',
    [0, 7 * DAY_MS],
    'mean no rest beyond the day',
  ),
  maxLosingCloses: info(
    'Losing closes in a row',
    'Order groups closed at a loss one after the other that make the account rest.',
    'count',
    [1, 1000],
    'make it rest for nothing',
  ),
  losingCooldownMs: info(
    'Rest after losing closes',
    'Time without opening orders after so many losing closes.',
    'ms',
    [0, 7 * DAY_MS],
    'mean no rest',
  ),
});

export const NUMERIC_LIMITS = Object.keys(LIMIT_INFO) as readonly NumericLimit[];

export type LimitsCheck =
  | { readonly ok: true; readonly limits: RiskLimits }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Checks a whole profile from outside. Every limit is required; unknown fields are refused. Never throws. */
export function checkLimits(value: unknown): LimitsCheck {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, problems: [{ path: '', message: 'A risk profile is an object with every limit in it.' }] };
  const given = value as Readonly<Record<string, unknown>>;
  const problems: FieldProblem[] = [];
  for (const name of NUMERIC_LIMITS) {
    const complaint = complain(name, given[name]);
    if (complaint !== null) problems.push({ path: `/${name}`, message: complaint });
  }
  const zone = given['dayZone'];
  if (typeof zone !== 'string' || zone === '' || !isZone(zone))
    problems.push({ path: '/dayZone', message: 'Day zone must be an IANA time zone such as America/New_York.' });
  for (const name of Object.keys(given))
    if (name !== 'dayZone' && !Object.hasOwn(LIMIT_INFO, name))
      problems.push({ path: `/${pointer(name)}`, message: `There is no limit called ${name}.` });
  if (problems.length > 0) return { ok: false, problems };
  const limits = Object.fromEntries([...NUMERIC_LIMITS, 'dayZone'].map((name) => [name, given[name]]));
  return { ok: true, limits: limits as unknown as RiskLimits };
}

/** Checks a workflow's own limits: any subset, each no wider than the account's. */
export function checkTighterLimits(value: unknown, account: RiskLimits): LimitsCheck {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, problems: [{ path: '', message: 'Limits of a workflow are an object.' }] };
  const merged = checkLimits({ ...account, ...value });
  if (!merged.ok) return merged;
  const given = value as Readonly<Record<string, unknown>>;
  const problems: FieldProblem[] = [];
  for (const name of NUMERIC_LIMITS)
    if (Object.hasOwn(given, name) && merged.limits[name] > account[name])
      problems.push({
        path: `/${name}`,
        message: `${LIMIT_INFO[name].title} may only be tighter than the account's ${account[name]}.`,
      });
  if (Object.hasOwn(given, 'dayZone') && merged.limits.dayZone !== account.dayZone)
    problems.push({ path: '/dayZone', message: "The day ends in the account's zone; a workflow has none of its own." });
  return problems.length > 0 ? { ok: false, problems } : merged;
}

/** The tighter of the account's and the workflow's limits. What is missing or NaN in the account's stays so and denies. */
export function tighterLimits(account: RiskLimits, workflow: Partial<RiskLimits>): RiskLimits {
  const limits: Record<string, unknown> = { ...account };
  for (const name of NUMERIC_LIMITS) {
    const own = workflow[name];
    if (own !== undefined && !(own >= account[name])) limits[name] = own;
  }
  return limits as unknown as RiskLimits;
}

function complain(name: NumericLimit, value: unknown): string | null {
  const { title, from, to, zero } = LIMIT_INFO[name];
  if (value === undefined || value === null) return `${title} is missing.`;
  if (typeof value !== 'number' || !Number.isFinite(value)) return `${title} must be a number.`;
  if (name !== 'ordersPerSecond' && !Number.isInteger(value)) return `${title} must be a whole number.`;
  if (value === 0 && from > 0) return `${title} must be more than 0: 0 would ${zero}.`;
  if (value < from || value > to) return `${title} must be between ${from} and ${to}.`;
  return null;
}

const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
