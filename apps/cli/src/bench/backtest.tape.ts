import { ASK, BID, type MarketRef, type Price, type Size, type TapeEvent } from '#core';
import { mulberry32 } from '#quant';
import { benchWorld } from './bench.market.js';

const CENT = 10_000;
const PER_BLOCK = 20_000;
export const MS_PER_EVENT = 2;
const BEAT_EVERY = 500;
const LEVELS = 10;
/** Of all events, so many bring a jump of the hidden price by up to twelve cents. */
const NEWS = 0.000_5;
/** Contracts of a level are round, a few tens to a thousand. */
const LEAST = 5;

/**
 * A made-up level-2 tape of two venues that any engine can be fed with: 100 questions asked on both, a hidden price that
 * wanders, two books that follow it each in its own time, so that they part and meet again. The same seed gives the same
 * tape on every machine.
 */
export function* crossVenueTape(options: {
  readonly seed: number;
  readonly events: number;
  readonly startAt: number;
}): Generator<readonly TapeEvent[]> {
  const { events, startAt } = options;
  const random = mulberry32(options.seed);
  const below = (n: number): number => (random() * n) | 0;
  const world = benchWorld(startAt);
  const count = world.markets.length;
  const pairs = count / 2;
  const truth = Float64Array.from({ length: pairs }, () => 20 + random() * 60);
  const bids = new Int32Array(count);
  const spreads = new Int32Array(count).fill(1);
  const size = (): number => 100 * (LEAST + below(20) * below(20));
  let seq = 0;
  let block: TapeEvent[] = [];
  const stamp = () => ({
    lane: 0,
    seq: ++seq,
    at: startAt + Math.floor(seq * MS_PER_EVENT),
  });
  const source = (market: number) => ({
    venueAt: null,
    connection: market < pairs ? 1 : 2,
    venueSeq: null,
  });
  const book = (market: number, levels: readonly number[], snapshot = false): void => {
    block.push({
      kind: 'book',
      ...stamp(),
      market: market as MarketRef,
      ...source(market),
      snapshot,
      levels: Float64Array.from(levels),
      merged: 1,
    });
  };
  const whole = (market: number): number[] => {
    const levels: number[] = [];
    for (let i = 0; i < LEVELS; i++) {
      if (bids[market] - i >= 1) levels.push(BID, (bids[market] - i) * CENT, size());
      const ask = bids[market] + spreads[market] + i;
      if (ask <= 99) levels.push(ASK, ask * CENT, size());
    }
    return levels;
  };

  for (const [ref, info] of world.markets.entries())
    block.push({ kind: 'market', ...stamp(), ref: ref as MarketRef, info });
  for (const group of world.groups) block.push({ kind: 'group', ...stamp(), group });
  for (const link of world.links) block.push({ kind: 'link', ...stamp(), link });
  for (let market = 0; market < count; market++) {
    bids[market] = Math.round(truth[market % pairs]);
    book(market, whole(market), true);
    const trusted = { trusted: true, reason: 'snapshot', detail: '' } as const;
    block.push({
      kind: 'continuity',
      ...stamp(),
      market: market as MarketRef,
      ...trusted,
    });
  }
  while (seq < events) {
    if (seq % BEAT_EVERY === 0) {
      block.push({ kind: 'beat', ...stamp() });
      continue;
    }
    // The product of two draws: some questions are busy and most are not.
    const pair = Math.floor((below(pairs) * below(pairs)) / pairs);
    // Now and then there is news.
    const jump = random() < NEWS ? (random() - 0.5) * 24 : 0;
    truth[pair] = Math.min(93, Math.max(7, truth[pair] + (random() - 0.5) * 0.25 + jump));
    const market = pair + below(2) * pairs;
    const dice = random();
    const bid = bids[market];
    const ask = bid + spreads[market];
    if (dice < 0.02) {
      const taker = random() < 0.5 ? 'buy' : 'sell';
      const price = (taker === 'buy' ? ask : bid) * CENT;
      block.push({
        kind: 'trade',
        ...stamp(),
        market: market as MarketRef,
        ...source(market),
        tradeId: String(seq),
        price: price as Price,
        size: (100 * (1 + below(50))) as Size,
        taker,
      });
    } else if (dice < 0.12) {
      // One venue follows by up to three cents at once, the other cent by cent.
      const most = market < pairs ? 3 : 1;
      const way = Math.round(truth[pair] - 0.5) - bid;
      const steps = Math.min(most, Math.abs(way));
      const levels: number[] = [];
      for (let i = 0; i < steps; i++) {
        if (way > 0) levels.push(ASK, (ask + i) * CENT, 0, BID, (bid + i + 1) * CENT, size());
        else levels.push(BID, (bid - i) * CENT, 0, ASK, (ask - i - 1) * CENT, size());
      }
      if (way > 0) levels.push(ASK, (ask + steps) * CENT, size());
      else if (way < 0) levels.push(BID, (bid - steps) * CENT, size());
      else levels.push(BID, bid * CENT, size());
      book(market, levels);
      bids[market] += Math.sign(way) * steps;
    } else {
      const away = Math.floor((below(LEVELS) * below(LEVELS)) / LEVELS);
      if (random() < 0.5) book(market, [BID, Math.max(1, bid - away) * CENT, away > 2 && random() < 0.2 ? 0 : size()]);
      else book(market, [ASK, Math.min(99, ask + away) * CENT, away > 2 && random() < 0.2 ? 0 : size()]);
    }
    if (block.length >= PER_BLOCK) {
      yield block;
      block = [];
    }
  }
  if (block.length > 0) yield block;
}
