import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupId, LinkId, MarketId, MarketRef, VenueId } from '../ids.js';
import type { Outcome } from '../journal.js';
import type { Link } from '../market.js';
import { strikeMeasure, strikeSpan } from '../strike-span.js';
import { exposureOf, lossesOf, worstLoss, type GroupShape, type Holding } from './exposure.js';

/** A race of three at two venues; each runner is linked, the last one by opposite questions. */
const RUNNERS = [0, 1, 2] as const;
const VENUES = ['kalshi', 'polymarket'] as const;
const market = (venue: string, runner: number): MarketId => `${venue}:r${runner}` as MarketId;
const group = (venue: string): GroupId => `${venue}:race` as GroupId;
/** The question about the last runner is asked the other way round at Polymarket, outside its group. */
const isInverse = (venue: string, runner: number): boolean => venue === 'polymarket' && runner === 2;

const LINKS: readonly Link[] = RUNNERS.map((runner) => ({
  id: `L${runner}` as LinkId,
  version: 1,
  a: market('kalshi', runner),
  b: market('polymarket', runner),
  polarity: runner === 2 ? 'inverse' : 'same',
  state: 'reviewed',
  mismatch: 0,
  differences: [],
  reviewedBy: 'someone',
}));
const linksOf = (id: MarketId): readonly Link[] => LINKS.filter(({ a, b }) => a === id || b === id);

const shapes =
  (exhaustive: boolean) =>
  (id: GroupId): GroupShape => ({
    exclusive: true,
    // Two runners of three are no complete set.
    exhaustive: exhaustive && id === group('kalshi'),
    markets: RUNNERS.map((runner) => market(id.split(':')[0], runner)).filter(
      (each) => !each.startsWith('polymarket') || each !== market('polymarket', 2),
    ),
  });

interface Drawn {
  readonly venue: string;
  readonly runner: number;
  readonly outcome: Outcome;
  readonly contracts: number;
  readonly cents: number;
}

const holding: fc.Arbitrary<Drawn> = fc.record({
  venue: fc.constantFrom(...VENUES),
  runner: fc.constantFrom(...RUNNERS),
  outcome: fc.constantFrom<Outcome>('yes', 'no'),
  contracts: fc.integer({ min: 1, max: 40 }),
  cents: fc.integer({ min: 1, max: 120 }),
});

const toHolding = ({ venue, runner, outcome, contracts, cents }: Drawn): Holding => ({
  ref: (runner + (venue === 'kalshi' ? 0 : 3)) as MarketRef,
  market: market(venue, runner),
  venue: venue as VenueId,
  group: isInverse(venue, runner) ? null : group(venue),
  category: 'sports',
  outcome,
  size: contracts * 100,
  cost: contracts * cents * 10_000,
});

/** What holdings pay when this runner wins; -1 is nobody of them. */
const paid = (held: readonly Holding[], winner: number): number =>
  held.reduce((sum, { market: id, outcome, size }) => {
    const [venue, name] = id.split(':');
    const runner = Number(name.slice(1));
    const yes = (winner === runner) !== isInverse(venue, runner);
    return sum + ((outcome === 'yes') === yes ? size * 10_000 : 0);
  }, 0);

describe('worst cases', () => {
  it.each([true, false])(
    'are never less than what can happen, however holdings mix (complete set: %s)',
    (exhaustive) => {
      fc.assert(
        fc.property(fc.array(holding, { minLength: 1, maxLength: 12 }), (drawn) => {
          const held = drawn.map(toHolding);
          const cost = held.reduce((sum, one) => sum + one.cost, 0);
          const outcomes = exhaustive ? [0, 1, 2] : [0, 1, 2, -1];
          const worst = Math.max(0, ...outcomes.map((winner) => cost - paid(held, winner)));
          const { byEvent, byCluster } = lossesOf(exposureOf(held, linksOf), shapes(exhaustive));
          expect(byCluster.get('sports') ?? 0).toBeGreaterThanOrEqual(worst);
          // And never more than all that was paid, but for what a dear pair counts in both its events.
          const doubled =
            [...exposureOf(held, linksOf).byEvent.values()].reduce((sum, event) => sum + event.short, 0) / 2;
          expect(byCluster.get('sports') ?? 0).toBeLessThanOrEqual(cost + doubled);
          for (const loss of byEvent.values()) expect(loss).toBeGreaterThanOrEqual(0);
        }),
        { numRuns: 2_000 },
      );
    },
  );

  it('keep every contract and every cent, paired or not', () => {
    fc.assert(
      fc.property(fc.array(holding, { minLength: 1, maxLength: 12 }), (drawn) => {
        const held = drawn.map(toHolding);
        const exposure = exposureOf(held, linksOf);
        expect(exposure.gross).toBe(held.reduce((sum, one) => sum + one.cost, 0));
        const free = [...exposure.byEvent.values()].flatMap((event) => event.free);
        for (const one of free) {
          expect(one.size).toBeGreaterThan(0);
          expect(one.cost).toBeGreaterThanOrEqual(0);
        }
        const size = (all: readonly Holding[]) => all.reduce((sum, one) => sum + one.size, 0);
        // Pairs take as much of the one side as of the other.
        expect((size(held) - size(free)) % 200).toBe(0);
      }),
    );
  });
});

