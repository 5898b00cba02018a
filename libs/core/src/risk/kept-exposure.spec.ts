import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupId, LinkId, MarketId, MarketRef, VenueId } from '../ids.js';
import type { Outcome } from '../journal.js';
import type { Link } from '../market.js';
import { price } from '../units.js';
import { assess } from './assess.js';
import { exposureOf, lossesOf, type GroupShape, type Holding, type Losses } from './exposure.js';
import { KeptExposure } from './kept-exposure.js';
import { DEFAULT_LIMITS } from './limit-info.js';
import type { RiskLeg, RiskState } from './order.js';

const COUNT = 9;
const idOf = (ref: number): MarketId => `${ref % 2 === 0 ? 'kalshi' : 'polymarket'}:m${ref}` as MarketId;

/** A small house of markets: which group each is of, of what category, and which of them are linked. */
interface House {
  readonly groups: readonly (number | null)[];
  readonly categories: readonly string[];
  readonly links: readonly Link[];
  readonly exclusive: boolean;
  readonly exhaustive: boolean;
}

const house = (mixed: boolean): fc.Arbitrary<House> =>
  fc.record({
    groups: fc.array(fc.option(fc.integer({ min: 0, max: 2 })), { minLength: COUNT, maxLength: COUNT }),
    categories: fc.array(fc.constantFrom('Sports', ' sports', ...(mixed ? ['', 'politics'] : [])), {
      minLength: COUNT,
      maxLength: COUNT,
    }),
    links: fc
      .array(
        fc.record({
          a: fc.integer({ min: 0, max: COUNT - 1 }),
          b: fc.integer({ min: 1, max: COUNT - 1 }),
          polarity: fc.constantFrom('same', 'inverse'),
          state: fc.constantFrom('reviewed', 'reviewed', 'proposed'),
          mismatch: fc.constantFrom(0, 0.01, 0.3, null),
        }),
        { maxLength: 6 },
      )
      .map((all) =>
        all.map(({ a, b: away, ...one }, i): Link => ({
          id: `L${(i * 7) % 10}` as LinkId,
          version: 1,
          a: idOf(a),
          b: idOf((a + away) % COUNT),
          ...one,
          differences: [],
          reviewedBy: 'someone',
        })),
      ),
    exclusive: fc.boolean(),
    exhaustive: fc.boolean(),
  });

const linksIn =
  ({ links }: House) =>
  (market: MarketId): readonly Link[] =>
    links.flatMap((link) => [...(link.a === market ? [link] : []), ...(link.b === market ? [link] : [])]);
const shapesIn =
  ({ groups, exclusive, exhaustive }: House) =>
  (group: GroupId): GroupShape => ({
    exclusive,
    exhaustive,
    markets: groups.flatMap((of, ref) => (`g${of}` === group ? [idOf(ref)] : [])),
  });

interface Stake {
  readonly ref: number;
  readonly outcome: Outcome;
  readonly contracts: number;
  readonly cents: number;
}

const stake: fc.Arbitrary<Stake> = fc.record({
  ref: fc.integer({ min: 0, max: COUNT - 1 }),
  outcome: fc.constantFrom<Outcome>('yes', 'no'),
  contracts: fc.integer({ min: 0, max: 40 }),
  cents: fc.integer({ min: 1, max: 99 }),
});

const holdingIn =
  ({ groups, categories }: House) =>
  ({ ref, outcome, contracts, cents }: Stake): Holding => ({
    ref: ref as MarketRef,
    market: idOf(ref),
    venue: idOf(ref).split(':')[0] as VenueId,
    group: groups[ref] === null ? null : (`g${groups[ref]}` as GroupId),
    category: categories[ref],
    outcome,
    size: contracts * 100,
    cost: contracts * cents * 10_000 + (contracts % 3),
  });

/** Each stake replaces what was held of that outcome; none of it is held any more at 0 contracts. */
class Hand {
  readonly held = new Map<string, Holding>();
  readonly kept: KeptExposure;

  constructor(readonly of: House) {
    this.kept = new KeptExposure(linksIn(of), shapesIn(of));
  }

  take(one: Stake): void {
    const key = `${one.ref}${one.outcome}`;
    if (one.contracts === 0) this.held.delete(key);
    else this.held.set(key, holdingIn(this.of)(one));
    this.kept.hold(
      idOf(one.ref),
      [...this.held.values()].filter(({ market }) => market === idOf(one.ref)),
    );
  }

  get holdings(): readonly Holding[] {
    return [...this.held.values()];
  }

