import { constants, generateKeyPairSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MarketInfo } from '#core';
import type { BookMessage, VenueMessage } from '#plugin-sdk';
import { feesFrom, gridFrom, readMarket } from './kalshi.catalogue.js';
import { signedHeaders } from './kalshi.sign.js';
import { kalshi, readEvents, readLife } from './kalshi.venue.js';

const samples = process.env['ARBINTEL_SAMPLES'];
const sample = (name: string): string => readFileSync(join(samples ?? '', 'kalshi', name), 'utf8');
const parse = (body: unknown): readonly VenueMessage[] =>
  kalshi.wire.parse(typeof body === 'string' ? body : JSON.stringify(body), () => undefined);
const one = (body: unknown): VenueMessage => parse(body)[0];
const levels = (message: VenueMessage): number[] => [...(message as BookMessage).levels];

describe('frames of the socket', () => {
  it('reads NO bids as YES asks, and an absent side as empty', () => {
    const message = one({
      type: 'orderbook_snapshot',
      sid: 1,
      seq: 1,
      msg: { market_ticker: 'T', no_dollars_fp: [['0.5600', '146.25']] },
    });
    expect(levels(message)).toEqual([1, 440_000, 14_625]);
    expect(message).toMatchObject({ native: 'T', mode: 'snapshot', sequence: { stream: '1', seq: 1 } });
    expect(
      levels(one({ type: 'orderbook_snapshot', sid: 1, seq: 2, msg: { market_ticker: 'T', market_id: '' } })),
    ).toEqual([]);
  });

  it('reads deltas as signed increments', () => {
    const delta = (side: string, change: string) =>
      one({
        type: 'orderbook_delta',
        sid: 1,
        seq: 2,
        msg: { market_ticker: 'T', price_dollars: '0.4100', delta_fp: change, side, ts_ms: 1795340001000 },
      });
    expect(levels(delta('yes', '54.00'))).toEqual([0, 410_000, 5400]);
    expect(levels(delta('no', '-0.25'))).toEqual([1, 590_000, -25]);
    expect(delta('yes', '1.00')).toMatchObject({ mode: 'increment', venueAt: 1795340001000 });
  });

  it('counts every sequenced frame, whatever it says', () => {
    expect(one({ type: 'ok', id: 9, sid: 1, seq: 3, msg: {} })).toMatchObject({
      kind: 'control',
      what: 'ok',
      sequence: { stream: '1', seq: 3 },
    });
    expect(one({ type: 'unsubscribed', sid: 1, seq: 4 })).toMatchObject({ what: 'unsubscribed', sequence: { seq: 4 } });
    expect(
      one({ type: 'market_lifecycle_v2', sid: 4, seq: 1, msg: { event_type: 'metadata_updated', market_ticker: 'T' } }),
    ).toMatchObject({ sequence: { stream: '4', seq: 1 } });
    expect(one({ type: 'news', sid: 4, seq: 2 })).toMatchObject({ kind: 'unknown', sequence: { seq: 2 } });
    expect(one({ type: 'orderbook_delta', sid: 1, seq: 5, msg: {} })).toMatchObject({
      kind: 'rejected',
      sequence: { seq: 5 },
    });
  });

  it('does not take what was agreed outside the book for a trade in it', () => {
    const msg = { trade_id: 't', market_ticker: 'T', yes_price_dollars: '0.4000', count_fp: '5000.00', ts_ms: 1 };
    const block = one({ type: 'trade', sid: 2, seq: 1, msg: { ...msg, is_block_trade: true } });
    expect(block).toMatchObject({ kind: 'control', what: 'notice', sequence: { stream: '2', seq: 1 } });
    expect(one({ type: 'trade', sid: 2, seq: 2, msg: { ...msg, is_block_trade: false } })).toMatchObject({
      kind: 'trade',
      size: 500_000,
    });
  });

  it('learns its subscription and hears what ends it', () => {
    expect(one({ type: 'subscribed', id: 2, msg: { channel: 'orderbook_delta', sid: 7 } })).toMatchObject({
      what: 'subscribed',
      stream: { channel: 'orderbook_delta', id: '7' },
    });
    expect(one({ type: 'error', id: 1, msg: { code: 25, msg: 'buffer' } })).toMatchObject({
      what: 'error',
      fatal: true,
      tooMany: false,
    });
    expect(one({ type: 'error', id: 1, msg: { code: 26, msg: 'many' } })).toMatchObject({
      fatal: false,
      tooMany: true,
    });
  });

  it('reads the life of a market, and leaves what it pays to the poll', () => {
    const life = (msg: object) =>
      one({ type: 'market_lifecycle_v2', sid: 4, seq: 1, msg: { market_ticker: 'T', ...msg } });
    expect(life({ event_type: 'deactivated' })).toMatchObject({ kind: 'lifecycle', status: 'paused' });
    expect(life({ event_type: 'activated' })).toMatchObject({ status: 'open' });
    expect(life({ event_type: 'close_date_updated', close_ts: 1795350000 })).toMatchObject({
      status: null,
      closesAt: 1795350000000,
    });
    expect(life({ event_type: 'determined', result: 'yes', settlement_value: '1.0000' })).toMatchObject({
      status: 'determined',
      resolution: { outcome: { yesPays: 1_000_000 }, final: false },
    });
    expect(life({ event_type: 'settled', settled_ts: 1795352000 })).toMatchObject({ status: 'determined' });
    expect(life({ event_type: 'created' })).toMatchObject({ kind: 'new-market', native: 'T' });
    expect(
      one({
        type: 'event_fee_update',
        sid: 4,
        seq: 5,
        msg: { event_ticker: 'E', fee_type_override: 'quadratic_with_maker_fees', fee_multiplier_override: 0.5 },
      }),
    ).toMatchObject({
      kind: 'fee',
      nativeGroup: 'E',
      fees: [{ rule: { takerRate: 70_000, makerRate: 17_500, multiplier: 500_000 } }],
    });
  });

  it('refuses with a reason what it cannot read, and never throws', () => {
    for (const body of [
      'x',
      '1',
      '[]',
      '{"type":"orderbook_snapshot","msg":{"market_ticker":"T","yes":[[1,2]]}}',
      '{"type":"orderbook_snapshot","msg":{"market_ticker":"T","yes_dollars_fp":[[null]]}}',
      '{"type":"trade","msg":{}}',
      '{"type":"market_lifecycle_v2","msg":{}}',
    ])
      expect(one(body)).toMatchObject({ kind: 'rejected', reason: expect.any(String) as string });
  });
});

