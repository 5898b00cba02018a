import { bytes, count, share, size } from './amount';
import { fineMoney, money } from './money';
import { cents, NONE } from './price';
import { duration } from './time';

export type RiskUnit = 'money' | 'contracts' | 'share' | 'ms' | 'minutes' | 'cents' | 'count' | 'zone';

export interface RiskField {
  readonly key: string;
  readonly title: string;
  readonly hint: string;
  readonly unit: RiskUnit;
}

export interface RiskGroup {
  readonly title: string;
  readonly fields: readonly RiskField[];
}

/** Every limit of a risk profile, in the order a person reads them. Units as stored: see `toText`. */
export const RISK_GROUPS: readonly RiskGroup[] = [
  {
    title: 'Exposure',
    fields: [
      {
        key: 'maxPositionSize',
        title: 'Position per market',
        hint: 'Most contracts held or reserved in one market',
        unit: 'contracts',
      },
      { key: 'maxMarketCost', title: 'Cost per market', hint: 'Most cost at risk in one market', unit: 'money' },
      {
        key: 'maxGroupLoss',
        title: 'Loss per group',
        hint: 'Worst case over the outcomes of one event',
        unit: 'money',
      },
      {
        key: 'maxClusterLoss',
        title: 'Loss per category',
        hint: 'Worst case of all events of one category together',
        unit: 'money',
      },
      { key: 'maxVenue', title: 'Capital per venue', hint: 'Capital at risk at one venue', unit: 'money' },
      { key: 'maxGross', title: 'Gross capital', hint: 'Capital at risk over all markets', unit: 'money' },
      { key: 'maxNaked', title: 'Unhedged leg', hint: 'Cost of the unhedged part of an arbitrage', unit: 'money' },
    ],
  },
  {
    title: 'Orders',
    fields: [
      { key: 'ordersPerSecond', title: 'Orders per second', hint: 'Refill of the throttle, per venue', unit: 'count' },
      { key: 'orderBurst', title: 'Order burst', hint: 'Orders that may be sent at once', unit: 'count' },
      { key: 'maxOpenOrders', title: 'Open orders', hint: 'Most orders open at a time', unit: 'count' },
      {
        key: 'maxCancelRatio',
        title: 'Misses per fill',
        hint: 'Orders that may come back unfilled for each fill, per venue and hour',
        unit: 'count',
      },
      {
        key: 'maxDepthShare',
        title: 'Share of depth',
        hint: 'Part of the visible depth one order may take',
        unit: 'share',
      },
    ],
  },
  {
    title: 'Quotes',
    fields: [
      { key: 'maxQuoteAgeMs', title: 'Quote age', hint: 'An older quote is stale and denies', unit: 'ms' },
      {
        key: 'maxThroughAsk',
        title: 'Through the ask',
        hint: 'How far a limit may exceed the best ask',
        unit: 'cents',
      },
      {
        key: 'maxThroughFair',
        title: 'Through fair value',
        hint: "How far a single buy may exceed a model's fair value",
        unit: 'cents',
      },
    ],
  },
  {
    title: 'Losses',
    fields: [
      { key: 'maxDailyLoss', title: 'Daily loss', hint: 'Halts until the next local day', unit: 'share' },
      { key: 'maxDrawdown', title: 'Drawdown', hint: 'From the peak; halts until reset by hand', unit: 'share' },
      { key: 'tripCooldownMs', title: 'Rest after a trip', hint: 'Least time without opening orders', unit: 'minutes' },
      {
        key: 'maxLosingCloses',
        title: 'Losing closes in a row',
        hint: 'So many order groups closed at a loss make the account rest',
        unit: 'count',
      },
      {
        key: 'losingCooldownMs',
        title: 'Rest after losing closes',
        hint: 'Time without opening orders after them',
        unit: 'minutes',
      },
      { key: 'dayZone', title: 'Day ends in', hint: 'Time zone whose midnight ends the day', unit: 'zone' },
    ],
  },
];

export const RISK_FIELDS: readonly RiskField[] = RISK_GROUPS.flatMap((group) => group.fields);

const STORED_PER_SHOWN: Readonly<Record<Exclude<RiskUnit, 'zone'>, number>> = {
  money: 1_000_000,
  contracts: 100,
  share: 10_000,
  ms: 1,
  minutes: 60_000,
  cents: 10_000,
  count: 1,
};

export const SUFFIX: Readonly<Record<RiskUnit, string>> = {
  money: '$',
  contracts: 'contracts',
  share: '%',
  ms: 'ms',
  minutes: 'min',
  cents: '¢',
  count: '',
  zone: '',
};

/** Stored integer (micro-dollars, hundredths, ppm, ms) → the number a person types. */
export function toText(unit: RiskUnit, stored: unknown): string {
  if (unit === 'zone') return typeof stored === 'string' ? stored : '';
  return typeof stored === 'number' && Number.isFinite(stored) ? String(stored / STORED_PER_SHOWN[unit]) : '';
}

export type Parsed = { readonly value: number | string } | { readonly problem: string };

/** What a person typed → the stored integer, or a sentence about what is wrong. */
export function fromText(unit: RiskUnit, text: string): Parsed {
  const trimmed = text.trim();
  if (trimmed === '') return { problem: 'Required: a missing limit denies every order' };
  if (unit === 'zone') return { value: trimmed };
  if (!/^\d+(\.\d+)?$/.test(trimmed)) return { problem: 'A number, zero or more' };
  const shown = Number(trimmed);
  const stored = Math.round(shown * STORED_PER_SHOWN[unit]);
  if (!Number.isSafeInteger(stored)) return { problem: 'Too large' };
  if (Math.abs(stored - shown * STORED_PER_SHOWN[unit]) > 1e-6)
    return { problem: `At most ${decimals(unit)} decimals` };
  if (unit === 'share' && stored > 1_000_000) return { problem: 'At most 100 %' };
  if (unit === 'cents' && stored > 1_000_000) return { problem: 'At most 100 ¢' };
  return { value: stored };
}

function decimals(unit: Exclude<RiskUnit, 'zone'>): number {
  return Math.floor(Math.log10(STORED_PER_SHOWN[unit]));
}

/** A risk number in the unit the engine names it by. */
export function riskAmount(unit: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  switch (unit) {
    case 'micro-dollars':
      return Math.abs(value) < 10_000 ? fineMoney(value) : money(value);
    case 'price':
      return cents(value);
    case 'hundredths':
      return size(value);
    case 'ms':
      return duration(value);
    case 'ppm':
      return share(value);
    case 'bytes':
      return bytes(value);
    default:
      return Number.isInteger(value) ? count(value) : value.toFixed(2);
  }
}

/** Name of a limit in words, by its key. */
export function ruleName(key: string): string | undefined {
  return RISK_FIELDS.find((field) => field.key === key)?.title;
}
