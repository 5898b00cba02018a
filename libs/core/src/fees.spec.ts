import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal, parsePrice, parseSize } from './decimal.js';
import { fillFee, orderCost, ruleAt, type FeeRule, type KalshiPrecision, type Liquidity } from './fees.js';
import { Defect } from './problems.js';
import { price, size } from './units.js';

type KalshiRule = Extract<FeeRule, { kind: 'kalshi' }>;

const kalshi = (multiplier = 1_000_000): KalshiRule => ({
  kind: 'kalshi',
  takerRate: 70_000,
  makerRate: 17_500,
  multiplier,
});
const polymarket = (rate: number, exponent = 1, rounding: 'floor' | 'half-up' | 'ceil' = 'floor'): FeeRule => ({
  kind: 'polymarket',
  rate,
  exponent,
  rounding,
});

describe('fillFee', () => {
  it('charges Kalshi fills as the published examples do', () => {
    expect(fillFee(kalshi(), price(500_000), size(10_000), 'taker')).toBe(1_750_000);
    expect(fillFee(kalshi(), price(500_000), size(10_000), 'maker')).toBe(437_500);
    expect(fillFee(kalshi(), price(270_000), size(1_000), 'taker')).toBe(138_000);
    expect(fillFee(kalshi(500_000), price(130_000), size(2_000), 'taker')).toBe(79_200);
    expect(fillFee(kalshi(), price(840_000), size(1_000), 'taker')).toBe(94_100);
    expect(fillFee(kalshi(), price(1_000), size(22_727), 'taker')).toBe(15_900);
  });

  it('charges nothing at 0 and 1, to Polymarket makers and without a fee', () => {
    for (const p of [0, 1_000_000]) {
      expect(fillFee(kalshi(), price(p), size(100), 'taker')).toBe(0);
      expect(fillFee(polymarket(40_000), price(p), size(100), 'taker')).toBe(0);
    }
    expect(fillFee(polymarket(40_000), price(500_000), size(100), 'maker')).toBe(0);
    expect(fillFee({ kind: 'none' }, price(500_000), size(100), 'taker')).toBe(0);
  });

  it('equals rational arithmetic for every rule, price and size', () => {
    const rate = fc.oneof(
      fc.constantFrom(70_000, 17_500, 35_000, 40_000, 250_000),
      fc.integer({ min: 0, max: 1_000_000 }),
    );
    const contracts = fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 10 ** 10 }));
    const at = fc.oneof(
      fc.integer({ min: 0, max: 100 }).map((c) => c * 10_000),
      fc.integer({ min: 0, max: 1_000_000 }),
    );
    const multiplier = fc.oneof(fc.constantFrom(1_000_000, 500_000), fc.integer({ min: 0, max: 2_000_000 }));
    fc.assert(
      fc.property(rate, multiplier, at, contracts, (r, m, p, c) => {
        const value = BigInt(r) * BigInt(m) * BigInt(p) * BigInt(1_000_000 - p) * BigInt(c);
        const want = ((value + 10n ** 22n - 1n) / 10n ** 22n) * 100n;
        const rule: FeeRule = { kind: 'kalshi', takerRate: r, makerRate: 0, multiplier: m };
        expect(BigInt(fillFee(rule, price(p), size(c), 'taker'))).toBe(want);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(
        rate,
        fc.integer({ min: 0, max: 3 }),
        fc.constantFrom('floor', 'half-up', 'ceil'),
        at,
        contracts,
        (r, e, how, p, c) => {
          const value = BigInt(r) * (BigInt(p) * BigInt(1_000_000 - p)) ** BigInt(e) * BigInt(c);
          const unit = 10n ** BigInt(3 + 12 * e);
          const want =
            how === 'floor'
              ? value / unit
              : how === 'ceil'
                ? (value + unit - 1n) / unit
                : (2n * value + unit) / (2n * unit);
          expect(BigInt(fillFee(polymarket(r, e, how), price(p), size(c), 'taker'))).toBe(want * 10n);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('rounds a whole order to the cent under the schedule that held until early 2026', () => {
    const old: FeeRule = { ...kalshi(), rounding: 'order-cent' };
    expect(fillFee(old, price(55_000), size(300), 'taker')).toBe(20_000);
    const parts = [
      { price: price(500_000), size: size(100) },
      { price: price(500_000), size: size(100) },
    ];
    expect(orderCost(old, parts, 'cent', 'buy').fee).toBe(40_000);
    expect(orderCost(old, parts.slice(1), 'cent', 'buy').fee).toBe(20_000);
  });

  it('refuses an exponent that has no exact value', () => {
    expect(() => fillFee(polymarket(40_000, 1.5), price(500_000), size(100), 'taker')).toThrow(Defect);
  });
});

describe('orderCost', () => {
  it('rounds the balance against a broker account once per order, not per fill', () => {
    const parts = [
      { price: price(430_000), size: size(300) },
      { price: price(220_000), size: size(3_900) },
    ];
    expect(orderCost(kalshi(), parts, 'cent', 'buy')).toEqual({ notional: 9_870_000, fee: 520_000, cash: 10_390_000 });
  });

  it('moves a direct member by $0.0001 (a real fill)', () => {
    const cost = orderCost(kalshi(), [{ price: price(1_000), size: size(22_727) }], 'direct', 'buy');
    expect(cost).toEqual({ notional: 227_270, fee: 15_930, cash: 243_200 });
  });

  it('takes the fee out of what a sale brings, rounded down', () => {
    const part = [{ price: price(520_000), size: size(100) }];
    expect(orderCost(kalshi(), part, 'cent', 'sell')).toEqual({ notional: 520_000, fee: 20_000, cash: 500_000 });
    expect(orderCost(kalshi(), part, 'direct', 'sell')).toEqual({ notional: 520_000, fee: 17_500, cash: 502_500 });
    expect(orderCost(polymarket(40_000), part, 'cent', 'sell')).toEqual({
      notional: 520_000,
      fee: 9_980,
      cash: 510_020,
    });
  });

  it('always explains the cash by notional and fee', () => {
    const part = fc.record({
      price: fc.integer({ min: 1, max: 9_999 }).map((p) => price(p * 100)),
      size: fc.integer({ min: 1, max: 50_000 }).map(size),
    });
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(kalshi(), kalshi(500_000), polymarket(40_000), { kind: 'none' } as FeeRule),
        fc.constantFrom<KalshiPrecision>('direct', 'cent'),
        (parts, rule, precision) => {
          const buy = orderCost(rule, parts, precision, 'buy');
          const sell = orderCost(rule, parts, precision, 'sell');
          expect(buy.cash).toBe(buy.notional + buy.fee);
          expect(sell.cash).toBe(sell.notional - sell.fee);
          expect(buy.fee).toBeGreaterThanOrEqual(0);
          expect(sell.fee).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('ruleAt', () => {
  const schedule = [
    { from: 1_000, rule: { kind: 'none' } as FeeRule },
    { from: 2_000, rule: kalshi() },
  ];

  it('gives the last period that has begun', () => {
    expect(ruleAt(schedule, 1_999)?.kind).toBe('none');
    expect(ruleAt(schedule, 2_000)?.kind).toBe('kalshi');
    expect(ruleAt(schedule, 9_000)?.kind).toBe('kalshi');
  });

  it('knows no fee before the first period or without a schedule', () => {
    expect(ruleAt(schedule, 999)).toBeNull();
    expect(ruleAt(null, 5_000)).toBeNull();
  });
});

describe('fees against outside numbers', () => {
  const reference = process.env['ARBINTEL_REFERENCE'];
  const samples = process.env['ARBINTEL_SAMPLES'];

  it.skipIf(reference === undefined)('reproduces every reference vector exactly (needs ARBINTEL_REFERENCE)', () => {
    const schemes: Record<string, [FeeRule, KalshiPrecision, Liquidity]> = {
      kalshiTaker: [kalshi(), 'cent', 'taker'],
      kalshiMaker: [kalshi(), 'cent', 'maker'],
      kalshiDirectMember: [kalshi(), 'direct', 'taker'],
      // The older schedule, and the index rate 0.035 it had, which is today's multiplier 0.5.
      kalshiSimple: [{ ...kalshi(), rounding: 'order-cent' }, 'cent', 'taker'],
      kalshiIndex: [{ ...kalshi(500_000), rounding: 'order-cent' }, 'cent', 'taker'],
      pm4floor: [polymarket(40_000), 'direct', 'taker'],
      pm7half: [polymarket(70_000, 1, 'half-up'), 'direct', 'taker'],
      pm25exp2ceil: [polymarket(250_000, 2, 'ceil'), 'direct', 'taker'],
    };
    interface Case {
      id: string;
      input: { fills: { price: string; size: string }[] };
      expected: Record<string, { debit: number; fee: number }>;
    }
    const { cases } = JSON.parse(readFileSync(join(reference ?? '', 'fees.json'), 'utf8')) as { cases: Case[] };
    let compared = 0;
    for (const { id, input, expected } of cases) {
      const parts = input.fills.map((fill) => ({ price: parsePrice(fill.price), size: parseSize(fill.size) }));
      for (const [name, want] of Object.entries(expected)) {
        const [rule, precision, liquidity] = schemes[name];
        const got = orderCost(rule, parts, precision, 'buy', liquidity);
        expect({ id, name, debit: got.cash, fee: got.fee }).toEqual({
          id,
          name,
          debit: micros(want.debit),
          fee: micros(want.fee),
        });
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  it.skipIf(samples === undefined)('reproduces the 33 real Kalshi taker fills (needs ARBINTEL_SAMPLES)', () => {
    interface Fill {
      count_fp: string;
      yes_price_dollars: string;
      fee_cost: string;
      is_taker: boolean;
      ticker: string;
    }
    const file = JSON.parse(readFileSync(join(samples ?? '', 'kalshi', 'portfolio_fills_redacted.json'), 'utf8')) as {
      payload: { fills: Fill[] };
    };
    const takers = file.payload.fills.filter((fill) => fill.is_taker);
    expect(takers).toHaveLength(33);
    for (const fill of takers) {
      const part = { price: parsePrice(fill.yes_price_dollars), size: parseSize(fill.count_fp) };
      // Baseball series carried a fee multiplier of 0.5 when these were made.
      const rule = kalshi(fill.ticker.startsWith('KXMLB') ? 500_000 : 1_000_000);
      const { ticker } = fill;
      expect({ ticker, fee: orderCost(rule, [part], 'direct', 'buy').fee }).toEqual({
        ticker,
        fee: parseDecimal(fill.fee_cost, 6),
      });
    }
  });
});

/** A reference number is the double nearest to a decimal of at most 6 places. */
const micros = (dollars: number): number => Math.round(dollars * 1_000_000);
