import { describe, expect, it } from 'vitest';
import { ASK, BID } from './ladder.js';
import type { FeedEvent } from './market.js';
import { ModelFeed } from './model-feed.js';

const seen = (event: FeedEvent): string =>
  JSON.stringify([
    event.kind,
    event.at,
    event.market.native,
    'changes' in event ? event.changes : null,
    event.kind === 'trade' ? event.trade : null,
    event.market.ladder.bid,
    event.market.ladder.ask,
  ]);

function play(feed: ModelFeed, to: number): string[] {
  const log: string[] = [];
  for (let at = feed.now; at < to; at += 777) feed.advance(Math.min(at + 777, to), (event) => log.push(seen(event)));
  feed.advance(to, (event) => log.push(seen(event)));
  return log;
}

const books = (feed: ModelFeed): string =>
  JSON.stringify(
    (['kalshi', 'polymarket'] as const).map((venue) =>
      feed
        .listed(venue)
        .map((market) => [
          market.native,
          market.grid,
          market.lastTrade,
          market.volume,
          market.ladder.levels(BID),
          market.ladder.levels(ASK),
        ])
        .sort(),
    ),
  );

describe('the market model', () => {
  it('tells the same story twice for one seed, whatever the steps of time', () => {
    const a = new ModelFeed({ seed: 5, origin: 0, rate: 1 });
    const b = new ModelFeed({ seed: 5, origin: 0, rate: 1 });
    const one: string[] = [];
    a.advance(90_000, (event) => one.push(seen(event)));
    expect(play(b, 90_000)).toEqual(one);
    expect(one.length).toBeGreaterThan(3_000);
  });

  it('tells another story for another seed', () => {
    const a = play(new ModelFeed({ seed: 5, origin: 0, rate: 1 }), 5_000);
    expect(play(new ModelFeed({ seed: 6, origin: 0, rate: 1 }), 5_000)).not.toEqual(a);
  });

  it.each([61_234, 433_000, 1_000_777])(
    'made at %d ms it is what it would have become, and goes on the same',
    (moment) => {
      const grown = new ModelFeed({ seed: 9, origin: 0, rate: 1 });
      grown.advance(moment, () => {});
      const made = new ModelFeed({ seed: 9, origin: 0, rate: 1 }, moment);
      expect(books(made)).toBe(books(grown));
      expect(play(made, moment + 70_000)).toEqual(play(grown, moment + 70_000));
    },
  );

  it('catches up with a week in under two seconds', () => {
    const began = performance.now();
    const feed = new ModelFeed({ seed: 3, origin: 0, rate: 1 }, 7 * 86_400_000);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(feed.listed('kalshi').length).toBeGreaterThan(15);
  });

  it('never shows a crossed or off-grid book', () => {
    const feed = new ModelFeed({ seed: 4, origin: 0, rate: 3 });
    let wrong = 0;
    feed.advance(400_000, ({ market }) => {
      if (market.ladder.bid >= market.ladder.ask) wrong++;
      if (market.grid === 'cent' && (market.ladder.bid % 10 !== 0 || market.ladder.ask % 10 !== 0)) wrong++;
    });
    expect(wrong).toBe(0);
  });
});
