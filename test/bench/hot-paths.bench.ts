/**
 * What runs for every frame, measured alone: `npx vitest bench --run --project unit test/bench`. Every iteration does
 * 10,000 of what its name says, so that a mean of 1 ms is 100 ns each. Not a test: nothing fails for being slow.
 * The runner's import accessors weigh on calls this small: compiled code is up to ten times as fast.
 */
import { bench, describe } from 'vitest';
import { ASK, BID, fillFee, OrderBook, parsePrice, price, size, type FeeRule, type MarketRef } from '#core';
import { crossVenueArbitrage, exclusiveBundle } from '#plugins';
import type { StrategyPlugin, StrategyView } from '#plugin-sdk';
import { optimise } from '#quant';
import { Value } from 'typebox/value';

const TIMES = 10_000;
const KALSHI: FeeRule = { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 };
const POLYMARKET: FeeRule = { kind: 'polymarket', rate: 40_000, exponent: 1, rounding: 'floor' };

describe('order book', () => {
  const book = new OrderBook();
  for (let cents = 1; cents < 50; cents++) {
    book.set(BID, cents * 10_000, 1_000);
    book.set(ASK, (cents + 50) * 10_000, 1_000);
  }
  // Nine in ten edits within five levels of the top, as on a live market.
  const prices = Int32Array.from(
    { length: TIMES },
    (_, i) => (i % 10 === 0 ? (i * 7) % 49 : 44 + ((i * 13) % 5)) * 10_000 + 10_000,
  );
  const sizes = Float64Array.from({ length: TIMES }, (_, i) => (i % 4 === 0 ? 0 : 100 + (i % 900)));
  bench('10,000 edits of a 98-level book', () => {
    for (let i = 0; i < TIMES; i++) book.set(BID, prices[i], sizes[i]);
  });
  bench('10,000 prices read from text', () => {
    let sum = 0;
    for (let i = 0; i < TIMES; i++) sum += parsePrice(i % 2 === 0 ? '0.4100' : '0.59');
    if (Number.isNaN(sum)) throw new RangeError('not a price');
  });
  bench('10,000 Kalshi fees', () => {
    let sum = 0;
    for (let i = 0; i < TIMES; i++) sum += fillFee(KALSHI, price(prices[i]), size(sizes[i]), 'taker');
    if (sum < 0) throw new RangeError('negative fees');
  });
});

describe('strategies where there is no edge', () => {
  const quotes = Array.from({ length: 8 }, (_, i) => ({
    market: i as MarketRef,
    at: 0,
    bid: price(480_000),
    bidSize: size(100),
    ask: price(520_000),
    askSize: size(100),
    trusted: true,
  }));
  const links = [
    {
      link: { id: 'L', version: 1, polarity: 'same', state: 'reviewed', mismatch: 0 },
      a: 0 as MarketRef,
      b: 1 as MarketRef,
    },
  ];
  const markets = quotes.slice(0, 5).map((quote) => quote.market);
  const group = { group: { id: 'G', markets, exclusive: true, exhaustive: true, augmented: false }, markets };
  // What the kernel's view answers on this path: arrays and objects it already has.
  const viewOf = (plugin: StrategyPlugin, top: readonly unknown[]): StrategyView<never, never> => {
    const config = Value.Default(plugin.configSchema, {}) as never;
    const view = {
      now: 0,
      config,
      state: plugin.initialState(config),
      quote: (ref: number) => top[ref],
      links: () => links,
      group: () => group,
    };
    return view as unknown as StrategyView<never, never>;
  };
  const pair = viewOf(crossVenueArbitrage, quotes);
  bench('10,000 quotes of a linked market', () => {
    for (let i = 0; i < TIMES; i++) crossVenueArbitrage.onQuote?.(pair, quotes[i & 1]);
  });
  // Five outcomes at 0.15/0.25: neither all YES nor all NO costs less than it pays.
  const thin = quotes.map((quote) => ({ ...quote, bid: price(150_000), ask: price(250_000) }));
  const spread = viewOf(exclusiveBundle, thin);
  bench('10,000 quotes of a set of five', () => {
    for (let i = 0; i < TIMES; i++) exclusiveBundle.onQuote?.(spread, thin[i % 5]);
  });
});

describe('the full look', () => {
  const ladder = (from: number, levels: number) =>
    Array.from({ length: levels }, (_, i) => ({ price: price(from + i * 10_000), size: size(5_000 + i * 700) }));
  const legs = [
    { ladder: ladder(440_000, 10), fee: KALSHI, precision: 'cent' as const, minSize: size(100) },
    { ladder: ladder(470_000, 10), fee: POLYMARKET, precision: 'cent' as const, minSize: size(500) },
  ];
  bench('one best size of two ladders of ten, whole contracts', () => {
    optimise(legs, { payoff: 1_000_000, step: size(100), minEdge: 5_000 });
  });
  bench('one best size of two ladders of ten, hundredths', () => {
    optimise(legs, { payoff: 1_000_000, step: size(1), minEdge: 5_000 });
  });
});
