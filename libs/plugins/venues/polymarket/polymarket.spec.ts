import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OrderBook, type MarketInfo } from '#core';
import type { Alias, BookMessage, VenueMessage } from '#plugin-sdk';
import { readEvents, readLife, readMarket } from './polymarket.catalogue.js';
import { bookHash } from './polymarket.hash.js';
import { polymarket } from './polymarket.venue.js';

const samples = process.env['ARBINTEL_SAMPLES'];
const sample = (name: string): string => readFileSync(join(samples ?? '', 'polymarket', name), 'utf8');

const alias = (name: string): Alias | undefined =>
  name === '111' ? { native: '0xm', token: 0 } : name === '222' ? { native: '0xm', token: 1 } : undefined;
const parse = (body: unknown): readonly VenueMessage[] =>
  polymarket.wire.parse(typeof body === 'string' ? body : JSON.stringify(body), alias);
const levels = (message: VenueMessage): number[] => [...(message as BookMessage).levels];

describe('frames of the market channel', () => {
  it('reads a whole book of either token as the one YES book', () => {
    const yes = parse([
      {
        event_type: 'book',
        asset_id: '111',
        timestamp: '1790491135816',
        hash: 'h',
        tick_size: '0.01',
        last_trade_price: '0.40',
        bids: [{ price: '0.40', size: '12.5' }],
        asks: [{ price: '0.42', size: '7' }],
      },
    ])[0] as BookMessage;
    expect(levels(yes)).toEqual([0, 400_000, 1250, 1, 420_000, 700]);
    expect(yes).toMatchObject({
      native: '0xm',
      mode: 'snapshot',
      venueAt: 1790491135816,
      tick: '0.01',
      proof: { token: 0, hash: 'h', spelled: { last_trade_price: '0.40' } },
    });
    const no = parse({
      asset_id: '222',
      timestamp: '1790491135816',
      hash: 'h',
      bids: [{ price: '0.58', size: '7' }],
      asks: [{ price: '0.60', size: '12.5' }],
    })[0];
    expect(levels(no)).toEqual([1, 420_000, 700, 0, 400_000, 1250]);
  });

  it('takes a change once, from the YES rows, whatever their order', () => {
    const rows = [
      { asset_id: '222', price: '0.58', size: '9', side: 'BUY', hash: 'n', best_bid: '0.58', best_ask: '1' },
      { asset_id: '111', price: '0.42', size: '9', side: 'SELL', hash: 'y', best_bid: '0', best_ask: '0.42' },
    ];
    const messages = parse({ event_type: 'price_change', timestamp: '1790491135816', price_changes: rows });
    expect(messages.length).toBe(1);
    expect(levels(messages[0])).toEqual([1, 420_000, 900]);
    expect((messages[0] as BookMessage).proof).toMatchObject({ token: 0, hash: 'y', bestBid: null, bestAsk: 420_000 });
    const mirrored = parse({ event_type: 'price_change', timestamp: '1790491135816', price_changes: rows.slice(0, 1) });
    expect(levels(mirrored[0])).toEqual([1, 420_000, 900]);
    expect((mirrored[0] as BookMessage).proof).toMatchObject({ token: 1, bestBid: null, bestAsk: 420_000 });
  });

  it('reads the legacy change of one token', () => {
    const [message] = parse({
      event_type: 'price_change',
      asset_id: '111',
      price: '0.5',
      size: '3',
      side: 'BUY',
      timestamp: '1',
      hash: 'x',
    });
    expect(levels(message)).toEqual([0, 500_000, 300]);
  });

  it('turns a trade of NO into one of YES', () => {
    const [message] = parse({
      event_type: 'last_trade_price',
      asset_id: '222',
      price: '0.87',
      size: '5',
      side: 'BUY',
      timestamp: '1790491135816',
      transaction_hash: '0xt',
    });
    expect(message).toMatchObject({
      kind: 'trade',
      native: '0xm',
      price: 130_000,
      size: 500,
      taker: 'sell',
      spelled: { last_trade_price: '0.87' },
    });
  });

  it('reads a trade of a part of a share as the chain counts it, rounded down', () => {
    const sized = (text: string) =>
      parse({ event_type: 'last_trade_price', asset_id: '111', price: '0.491', size: text, side: 'SELL' })[0];
    expect(sized('219.217767')).toMatchObject({ kind: 'trade', size: 21_921 });
    expect(sized('0.009999')).toMatchObject({ kind: 'trade', size: 0 });
    expect(sized('1.0000001')).toMatchObject({ kind: 'rejected' });
    expect(sized('-1')).toMatchObject({ kind: 'rejected' });
  });

  it('reads ticks, new markets and results', () => {
    expect(
      parse({ event_type: 'tick_size_change', market: '0xm', new_tick_size: '0.001', timestamp: '1790491135816' })[0],
    ).toMatchObject({ kind: 'lifecycle', grid: [{ step: 1000 }] });
    expect(parse({ event_type: 'new_market', market: '0xnew' })).toEqual([{ kind: 'new-market', native: '0xnew' }]);
    expect(parse({ event_type: 'market_resolved', market: '0xm', winning_asset_id: '222' })[0]).toMatchObject({
      status: 'settled',
      resolution: { outcome: { yesPays: 0 }, final: true },
    });
  });

  it('refuses with a reason what it cannot read, and never throws', () => {
    const bad: [unknown, string][] = [
      ['nonsense', 'not JSON'],
      ['[1', 'not JSON'],
      ['[1]', 'not an object'],
      [{ event_type: 'book', asset_id: '111', bids: [{ price: '0.4x', size: '1' }] }, 'a level'],
      [{ event_type: 'book', asset_id: '111', bids: [null] }, 'a level'],
      [
        { event_type: 'price_change', price_changes: [{ asset_id: '111', price: '-1', size: '1', side: 'BUY' }] },
        'price change',
      ],
      [{ event_type: 'price_change', price_changes: ['x'] }, 'not an object'],
      [{ event_type: 'last_trade_price', asset_id: '111', price: '2', size: '1' }, 'a trade'],
      [{ event_type: 'market_resolved' }, 'without market'],
    ];
    for (const [body, reason] of bad) {
      const [message] = parse(body);
      expect(message).toMatchObject({ kind: 'rejected', reason: expect.stringContaining(reason) as string });
    }
    expect(parse({ event_type: 'surprise' })).toEqual([{ kind: 'unknown', type: 'surprise' }]);
    expect(parse('PONG')[0]).toMatchObject({ kind: 'control', what: 'pong' });
    expect(parse([])).toEqual([]);
  });
});

