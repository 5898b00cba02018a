import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PolymarketCapture } from '../captures/capture-polymarket.js';
import type { Json } from '../captures/capture.types.js';
import { ASK, BID, Ladder } from '../model/ladder.js';
import { newMarket } from '../model/listing.js';
import type { Market } from '../model/market.js';
import { Truth } from '../model/truth.js';
import { bookHash, halves, touch } from './polymarket.book.js';
import { priceChange } from './polymarket.frames.js';

function market(): Market {
  const truth = new Truth(1);
  const made = newMarket(truth, truth.open(0, 0), 'polymarket');
  const names = { ...made.card.polymarket!, condition: '0xabc', tokens: ['111', '222'] as const };
  return { ...made, native: '0xabc', card: { ...made.card, polymarket: names, negRisk: false }, ladder: new Ladder() };
}

describe('the Polymarket book hash', () => {
  it('is the SHA-1 of the venue’s own spelling, keys in its order', () => {
    const one = market();
    one.ladder.set(BID, 100, 12_500);
    one.ladder.set(BID, 410, 1_050);
    one.ladder.set(ASK, 430, 30_419_397);
    one.lastTrade = 870;
    const text =
      '{"market":"0xabc","asset_id":"111","timestamp":"1790491135816","hash":"",' +
      '"bids":[{"price":"0.1","size":"125"},{"price":"0.41","size":"10.5"}],"asks":[{"price":"0.43","size":"304193.97"}],' +
      '"min_order_size":"5","tick_size":"0.01","neg_risk":false,"last_trade_price":"0.870"}';
    expect(bookHash(one, 0, '1790491135816', halves(one))).toBe(createHash('sha1').update(text).digest('hex'));
    // A value worked out by hand once, so that text and code cannot go wrong together.
    expect(bookHash(one, 0, '1790491135816', halves(one))).toBe(HAND);
  });

  it('mirrors the second token, and tells an empty side as 0 or 1', () => {
    const one = market();
    one.ladder.set(BID, 410, 1_000);
    expect(JSON.parse(halves(one).asks[1])).toEqual([{ price: '0.59', size: '10' }]);
    expect(touch(one, 0)).toEqual(['0.41', '1']);
    expect(touch(one, 1)).toEqual(['0', '0.59']);
    const frame = JSON.parse(
      priceChange(one, [{ side: BID, mils: 410, size: 0, delta: -1_000 }], '5', halves(one), false),
    ) as {
      price_changes: Json[];
    };
    expect(frame.price_changes.map(({ price, side, size }) => [price, side, size])).toEqual([
      ['0.41', 'BUY', '0'],
      ['0.59', 'SELL', '0'],
    ]);
  });
});

const HAND = '2dd9f2441f2bc674f2b4f45a81f67cb9daaf1c10';

const samples = process.env['ARBINTEL_SAMPLES'];
const stream = join(samples ?? '', 'polymarket', 'clob_ws_market_stream.jsonl');

describe('captured Polymarket frames', () => {
  it.skipIf(!samples || !existsSync(stream))('keep their proofs: a lost change stays visible, all else proves', () => {
    const capture = new PolymarketCapture(new Map());
    const frames = readFileSync(stream, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line): readonly Json[] => [JSON.parse(line) as Json | readonly Json[]].flat());
    frames.forEach((frame) => capture.look(frame));
    const verdicts = { proven: 0, broken: 0 };
    let at = 0;
    for (const frame of frames) {
      const step = capture.step(frame, at);
      const event = step?.play(at);
      if (event?.kind === 'change')
        verdicts[event.broken ? 'broken' : 'proven'] +=
          frame['price_changes'] instanceof Array ? frame['price_changes'].length : 0;
      at += 10;
    }
    expect(capture.refused).toEqual([]);
    expect(verdicts).toEqual({ proven: 34, broken: 16 });
  });
});
