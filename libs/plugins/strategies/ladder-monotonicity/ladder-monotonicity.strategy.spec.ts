import { describe, expect, it } from 'vitest';
import type { FeeRule } from '#core';
import { strategyBench, strategyConformance, type BenchMarket, type BenchOptions } from '#plugin-sdk/testing';
import { ladderMonotonicity } from './ladder-monotonicity.strategy.js';

const KALSHI: FeeRule = { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 };
const NOON = 1_790_856_000_000;
const CLOSES = NOON + 7 * 86_400_000;

const above = (degrees: number, more: Partial<BenchMarket> = {}): BenchMarket => ({
  id: `kalshi:HEAT-T${degrees}`,
  title: 'Highest temperature of the week?',
  closesAt: CLOSES,
  venueData: { strikeType: 'greater', floorStrike: String(degrees), yesOutcome: `Above ${degrees}°` },
  ...more,
});
const world = (markets: readonly BenchMarket[], more: Partial<BenchOptions> = {}): BenchOptions => ({
  markets,
  groups: [{ id: 'kalshi:HEAT', markets: markets.map(({ id }) => id), exclusive: false, exhaustive: false }],
  ...more,
});

/** More than 30° and more than 32°, each with a hundred contracts a cent around its middle. */
function heat(
  config: Record<string, unknown> = {},
  fee: FeeRule | null = { kind: 'none' },
  more: Partial<BenchMarket> = {},
) {
  const bench = strategyBench(ladderMonotonicity, world([above(30, { fee }), above(32, { fee, ...more })], { config }));
  return {
    bench,
    /** Cents for "above 30", then for "above 32"; what the second quote leads to. */
    at(thirty: number, thirtyTwo: number) {
      const book = (cents: number) => ({
        bids: [[((cents - 1) / 100).toFixed(2), 100]] as const,
        asks: [[((cents + 1) / 100).toFixed(2), 100]] as const,
      });
      bench.book('kalshi:HEAT-T30', book(thirty));
      return bench.book('kalshi:HEAT-T32', book(thirtyTwo));
    },
  };
}

/** "By March" and "by June", of which the venue only says words. */
const dates = (config: Record<string, unknown>) => {
  const bench = strategyBench(
    ladderMonotonicity,
    world(
      [
        {
          id: 'kalshi:DEAL-MAR',
          title: 'Deal by March?',
          venueData: { yesOutcome: 'Before March', strikeType: 'custom' },
        },
        {
          id: 'kalshi:DEAL-JUN',
          title: 'Deal by June?',
          venueData: { yesOutcome: 'Before June', strikeType: 'custom' },
        },
      ],
      { config },
    ),
  );
  bench.book('kalshi:DEAL-JUN', { asks: [['0.40', 100]] });
  return bench.book('kalshi:DEAL-MAR', { bids: [['0.48', 60]] });
};
const MARCH_IN_JUNE = { narrow: 'kalshi:DEAL-MAR', wide: 'kalshi:DEAL-JUN' };