describe('subscriptions', () => {
  const market = { venueData: { yesToken: '111', noToken: '222' } } as unknown as MarketInfo;
  const socket = polymarket.socket({ gammaUrl: '', clobUrl: '', dataUrl: '', socketUrl: 'ws://x' });
  const ids = { next: () => 1 };

  it('spell the plural of the plural and keep the flag', () => {
    expect(JSON.parse(socket?.subscribe([market], ids)[0] ?? '')).toEqual({
      type: 'market',
      assets_ids: ['111', '222'],
      custom_feature_enabled: true,
    });
    expect(
      socket?.change([market], [], { streams: new Map() }, ids).map((frame) => JSON.parse(frame) as unknown),
    ).toEqual([{ assets_ids: ['111', '222'], operation: 'subscribe', custom_feature_enabled: true }]);
  });

  it('are not made again when every market is resolved', () => {
    expect(socket?.closed(1000, 'all subscribed assets resolved').retry).toBe(false);
    expect(socket?.closed(1013, 'slow consumer: send buffer full').retry).toBe(true);
    expect(socket?.closed(1006, '').retry).toBe(true);
  });
});

describe('Gamma', () => {
  const raw = (more: object = {}) => ({
    conditionId: `0x${'a'.repeat(64)}`,
    question: 'Will it?',
    clobTokenIds: '["1","2"]',
    outcomes: '["Yes","No"]',
    orderPriceMinTickSize: 0.01,
    orderMinSize: 5,
    enableOrderBook: true,
    acceptingOrders: true,
    closed: false,
    endDate: '2027-01-01T00:00:00Z',
    ...more,
  });

  it('says open only when orders are taken, and keeps an unknown fee unknown', () => {
    expect(readMarket(raw(), null, false)).toMatchObject({
      status: 'open',
      fees: null,
      minSize: 500,
      closesAt: 1798761600000,
    });
    expect(readMarket(raw({ acceptingOrders: false }), null, false)).toMatchObject({ status: 'paused' });
    expect(readMarket(raw({ closed: true }), null, false)).toMatchObject({ status: 'closed' });
    expect(readMarket(raw({ feesEnabled: false }), null, false)).toMatchObject({ fees: [{ rule: { kind: 'none' } }] });
    expect(readMarket(raw({ feesEnabled: true, feeSchedule: { rate: 0.04, exponent: 1 } }), null, false)).toMatchObject(
      { fees: [{ rule: { kind: 'polymarket', rate: 40_000, exponent: 1 } }] },
    );
    expect(readMarket(raw({ feesEnabled: true, feeType: 'zero_fees' }), null, false)).toMatchObject({
      fees: [{ rule: { kind: 'none' } }],
    });
    expect(readMarket(raw({ feesEnabled: true, takerBaseFee: 1000 }), null, false)).toMatchObject({ fees: null });
    expect(readMarket(raw({ clobTokenIds: '["1"]' }), null, false)).toContain('two are needed');
  });

  it('takes a neg-risk event for exclusive, and for exhaustive unless it may grow', () => {
    const two = [raw(), raw({ conditionId: `0x${'b'.repeat(64)}` })];
    expect(readEvents([{ id: 7, negRisk: true, markets: two }]).groups[0]).toMatchObject({
      id: 'polymarket:7',
      exclusive: true,
      exhaustive: true,
    });
    expect(readEvents([{ id: 7, negRisk: true, negRiskAugmented: true, markets: two }]).groups[0]).toMatchObject({
      exhaustive: false,
      augmented: true,
    });
    expect(readEvents([{ id: 7, markets: two }]).groups[0]).toMatchObject({ exclusive: false });
    expect(readEvents([{ id: 7, markets: [raw()] }]).groups).toEqual([]);
  });

  it('reads results: a winner, halves, a void, and none while prices are only prices', () => {
    const life = (prices: string, more: object = {}) => readLife(raw({ closed: true, outcomePrices: prices, ...more }));
    expect(life('["1","0"]')).toMatchObject({
      status: 'settled',
      resolution: { outcome: { yesPays: 1_000_000 }, final: true },
    });
    expect(life('["0.5","0.5"]', { umaResolutionStatus: 'resolved' })).toMatchObject({
      status: 'settled',
      resolution: { outcome: { yesPays: 500_000 }, final: true },
    });
    expect(life('["0.5","0.5"]', { umaResolutionStatus: 'proposed' })).toMatchObject({ resolution: { final: false } });
    expect(life('["0","0"]', { umaResolutionStatus: 'resolved' })).toMatchObject({
      status: 'settled',
      resolution: { outcome: { kind: 'void' }, final: true },
    });
    expect(life('["0","0"]')).toMatchObject({ status: 'determined', resolution: { final: false } });
    expect(life('["0.3","0.7"]')?.resolution).toBeUndefined();
    expect(life('["1","0"]', { umaResolutionStatus: 'disputed' })).toMatchObject({
      status: 'determined',
      resolution: { final: false },
    });
    expect(readLife(raw())).toMatchObject({ status: 'open' });
  });

  it('does not take the prices an untraded market is listed with for a result of halves', () => {
    const closed = readLife(raw({ closed: true, outcomePrices: '["0.5","0.5"]' }));
    expect(closed).toMatchObject({ status: 'closed' });
    expect(closed?.resolution).toBeUndefined();
  });
});