/** Thresholds of one temperature, half of them "at least"; one that is read a day later, and one that is told in words. */
const RUNGS = [
  { strikeType: 'greater', floorStrike: '30' },
  { strikeType: 'greater_or_equal', floorStrike: '32' },
  { strikeType: 'less', capStrike: '31' },
  { strikeType: 'between', floorStrike: '30', capStrike: '32' },
  { strikeType: 'greater', floorStrike: '34' },
  { strikeType: 'structured', floorStrike: '30' },
] as const;
const rung = (i: number) => ({ closesAt: i === 4 ? 2 : 1, venueData: RUNGS[i] as Record<string, string> });
const HEAT: GroupShape = {
  exclusive: false,
  exhaustive: false,
  markets: RUNGS.map((_, i) => market('kalshi', i)),
  strike: (ref) => {
    const [measure, span] = [strikeMeasure(rung(ref)), strikeSpan(rung(ref))];
    return measure === null || span === null ? null : { measure, span };
  },
};
const onRung = (i: number, outcome: Outcome, contracts: number, cents: number): Holding => ({
  ...toHolding({ venue: 'kalshi', runner: i, outcome, contracts, cents }),
  ref: i as MarketRef,
});
/** Whether YES of a rung pays at 29, 30, 30.5, 31, 31.5, 32, 33 degrees; `null` where the venue does not say. */
const PAYS: readonly (readonly (boolean | null)[])[] = [
  [false, false, true, true, true, true, true],
  [false, false, false, false, false, true, true],
  [true, true, true, false, false, false, false],
  [false, null, true, true, true, null, false],
];

describe('the worst case of nested thresholds', () => {
  it('is none for NO on the narrow and YES on the wide one that cost less than a dollar', () => {
    expect(worstLoss([onRung(1, 'no', 10, 53), onRung(0, 'yes', 10, 41)], HEAT)).toBe(0);
    expect(worstLoss([onRung(1, 'no', 10, 63), onRung(0, 'yes', 10, 41)], HEAT)).toBe(400_000);
    // Only what is matched is locked.
    expect(worstLoss([onRung(1, 'no', 10, 50), onRung(0, 'yes', 6, 50)], HEAT)).toBe(2_000_000);
  });

  it('is all that was paid the other way round, read on another day, or told in words', () => {
    for (const [no, yes] of [
      [0, 1],
      [4, 0],
      [1, 5],
    ])
      expect(worstLoss([onRung(no, 'no', 10, 50), onRung(yes, 'yes', 10, 41)], HEAT)).toBe(9_100_000);
  });

  it('is what the worst number would bring, however rungs mix', () => {
    const held = fc.tuple(
      fc.constantFrom(0, 1, 2, 3),
      fc.constantFrom<Outcome>('yes', 'no'),
      fc.integer({ min: 1, max: 40 }),
    );
    fc.assert(
      fc.property(fc.array(held, { minLength: 1, maxLength: 8 }), (drawn) => {
        const holdings = drawn.map(([i, outcome, contracts]) => onRung(i, outcome, contracts, 200));
        const paidAt = (n: number): number => {
          let sum = 0;
          for (let i = 0; i < PAYS.length; i++) {
            const of = (side: Outcome) =>
              drawn.reduce((all, [rungs, outcome, size]) => all + (rungs === i && outcome === side ? size : 0), 0);
            const pays = PAYS[i][n];
            sum += pays === null ? Math.min(of('yes'), of('no')) : of(pays ? 'yes' : 'no');
          }
          return sum * 1_000_000;
        };
        const least = Math.min(...PAYS[0].map((_, n) => paidAt(n)));
        const cost = holdings.reduce((sum, one) => sum + one.cost, 0);
        expect(worstLoss(holdings, HEAT)).toBe(cost - least);
      }),
    );
  });
});