describe('ladder monotonicity', () => {
  it.each(
    strategyConformance(ladderMonotonicity, world([28, 30, 32, 34].map((degrees) => above(degrees, { fee: KALSHI })))),
  )('$name', ({ run }) => expect(run).not.toThrow());

  it('buys NO on the higher threshold and YES on the lower one when the higher costs more', () => {
    const { said, sighting } = heat().at(40, 48);
    expect(said).toEqual(['buy 100 no kalshi:HEAT-T32 at 0.53 + buy 100 yes kalshi:HEAT-T30 at 0.41']);
    expect(sighting).toMatchObject({
      group: 'kalshi:HEAT',
      link: null,
      direction: '> 32 within > 30',
      gross: 60_000,
      net: 60_000,
    });
  });

  it('pays at least one dollar in every state, so profit is what the pair cost less than that', () => {
    const { order } = heat().at(40, 48);
    const cost = 0.53 + 0.41;
    // How hot it may become, and what NO above 32 and YES above 30 pay then.
    const pays = [29, 31, 33].map((degrees) => (degrees > 32 ? 0 : 1) + (degrees > 30 ? 1 : 0));
    expect(pays).toEqual([1, 2, 1]);
    expect(order.reason).toMatch(/^net \$0\.06 a contract on 100,/);
    expect(Math.min(...pays) - cost).toBeCloseTo(0.06, 12);
  });

  it('does nothing while the ladder falls as it must', () => {
    expect(heat().at(48, 40).said).toEqual([]);
    // Crossing by the two spreads only: nobody pays more for the narrow than the wide is sold for.
    expect(heat().at(40, 42).said).toEqual([]);
  });

  it('pays the fees of both legs, and shows what they eat', () => {
    const { said, sighting } = heat({}, KALSHI).at(40, 45);
    expect(said).toEqual(['saw > 32 within > 30: fees and costs eat the edge: net -$0.004181 a contract']);
    // 3 cents gross; 0.07 × (0.44 × 0.56 + 0.41 × 0.59) × 100 contracts.
    expect(sighting.waterfall).toEqual([
      { label: 'Gross', amount: 3_000_000 },
      { label: 'Fees kalshi', amount: -3_418_100 },
      { label: 'Net', amount: -418_100 },
    ]);
  });

  it('wants its least edge, and what the money could earn elsewhere until the event pays', () => {
    expect(heat({ minEdge: 70_000 }).at(40, 48).said[0]).toMatch(/^saw .*the least edge is \$0\.07/);
    const year = { paysAt: NOON + 365 * 86_400_000 };
    expect(heat({}, { kind: 'none' }, year).at(40, 48).said[0]).toMatch(/^saw .* a year, the hurdle is 9\.0 %$/);
  });

  it('tells when the ladder is in order again', () => {
    const { at, bench } = heat();
    at(40, 48);
    const cheaper = { bids: [['0.38', 100]], asks: [['0.40', 100]] } as const;
    expect(bench.restart().book('kalshi:HEAT-T32', cheaper).said).toEqual(['gone > 32 within > 30']);
    expect(bench.again('kalshi:HEAT-T32').said).toEqual([]);
  });

  it('takes the widest step of a longer ladder, and the next one when that is done', () => {
    const bench = strategyBench(ladderMonotonicity, world([above(28), above(30), above(32)]));
    bench.book('kalshi:HEAT-T28', { asks: [['0.35', 50]] });
    bench.book('kalshi:HEAT-T30', { asks: [['0.30', 50]] });
    const over = { bids: [['0.50', 50]] } as const;
    expect(bench.book('kalshi:HEAT-T32', over).said).toEqual([
      'buy 50 no kalshi:HEAT-T32 at 0.5 + buy 50 yes kalshi:HEAT-T30 at 0.3',
    ]);
    bench.book('kalshi:HEAT-T30', { asks: [['0.60', 50]] });
    expect(bench.book('kalshi:HEAT-T32', over).said).toEqual([
      'buy 50 no kalshi:HEAT-T32 at 0.5 + buy 50 yes kalshi:HEAT-T28 at 0.35',
    ]);
  });

  describe('is certain of a nesting or leaves it', () => {
    it.each<[string, Partial<BenchMarket>]>([
      ['closes on another day', { closesAt: CLOSES + 86_400_000 }],
      ['does not say when it closes', { closesAt: null }],
      ['names its strike in words only', { venueData: { strikeType: 'structured', floorStrike: '32' } }],
      ['states no number', { venueData: { strikeType: 'greater', floorStrike: 'thirty-two' } }],
      ['is measured on something else', { venueData: { strikeType: 'greater', floorStrike: '32', strikeOf: 'rain' } }],
      ['asks for less instead of more', { venueData: { strikeType: 'less', capStrike: '32' } }],
      ['asks for the very same', { venueData: { strikeType: 'greater', floorStrike: '30' } }],
      [
        'may hold its lower end, which the other does not',
        { venueData: { strikeType: 'between', floorStrike: '30', capStrike: '32' } },
      ],
    ])('not when one %s', (_, difference) => {
      expect(heat({}, { kind: 'none' }, difference).at(40, 48).said).toEqual([]);
    });

    it('reads "at least" and "between" where they lie inside for sure', () => {
      const inside = (venueData: Record<string, string>) => heat({}, { kind: 'none' }, { venueData }).at(40, 48).said;
      expect(inside({ strikeType: 'greater_or_equal', floorStrike: '30.5' })).toHaveLength(1);
      expect(inside({ strikeType: 'between', floorStrike: '30.5', capStrike: '32' })).toHaveLength(1);
    });

    it('never by their dates in words, unless a person has read both rules', () => {
      expect(dates({}).said).toEqual([]);
      const { said, sighting } = dates({ nestings: [{ ...MARCH_IN_JUNE, mismatch: 0 }] });
      expect(said).toEqual(['buy 60 no kalshi:DEAL-MAR at 0.52 + buy 60 yes kalshi:DEAL-JUN at 0.4']);
      expect(sighting.direction).toBe('Before March within Before June');
    });

    it('and charges what the reader leaves open', () => {
      expect(dates({ nestings: [{ ...MARCH_IN_JUNE, mismatch: 0.02 }] }).sighting.waterfall).toContainEqual({
        label: 'Rule mismatch',
        amount: -1_200_000,
      });
    });

    it('not of outcomes that exclude each other', () => {
      const bench = strategyBench(ladderMonotonicity, {
        markets: [above(30), above(32)],
        groups: [{ id: 'kalshi:HEAT', markets: ['kalshi:HEAT-T30', 'kalshi:HEAT-T32'], exclusive: true }],
      });
      bench.book('kalshi:HEAT-T30', { asks: [['0.40', 100]] });
      expect(bench.book('kalshi:HEAT-T32', { bids: [['0.60', 100]] }).said).toEqual([]);
    });
  });
});