describe.skipIf(!samples)('captured frames (ARBINTEL_SAMPLES)', () => {
  it('give the venue’s own hash on every opening book', () => {
    const frames = sample('clob_ws_market_stream.jsonl').trim().split('\n');
    const opening = JSON.parse(frames[0]) as Record<string, string>[];
    const tokens = new Map<string, string[]>();
    for (const book of opening) tokens.set(book['market'], [...(tokens.get(book['market']) ?? []), book['asset_id']]);
    let proven = 0;
    for (const one of opening) {
      const names = tokens.get(one['market']) ?? [];
      const look = (name: string): Alias | undefined =>
        names.includes(name) ? { native: one['market'], token: names.indexOf(name) === 0 ? 0 : 1 } : undefined;
      const message = polymarket.wire.parse(JSON.stringify(one), look)[0] as BookMessage;
      const found = ['true', 'false'].flatMap((negRisk) =>
        ['5', '15', '1'].map((minSize) => {
          const info = {
            id: `polymarket:${one['market']}`,
            venueData: { yesToken: names[0], noToken: names[1], negRisk, minSize },
          } as unknown as MarketInfo;
          return message.proof && bookHash(OrderBook.fromLevels(message.levels), info, message.proof);
        }),
      );
      if (found.includes(one['hash'])) proven += 1;
    }
    expect(proven).toBe(4);
  });
});