describe('commands', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const config = { restUrl: 'http://h/trade-api/v2', socketUrl: 'ws://h/trade-api/ws/v2', keyId: 'k', privateKey };
  const socket = kalshi.socket(config);
  const market = { id: 'kalshi:T' } as MarketInfo;
  let id = 0;
  const ids = { next: () => ++id };

  it('poll without a key and say so', () => {
    expect(kalshi.socket({ ...config, privateKey: null })).toBeNull();
    expect(kalshi.access({ ...config, keyId: null }).how).toBe('poll');
    expect(kalshi.access(config).how).toBe('stream');
  });

  it('always say which prices NO levels carry', () => {
    const frame = JSON.parse(socket?.subscribe([market], ids)[0] ?? '') as { params: object };
    expect(frame.params).toEqual({
      channels: ['orderbook_delta', 'trade'],
      market_tickers: ['T'],
      use_yes_price: false,
    });
  });

  it('ask a live subscription for books by its sid', () => {
    const session = {
      streams: new Map([
        ['orderbook_delta', '3'],
        ['trade', '4'],
      ]),
    };
    const refresh = socket
      ?.refresh([market], session, ids)
      .map((frame) => (JSON.parse(frame) as { params: object }).params);
    expect(refresh).toEqual([{ sid: 3, action: 'get_snapshot', market_tickers: ['T'] }]);
    expect(socket?.change([market], [], session, ids).length).toBe(2);
    expect(socket?.refresh([market], { streams: new Map() }, ids)).toEqual([]);
  });

  it('subscribe whole what is added while one of the channels is not acknowledged yet', () => {
    const session = { streams: new Map([['orderbook_delta', '3']]) };
    const frames = socket?.change([market], [], session, ids).map((frame) => JSON.parse(frame) as object);
    expect(frames).toMatchObject([
      { cmd: 'subscribe', params: { channels: ['orderbook_delta', 'trade'], market_tickers: ['T'] } },
    ]);
  });

  it('sign timestamp, method and path without the query', () => {
    const headers = signedHeaders(
      { id: 'k', pem: privateKey },
      'GET',
      'https://h/trade-api/v2/markets?limit=1',
      1795340001000.4,
    );
    expect(headers['KALSHI-ACCESS-TIMESTAMP']).toBe('1795340001000');
    const good = verify(
      'sha256',
      Buffer.from('1795340001000GET/trade-api/v2/markets'),
      { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
      Buffer.from(headers['KALSHI-ACCESS-SIGNATURE'], 'base64'),
    );
    expect(good).toBe(true);
  });
});

