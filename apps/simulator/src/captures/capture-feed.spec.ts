import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { Simulated } from '../testing/simulated.js';
import { get, type Loose } from '../testing/venue-client.js';
import { CaptureFeed } from './capture-feed.js';

const T = 1_786_000_000_000;

const ROUND = ['change 410', 'change 410', 'restate 400'];

/** Frames written for this spec: one ticker, one market with a level that changes unsaid. */
function captures(): string {
  const folder = mkdtempSync(join(tmpdir(), 'captures-'));
  const write = (name: string, lines: readonly unknown[]): void =>
    writeFileSync(join(folder, name), lines.map((line) => JSON.stringify(line)).join('\n'));
  mkdirSync(join(folder, 'kalshi'));
  mkdirSync(join(folder, 'polymarket'));
  const frame = (after: number, body: unknown): unknown => ({ received_ms: T + after, frame: body });
  const delta = (seq: number, side: string, price: string, size: string): unknown => ({
    type: 'orderbook_delta',
    sid: 1,
    seq,
    msg: { market_ticker: 'KXCAP-1-A', market_id: 'm', price_dollars: price, delta_fp: size, side, ts_ms: T },
  });
  write('kalshi/a.jsonl', [
    frame(0, { type: 'subscribed', id: 1, msg: { channel: 'orderbook_delta', sid: 1 } }),
    frame(0, {
      type: 'orderbook_snapshot',
      sid: 1,
      seq: 1,
      msg: {
        market_ticker: 'KXCAP-1-A',
        market_id: 'm',
        yes_dollars_fp: [['0.4000', '10.00']],
        no_dollars_fp: [['0.5500', '7.50']],
      },
    }),
    frame(200, delta(2, 'yes', '0.4100', '5.00')),
    frame(400, delta(3, 'yes', '0.4000', '-10.00')),
  ]);
  const [yes, no] = ['71', '72'];
  const row = (asset: string, price: string, side: string, size: string): unknown => ({
    asset_id: asset,
    price,
    side,
    size,
    hash: 'not the hash',
    best_bid: '0',
    best_ask: '1',
  });
  write('polymarket/b.jsonl', [
    [
      {
        event_type: 'book',
        market: '0xcap',
        asset_id: yes,
        timestamp: String(T - 9_000),
        hash: 'x',
        bids: [{ price: '0.3', size: '4' }],
        asks: [],
        tick_size: '0.01',
        last_trade_price: '0.300',
      },
      {
        event_type: 'book',
        market: '0xcap',
        asset_id: no,
        timestamp: String(T - 9_000),
        hash: 'y',
        bids: [],
        asks: [{ price: '0.7', size: '4' }],
        tick_size: '0.01',
        last_trade_price: '0.300',
      },
    ],
    {
      event_type: 'price_change',
      market: '0xcap',
      timestamp: String(T),
      price_changes: [row(no, '0.69', 'SELL', '9'), row(yes, '0.31', 'BUY', '9')],
    },
    {
      event_type: 'last_trade_price',
      market: '0xcap',
      asset_id: no,
      price: '0.69',
      size: '2',
      side: 'BUY',
      timestamp: String(T + 150),
      transaction_hash: '0x1',
      fee_rate_bps: '0',
    },
  ]);
  writeFileSync(join(folder, 'polymarket', 'broken.jsonl'), '{"event_type":\nnonsense\n');
  return folder;
}

describe('captured frames', () => {
  it('are served with a catalogue and played at their pace, times made new, sequence and books whole', async ({
    expect,
    onTestFinished,
  }) => {
    const folder = captures();
    const venue = await Simulated.forTest(onTestFinished, ['--captures', folder, '--once']);
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const events = await get(`${venue.facts.kalshiRestUrl}/events?status=open&with_nested_markets=true`);
    expect(events.body.events[0].markets[0]).toMatchObject({
      ticker: 'KXCAP-1-A',
      yes_bid_dollars: '0.4000',
      yes_ask_dollars: '0.4500',
    });
    const [market] = await venue.gammaMarkets();
    expect(market).toMatchObject({ conditionId: '0xcap', clobTokenIds: '["71","72"]' });
    expect(market.feeSchedule).toBeUndefined();

    const kalshi = await venue.kalshi();
    kalshi.send({ id: 1, cmd: 'subscribe', params: { channels: ['orderbook_delta'], market_tickers: ['KXCAP-1-A'] } });
    const polymarket = await venue.polymarket();
    polymarket.send({ type: 'market', assets_ids: ['71', '72'] });
    const opening: Loose[] = await polymarket.next((frame) => Array.isArray(frame));
    expect(opening.map(({ asset_id }) => asset_id)).toEqual(['71', '72']);
    const change = await polymarket.next(({ event_type }) => event_type === 'price_change');
    expect(Math.abs(Number(change.timestamp) - Date.now())).toBeLessThan(3_000);
    expect(change.price_changes.map((each: Loose) => [each.asset_id, each.price, each.side, each.size])).toEqual([
      ['71', '0.31', 'BUY', '9'],
      ['72', '0.69', 'SELL', '9'],
    ]);
    expect(await polymarket.next(({ event_type }) => event_type === 'last_trade_price')).toMatchObject({
      asset_id: '72',
      price: '0.690',
      side: 'BUY',
    });
    await kalshi.next(({ seq }) => seq === 3);
    const deltas = kalshi.all().filter(({ type }) => type === 'orderbook_delta');
    expect(deltas.map(({ seq, msg }) => [seq, msg.price_dollars, msg.delta_fp])).toEqual([
      [2, '0.4100', '5.00'],
      [3, '0.4000', '-10.00'],
    ]);
    expect(deltas[1].msg.ts_ms - deltas[0].msg.ts_ms).toBe(200);
  });

  it('begin again in a loop with the books they began with, and flat out they wait for nothing', ({
    expect,
    onTestFinished,
  }) => {
    const folder = captures();
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const told: string[] = [];
    const loop = new CaptureFeed(folder, { pace: 'real', loop: true, origin: 0 });
    loop.wake('kalshi');
    for (let now = 0; now < 3_500; now += 50)
      loop.advance(now, ({ kind, market }) => told.push(`${kind} ${market.ladder.bid}`));
    expect(told).toEqual([...ROUND, ...ROUND]);

    const flat = new CaptureFeed(folder, { pace: 'flat', loop: false, origin: 0 });
    flat.wake('kalshi');
    flat.wake('polymarket');
    let frames = 0;
    flat.advance(1_000, () => frames++);
    expect(frames).toBe(4);
    expect(flat.finished).toBe(true);
    expect(flat.refused.length).toBeGreaterThan(0);
  });

  it('are missed with a sentence when a folder has none', ({ expect, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'captures-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    expect(() => new CaptureFeed(folder, { pace: 'real', loop: false, origin: 0 })).toThrow('holds no captured frames');
  });
});
