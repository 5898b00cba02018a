import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from './decimal.js';
import type { MarketRef } from './ids.js';
import {
  averageCost,
  deposit,
  freeCash,
  ledgerProblems,
  openLedger,
  positionOf,
  recordBuy,
  recordSell,
  release,
  reserve,
  settleMarket,
} from './ledger.js';
import { notional } from './money.js';
import { price } from './units.js';

const M = 0 as MarketRef;
const REFERENCE = process.env['ARBINTEL_REFERENCE'];

describe('a ledger', () => {
  it('puts fees into the basis of a buy and takes them from the proceeds of a sale', () => {
    const ledger = openLedger(100_000_000);
    recordBuy(ledger, M, 'yes', 10_000, 40_500_000, 500_000);
    expect(ledger.cash).toBe(59_500_000);
    expect(averageCost(positionOf(ledger, M, 'yes')!)).toBe(405_000);
    expect(recordSell(ledger, M, 'yes', 5_000, 24_900_000, 100_000)).toBe(4_650_000);
    expect(ledger).toMatchObject({ cash: 84_400_000, realised: 4_650_000, fees: 600_000 });
    expect(ledgerProblems(ledger)).toEqual([]);
  });

  it('keeps both outcomes of a market apart and pays exactly 1 for the two', () => {
    const ledger = openLedger(100_000_000);
    recordBuy(ledger, M, 'yes', 100, 400_000, 0);
    recordBuy(ledger, M, 'no', 100, 500_000, 0);
    for (const yesPays of [0, 500_000, 1_000_000, 250_000]) {
      const copy = structuredClone(ledger);
      settleMarket(copy, M, { kind: 'value', yesPays: price(yesPays) });
      expect(copy.cash).toBe(100_100_000);
      expect(copy.realised).toBe(100_000);
    }
  });

  it('gives the cost back when a market is void', () => {
    const ledger = openLedger(10_000_000);
    recordBuy(ledger, M, 'no', 300, 1_234_567, 34_567);
    expect(settleMarket(ledger, M, { kind: 'void' })).toEqual([
      { outcome: 'no', size: 300, payout: 1_234_567, cost: 1_234_567, realised: 0 },
    ]);
    expect(ledger.cash).toBe(10_000_000);
  });

  it('pays a market once: the second time nothing is held', () => {
    const ledger = openLedger(10_000_000);
    recordBuy(ledger, M, 'yes', 100, 400_000, 0);
    settleMarket(ledger, M, { kind: 'value', yesPays: price(1_000_000) });
    expect(settleMarket(ledger, M, { kind: 'value', yesPays: price(1_000_000) })).toEqual([]);
  });

  it('refuses to promise cash twice, to release what was not promised, and to sell what is not held', () => {
    const ledger = openLedger(1_000_000);
    reserve(ledger, 700_000);
    expect(freeCash(ledger)).toBe(300_000);
    expect(() => reserve(ledger, 300_001)).toThrow('cannot reserve');
    expect(() => release(ledger, 700_001)).toThrow('cannot release');
    expect(() => reserve(ledger, NaN)).toThrow('cannot reserve');
    expect(() => recordSell(ledger, M, 'yes', 1, 1, 0)).toThrow('cannot sell');
    expect(() => recordBuy(ledger, M, 'yes', 100, 1_000_001, 0)).toThrow('cannot buy');
    expect(() => deposit(ledger, -300_001)).toThrow('cannot move');
  });

  it('never loses a micro-dollar, whatever happens to it', () => {
    const step = fc.record({
      what: fc.constantFrom('buy', 'sell', 'settle', 'void', 'deposit', 'reserve', 'release'),
      market: fc.integer({ min: 0, max: 3 }),
      outcome: fc.constantFrom('yes' as const, 'no' as const),
      size: fc.integer({ min: 1, max: 100_000 }),
      price: fc.integer({ min: 1, max: 999_999 }),
      fee: fc.integer({ min: 0, max: 50_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ledger = openLedger(1_000_000_000);
        for (const { what, market: m, outcome, size, price: p, fee } of steps) {
          const market = m as MarketRef;
          const amount = notional(p, size);
          const held = positionOf(ledger, market, outcome)?.size ?? 0;
          if (what === 'buy' && amount + fee <= freeCash(ledger))
            recordBuy(ledger, market, outcome, size, amount + fee, fee);
          if (what === 'sell' && held > 0)
            recordSell(
              ledger,
              market,
              outcome,
              Math.min(size, held),
              Math.max(0, notional(p, Math.min(size, held)) - fee),
              fee,
            );
          if (what === 'settle') settleMarket(ledger, market, { kind: 'value', yesPays: price(p) });
          if (what === 'void') settleMarket(ledger, market, { kind: 'void' });
          if (what === 'deposit') deposit(ledger, Math.max(p - 500_000, 0 - freeCash(ledger)));
          if (what === 'reserve') reserve(ledger, Math.min(amount, freeCash(ledger)));
          if (what === 'release') release(ledger, Math.min(amount, ledger.reserved));
          expect(ledgerProblems(ledger)).toEqual([]);
        }
      }),
    );
  });

  it.skipIf(REFERENCE === undefined)('agrees with the settlement reference', () => {
    const { cases } = JSON.parse(readFileSync(join(REFERENCE!, 'risk-accounting.json'), 'utf8'));
    const { input, expected } = cases.find((one: { id: string }) => one.id === 's-settlement');
    const ledger = openLedger(input.startCash * 1e6);
    const refs: string[] = [];
    const realisedOf = new Map<string, number>();
    for (const [i, event] of input.events.entries()) {
      if (!refs.includes(event.market)) refs.push(event.market);
      const ref = refs.indexOf(event.market) as MarketRef;
      const micros = parseDecimal(event.price, 6);
      const size = (event.size ?? 0) * 100;
      const fee = parseDecimal(event.fee ?? '0', 6);
      let realised = 0;
      if (event.kind === 'buy') recordBuy(ledger, ref, 'yes', size, notional(micros, size) + fee, fee);
      else if (event.kind === 'sell')
        realised = recordSell(ledger, ref, 'yes', size, notional(micros, size) - fee, fee);
      else realised = settleMarket(ledger, ref, { kind: 'value', yesPays: price(micros) })[0].realised;
      const held = positionOf(ledger, ref, 'yes');
      const want = expected.steps[i];
      expect(ledger.cash / 1e6).toBeCloseTo(want.cash, 9);
      expect((held?.size ?? 0) / 100).toBe(want.position);
      expect((held?.cost ?? 0) / 1e6).toBeCloseTo(want.costBasis, 9);
      realisedOf.set(event.market, (realisedOf.get(event.market) ?? 0) + realised);
      expect(realisedOf.get(event.market)! / 1e6).toBeCloseTo(want.realized, 9);
    }
    expect(ledger.cash / 1e6).toBeCloseTo(expected.finalCash, 9);
  });
});