describe('catalogue', () => {
  it('keeps an unknown fee unknown', () => {
    expect(feesFrom('quadratic', 1)).toEqual([
      { from: 0, rule: { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 } },
    ]);
    expect(feesFrom('flat', 1)).toBeNull();
    expect(feesFrom('quadratic', 'x')).toBeNull();
  });

  it.each([
    ['Will the bill pass?', 'Yes', 'Will the bill pass?'],
    ['Rates in June: cut of 25 basis points?', 'Cut of 25 basis points', 'Rates in June: cut of 25 basis points?'],
    ['Coin up or down', 'Up', 'Coin up or down: Up'],
    ['Who wins?', 'Ada Lund', 'Who wins?: Ada Lund'],
    ['Will Ada Lund win?', 'Ada Lund', 'Will Ada Lund win?'],
  ])('says what YES of “%s” stands for where the question does not', (title, yes, shown) => {
    const raw = {
      ticker: 'KX-1',
      status: 'active',
      title,
      yes_sub_title: yes,
      price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0100' }],
    };
    expect(readMarket(raw, {}, null, false)).toMatchObject({ title: shown });
  });

  it('takes prices from the ranges only', () => {
    expect(
      gridFrom([
        { start: '0.9000', end: '1.0000', step: '0.0010' },
        { start: '0.0000', end: '0.9000', step: '0.0100' },
      ])?.map((range) => range.step),
    ).toEqual([10_000, 1000]);
    expect(gridFrom([{ start: '0', end: '1', step: 'x' }])).toBeNull();
    expect(gridFrom([])).toBeNull();
  });

  const OPEN_TO_ALL = { restUrl: 'http://h/trade-api/v2', socketUrl: 'ws://h/', keyId: null, privateKey: null };
  it('says that the exchange takes no orders, and until when', async () => {
    const saying = (answer: object) =>
      kalshi.paused!({
        config: OPEN_TO_ALL,
        now: () => 0,
        get: () => Promise.resolve(answer),
        post: () => Promise.resolve(null),
      });
    const open = { exchange_active: true, trading_active: true, exchange_estimated_resume_time: null };
    expect(await saying(open)).toBeNull();
    expect(await saying({})).toBeNull();
    expect(await saying({ ...open, trading_active: false })).toBe('Kalshi takes no orders at present');
    const closed = { ...open, exchange_active: false, exchange_estimated_resume_time: '2026-11-26T10:00:00Z' };
    expect(await saying(closed)).toContain('until about 2026-11-26T10:00:00.000Z');
  });

  it('reads what YES pays, and calls nothing settled without a value', () => {
    expect(
      readLife({ ticker: 'T', status: 'finalized', settlement_value_dollars: '0.5000', result: 'scalar' }),
    ).toMatchObject({ status: 'settled', resolution: { outcome: { yesPays: 500_000 }, final: true } });
    expect(readLife({ ticker: 'T', status: 'determined', result: 'no' })).toMatchObject({
      status: 'determined',
      resolution: { outcome: { yesPays: 0 }, final: false },
    });
    expect(readLife({ ticker: 'T', status: 'finalized', result: '' })).toMatchObject({ status: 'determined' });
    expect(readLife({ ticker: 'T', status: 'strange' })).toBeNull();
  });
});

describe.skipIf(!samples)('captured frames (ARBINTEL_SAMPLES)', () => {
  it('have a contiguous sequence and no refused frame', () => {
    const seqs: number[] = [];
    const frames = sample('ws_orderbook_stream_part1.jsonl').trim().split('\n');
    for (const line of frames) {
      const { frame } = JSON.parse(line) as { frame: unknown };
      for (const message of parse(frame)) {
        expect(message.kind).not.toBe('rejected');
        expect(message.kind).not.toBe('unknown');
        const { sequence } = message as { sequence?: { seq: number } };
        if (sequence) seqs.push(sequence.seq);
      }
    }
    expect(frames.length).toBe(145);
    expect(seqs).toEqual(Array.from({ length: 144 }, (_, at) => at + 1));
  });

  it('list their events with groups and readable grids', () => {
    const { events } = JSON.parse(sample('events_nfl_preseason_first8.json')) as { events: Record<string, unknown>[] };
    const page = readEvents(events, new Map([['KXNFLGAME', feesFrom('quadratic', 1)]]));
    expect(page.refused).toEqual([]);
    expect(page.markets.length).toBeGreaterThan(8);
    expect(page.groups.every((group) => group.exclusive && !group.exhaustive)).toBe(true);
    expect(page.markets.every((market) => market.fees !== null && market.status === 'open')).toBe(true);
  });

  it('settle', () => {
    const body = JSON.parse(sample('markets_settled_first14.json')) as { markets: Record<string, unknown>[] };
    const lives = body.markets.map(readLife);
    expect(lives.every((life) => life?.status === 'settled' && life.resolution?.final === true)).toBe(true);
  });
});
