import type { FeeRule } from '#core';
import type { BenchOptions, BenchStep, LevelText } from './strategy-bench.types.js';

const KALSHI: FeeRule = { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 };
const POLYMARKET: FeeRule = { kind: 'polymarket', rate: 40_000, exponent: 1, rounding: 'floor' };
const OUTCOMES = ['A', 'B', 'C'] as const;

/** Two venues with the same three exclusive outcomes, linked one by one, one of them the other way round. */
export const conformanceWorld: BenchOptions = {
  markets: OUTCOMES.flatMap((name) => [
    { id: `kalshi:${name}`, fee: KALSHI },
    { id: `polymarket:${name}`, fee: POLYMARKET },
  ]),
  links: OUTCOMES.map((name) => ({
    a: `kalshi:${name}`,
    b: `polymarket:${name}`,
    polarity: name === 'C' ? ('inverse' as const) : ('same' as const),
    mismatch: name === 'B' ? 0.005 : 0,
  })),
  groups: [
    { id: 'kalshi:set', markets: OUTCOMES.map((name) => `kalshi:${name}`) },
    { id: 'polymarket:set', markets: OUTCOMES.map((name) => `polymarket:${name}`), exhaustive: false, augmented: true },
  ],
};

/** A small reproducible generator (mulberry32): the same seed gives the same tape on every machine. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A lively tape over the markets of a world: books that wander and now and then leave an edge between venues, pauses, books
 * that lose trust, fees that become unknown, orders at work.
 */
export function conformanceTape(world: BenchOptions, steps: number, seed: number): readonly BenchStep[] {
  const random = generator(seed);
  // Beliefs draw from their own chance: a tape with them has the same books as one without.
  const doubt = generator(seed + 1);
  const below = (n: number): number => Math.floor(random() * n);
  const middles = world.markets.map(() => 30 + below(40));
  const side = (from: number, towards: 1 | -1): LevelText[] =>
    Array.from({ length: 1 + below(4) }, (_, i): LevelText => [
      (Math.min(99, Math.max(1, from + towards * i)) / 100).toFixed(2),
      5 + below(300),
    ]);
  const tape: BenchStep[] = [];
  for (let i = 0; i < steps; i++) {
    const at = below(world.markets.length);
    const market = world.markets[at].id;
    const dice = below(100);
    if (dice < 70) {
      middles[at] = Math.min(94, Math.max(5, middles[at] + below(11) - 5));
      const half = 1 + below(2);
      const empty = below(20);
      tape.push({
        kind: 'book',
        market,
        book: {
          bids: empty === 0 ? [] : side(middles[at] - half, -1),
          asks: empty === 1 ? [] : side(middles[at] + half, 1),
        },
      });
      for (const wanted of world.estimates ?? []) {
        const { name, model } = typeof wanted === 'string' ? { name: wanted, model: 'bench' } : wanted;
        const value = Math.min(0.97, Math.max(0.03, middles[at] / 100 + (doubt() - 0.5) / 5));
        const reach = 0.01 + doubt() / 100;
        tape.push({ kind: 'estimate', market, name, model, value, low: value - reach, high: value + reach });
      }
    } else if (dice < 85) tape.push({ kind: 'wait', ms: 1 + below(4_000) });
    else if (dice < 89) tape.push({ kind: 'trust', market, trusted: below(3) > 0 });
    else if (dice < 92)
      tape.push({ kind: 'fee', market, fee: below(3) > 0 ? (world.markets[at].fee ?? { kind: 'none' }) : null });
    else if (dice < 95) tape.push({ kind: 'working', market, working: below(3) === 0 });
    else if (dice < 98) tape.push({ kind: 'market', market, change: { status: below(4) > 0 ? 'open' : 'paused' } });
    else tape.push({ kind: 'cash', cash: below(5) * 50_000_000 });
    if (world.news === true && doubt() < 0.1)
      tape.push({
        kind: 'news',
        market,
        stance: Math.round((doubt() * 2 - 1) * 100) / 100,
        relevance: doubt(),
        novelty: doubt() < 0.2 ? 0 : doubt(),
        ageMs: doubt() < 0.2 ? null : Math.floor(doubt() * 120_000),
      });
  }
  return tape;
}