  losses(more: readonly Holding[] = []): Losses {
    return lossesOf(exposureOf([...this.holdings, ...more], linksIn(this.of)), shapesIn(this.of));
  }
}

const above0 = <K>(map: ReadonlyMap<K, number>): Map<K, number> => new Map([...map].filter(([, value]) => value !== 0));

describe('what is kept of an exposure', () => {
  it('is what is added up anew, after every change', () => {
    fc.assert(
      fc.property(
        house(false),
        fc.array(stake, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        (of, stakes, every) => {
          const hand = new Hand(of);
          for (const [i, one] of stakes.entries()) {
            hand.take(one);
            if (i % every > 0) continue;
            const sum = exposureOf(hand.holdings, linksIn(of));
            expect(hand.kept.gross).toBe(sum.gross);
            expect(above0(hand.kept.byVenue)).toEqual(sum.byVenue);
            expect(hand.kept.byMarket).toEqual(sum.byMarket);
            const kept = hand.kept.losses();
            const losses = hand.losses();
            expect(above0(kept!.byEvent)).toEqual(above0(losses.byEvent));
            expect(above0(kept!.byCluster)).toEqual(above0(losses.byCluster));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('says of legs to come what adding them up after each of them says', () => {
    const legs = fc.array(stake, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(house(false), fc.array(stake, { maxLength: 20 }), legs, (of, stakes, coming) => {
        const hand = new Hand(of);
        for (const one of stakes) hand.take(one);
        const bought = coming.filter(({ contracts }) => contracts > 0).map(holdingIn(of));
        const after = hand.kept.after(bought)!;
        const moments = bought.map((_, i) => hand.losses(bought.slice(0, i + 1)));
        const most = (of: (one: Losses) => ReadonlyMap<string, number>, key: string): number =>
          Math.max(0, ...moments.map((one) => of(one).get(key) ?? 0));
        for (const [event, loss] of after.byEvent) expect(loss).toBe(most((one) => one.byEvent, event));
        for (const [cluster, loss] of after.byCluster) expect(loss).toBe(most((one) => one.byCluster, cluster));
        // What it does not name is what it was.
        for (const [event, loss] of hand.losses(bought).byEvent)
          if (!after.byEvent.has(event)) expect(loss).toBe(hand.losses().byEvent.get(event));
      }),
      { numRuns: 150 },
    );
  });

  it('makes the gate say what it says without it, word for word', () => {
    const limits = { ...DEFAULT_LIMITS, maxNaked: 1e12, maxPositionSize: 3_000, maxMarketCost: 12_000_000 };
    const rules = fc.record({
      maxGroupLoss: fc.integer({ min: 0, max: 40_000_000 }),
      maxClusterLoss: fc.integer({ min: 0, max: 60_000_000 }),
    });
    const legs = fc.array(stake, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(house(true), fc.array(stake, { maxLength: 20 }), legs, rules, (of, stakes, coming, tight) => {
        const hand = new Hand(of);
        for (const one of stakes) hand.take(one);
        const state: RiskState = { ...plain(hand), limits: { ...limits, ...tight } };
        const order = { legs: coming.filter(({ contracts }) => contracts > 0).map(legIn(of)), link: 'none' } as const;
        const kept = {
          exposure: hand.kept,
          losses: () => hand.kept.losses() ?? hand.losses(),
          after: (bought: readonly Holding[]) => hand.kept.after(bought),
        };
        expect(assess({ ...state, kept }, order)).toEqual(assess(state, order));
      }),
      { numRuns: 300 },
    );
  });
});

const plain = (hand: Hand): RiskState => ({
  limits: DEFAULT_LIMITS,
  freeCash: 10_000_000_000,
  state: 'ACTIVE',
  stateReason: '',
  killed: null,
  dailyTrip: '',
  drawdownTrip: '',
  cooling: '',
  holdings: hand.holdings,
  naked: 0,
  openOrders: 0,
  tokens: new Map(),
  misses: new Map(),
  shape: shapesIn(hand.of),
  links: linksIn(hand.of),
});

const legIn =
  (of: House) =>
  (one: Stake): RiskLeg => {
    const { cost, ...holding } = holdingIn(of)(one);
    return {
      ...holding,
      action: 'buy',
      limit: one.cents * 10_000,
      debit: cost,
      status: 'open',
      grid: [{ start: price(0), end: price(1_000_000), step: 10_000 }],
      minSize: 100,
      sizeStep: 100,
      feeKnown: true,
      trusted: true,
      trustReason: '',
      crossed: false,
      quoteAgeMs: 50,
      best: one.cents * 10_000,
      depth: 100_000,
      fair: null,
      free: 0,
    };
  };
