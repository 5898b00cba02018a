import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createHash, createPrivateKey } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOptions } from './options.js';
import { Simulator, type SimulatorFacts } from './simulator.js';
import { connect, get, post, signed, type Client } from './testing/venue-client.js';

let folder: string;
let simulator: Simulator;
let facts: SimulatorFacts;
const clients: Client[] = [];

async function start(...more: string[]): Promise<void> {
  ({ simulator, facts } = await Simulator.start(readOptions(['--state', folder, '--seed', '7', ...more], {})));
}

async function polymarket(features = true): Promise<Client> {
  const client = await connect(facts.polymarketSocketUrl);
  clients.push(client);
  void features;
  return client;
}

async function kalshi(): Promise<Client> {
  const key = createPrivateKey(readFileSync(facts.kalshiPrivateKeyFile));
  const client = await connect(
    facts.kalshiSocketUrl,
    signed(key, facts.kalshiKeyId, 'GET', '/trade-api/ws/v2', Date.now()),
  );
  clients.push(client);
  return client;
}

async function tokens(): Promise<{ readonly ids: string[]; readonly markets: Record<string, any>[] }> {
  const { body } = await get(`${facts.gammaUrl}/markets/keyset?limit=100&closed=false`);
  const markets = body.markets as Record<string, any>[];
  return { ids: markets.flatMap((market) => JSON.parse(market.clobTokenIds) as string[]), markets };
}

async function tickers(): Promise<string[]> {
  const { body } = await get(`${facts.kalshiRestUrl}/markets?status=open&limit=1000`);
  return (body.markets as { ticker: string }[]).map(({ ticker }) => ticker);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await simulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the Polymarket server', () => {
  it('pages its events with after_cursor and ignores cursor', async () => {
    await start();
    const seen: string[] = [];
    let after = '';
    do {
      const { body } = await get(
        `${facts.gammaUrl}/events/keyset?limit=5&closed=false${after && `&after_cursor=${after}`}`,
      );
      for (const event of body.events) seen.push(event.id);
      after = body.next_cursor ?? '';
    } while (after);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(12);
    const first = await get(`${facts.gammaUrl}/events/keyset?limit=5`);
    const again = await get(`${facts.gammaUrl}/events/keyset?limit=5&cursor=${first.body.next_cursor}`);
    expect(again.body.events.map((each: any) => each.id)).toEqual(first.body.events.map((each: any) => each.id));
    expect((await get(`${facts.gammaUrl}/events/keyset?offset=5`)).status).toBe(400);
  });

  it('spells a market as Gamma does, and the CLOB agrees', async () => {
    await start();
    const { markets } = await tokens();
    const market = markets.find(({ negRisk }) => negRisk)!;
    expect(typeof market.outcomes).toBe('string');
    expect(typeof market.volume).toBe('string');
    expect(typeof market.volumeNum).toBe('number');
    expect(market.feeSchedule).toMatchObject({ exponent: 1, takerOnly: true });
    const [token] = JSON.parse(market.clobTokenIds) as string[];
    const { body } = await get(`${facts.clobUrl}/book?token_id=${token}`);
    expect(body).toMatchObject({
      asset_id: token,
      market: market.conditionId,
      neg_risk: true,
      min_order_size: '5',
      tick_size: '0.01',
    });
    expect(Number(body.bids.at(-1).price)).toBeGreaterThan(Number(body.bids[0].price));
    expect(Number(body.asks.at(-1).price)).toBeLessThan(Number(body.asks[0].price));
    const one = await get(`${facts.clobUrl}/clob-markets/${market.conditionId}`);
    expect(one.body).toMatchObject({ mts: 0.01, nr: true, fd: { r: market.feeSchedule.rate, e: 1, to: true } });
    expect((await get(`${facts.clobUrl}/book?token_id=123`)).status).toBe(404);
    const many = await post(`${facts.clobUrl}/books`, [{ token_id: token }, { token_id: '5' }]);
    expect(many.body).toHaveLength(1);
    expect((await get(`${facts.gammaUrl}/markets/${market.id}`)).body.conditionId).toBe(market.conditionId);
    expect((await get(`${facts.gammaUrl}/markets/slug/${market.slug}`)).body.conditionId).toBe(market.conditionId);
  });

  it('opens with an array of books and proves every price change by the hash', async () => {
    await start('--rate', '4');
    const { ids, markets } = await tokens();
    const client = await polymarket();
    client.send({ type: 'market', assets_ids: ids, custom_feature_enabled: true });
    const opening = (await client.next((frame) => Array.isArray(frame))) as any[];
    expect(opening).toHaveLength(ids.length);
    const books = new Map<string, any>(
      opening.map((book) => [
        book.asset_id,
        { ...book, bids: new Map(book.bids.map(pair)), asks: new Map(book.asks.map(pair)) },
      ]),
    );
    const neg = new Map(
      markets.flatMap((market) =>
        (JSON.parse(market.clobTokenIds) as string[]).map((id) => [id, market.negRisk as boolean]),
      ),
    );
    const hash = (book: any, stamp: string): string =>
      createHash('sha1')
        .update(
          JSON.stringify({
            market: book.market,
            asset_id: book.asset_id,
            timestamp: stamp,
            hash: '',
            bids: levels(book.bids, 1),
            asks: levels(book.asks, -1),
            min_order_size: '5',
            tick_size: book.tick_size,
            neg_risk: neg.get(book.asset_id),
            last_trade_price: book.last_trade_price,
          }),
        )
        .digest('hex');
    for (const book of books.values()) expect(hash(book, book.timestamp)).toBe(book.hash);
    await client.wait(2_500);
    let proven = 0;
    let failed = 0;
    const types = new Set<string>();
    const traded = new Set<string>();
    for (const frame of client.rest() as any[]) {
      types.add(frame.event_type);
      if (frame.event_type === 'price_change') {
        const assets = new Set<string>();
        for (const row of frame.price_changes) {
          assets.add(row.asset_id);
          const side = row.side === 'BUY' ? books.get(row.asset_id).bids : books.get(row.asset_id).asks;
          if (row.size === '0') side.delete(row.price);
          else side.set(row.price, row.size);
        }
        expect(assets.size).toBe(2);
        for (const row of frame.price_changes) {
          const book = books.get(row.asset_id);
          const price = (map: Map<string, string>, pick: (...n: number[]) => number): number =>
            pick(...[...map.keys()].map(Number));
          expect(Number(row.best_bid)).toBe(book.bids.size ? price(book.bids, Math.max) : 0);
          expect(Number(row.best_ask)).toBe(book.asks.size ? price(book.asks, Math.min) : 1);
          if (traded.has(frame.market)) continue;
          // A trade's price enters the hash before the trade is told.
          if (hash(book, frame.timestamp) === row.hash) proven++;
          else {
            failed++;
            traded.add(frame.market);
          }
        }
      } else if (frame.event_type === 'last_trade_price') {
        expect(frame.transaction_hash).toMatch(/^0x[0-9a-f]{64}$/);
        for (const book of books.values()) if (book.market === frame.market) book.last_trade_price = frame.price;
        traded.delete(frame.market);
      } else if (frame.event_type === 'tick_size_change') books.get(frame.asset_id).tick_size = frame.new_tick_size;
    }
    expect(proven).toBeGreaterThan(150);
    expect(failed).toBeLessThan(proven / 4);
    expect([...types]).toEqual(expect.arrayContaining(['price_change', 'book', 'last_trade_price', 'best_bid_ask']));
  });

  it('answers PING, NO NEW ASSETS and INVALID OPERATION as text', async () => {
    await start();
    const { ids } = await tokens();
    const client = await polymarket();
    client.send('PING');
    expect(await client.next((frame) => frame === 'PONG')).toBe('PONG');
    client.send({ type: 'market', assets_ids: [ids[0], '77', 'nonsense'] });
    expect(await client.next((frame) => Array.isArray(frame))).toHaveLength(1);
    client.send({ assets_ids: [ids[0]], operation: 'subscribe' });
    expect(await client.next((frame) => frame === 'NO NEW ASSETS')).toBeDefined();
    client.send('what');
    expect(await client.next((frame) => frame === 'INVALID OPERATION')).toBeDefined();
    client.send({ assets_ids: [ids[0]], operation: 'unsubscribe' });
    await client.wait(200);
    client.rest();
    await client.wait(1_500);
    expect(client.rest()).toEqual([]);
  });
});

const pair = (level: { price: string; size: string }): [string, string] => [level.price, level.size];
const levels = (map: Map<string, string>, order: 1 | -1): { price: string; size: string }[] =>
  [...map].map(([price, size]) => ({ price, size })).sort((a, b) => order * (Number(a.price) - Number(b.price)));

describe('the Kalshi server', () => {
  it('wants a signature at the handshake', async () => {
    await start();
    await expect(connect(facts.kalshiSocketUrl)).rejects.toThrow('401');
    const key = createPrivateKey(readFileSync(facts.kalshiPrivateKeyFile));
    const stale = signed(key, facts.kalshiKeyId, 'GET', '/trade-api/ws/v2', Date.now() - 60_000);
    await expect(connect(facts.kalshiSocketUrl, stale)).rejects.toThrow('401');
    const wrongPath = signed(key, facts.kalshiKeyId, 'GET', '/ws/v2', Date.now());
    await expect(connect(facts.kalshiSocketUrl, wrongPath)).rejects.toThrow('401');
    await expect(kalshi()).resolves.toBeDefined();
  });

  it('counts seq per sid over snapshots, deltas and acknowledgements, and merges subscriptions', async () => {
    await start('--rate', '4');
    const names = await tickers();
    const client = await kalshi();
    client.send({
      id: 1,
      cmd: 'subscribe',
      params: { channels: ['orderbook_delta', 'trade'], market_tickers: names.slice(0, 3), use_yes_price: false },
    });
    client.send({ id: 2, cmd: 'subscribe', params: { channels: ['orderbook_delta'], market_ticker: names[3] } });
    client.send({ id: 3, cmd: 'subscribe', params: { channels: ['orderbook_delta'], market_ticker: names[3] } });
    client.send({
      id: 4,
      cmd: 'update_subscription',
      params: { sid: 1, action: 'add_markets', market_tickers: [names[4]] },
    });
    client.send({
      id: 5,
      cmd: 'update_subscription',
      params: { sids: [1], action: 'get_snapshot', market_tickers: [names[0]] },
    });
    client.send({ id: 6, cmd: 'list_subscriptions' });
    expect(await client.next((frame: any) => frame.id === 6)).toMatchObject({
      type: 'ok',
      msg: [
        { channel: 'orderbook_delta', sid: 1 },
        { channel: 'trade', sid: 2 },
      ],
    });
    await client.wait(2_500);
    client.send({
      id: 7,
      cmd: 'update_subscription',
      params: { sid: 1, action: 'delete_markets', market_tickers: [names[4]] },
    });
    client.send({ id: 8, cmd: 'unsubscribe', params: { sids: [1] } });
    await client.next((frame: any) => frame.type === 'unsubscribed', true);
    const frames = client.all() as any[];
    expect(frames.filter(({ type }) => type === 'subscribed').map(({ msg }) => msg.channel)).toEqual([
      'orderbook_delta',
      'trade',
    ]);
    expect(frames.filter(({ sid, seq }) => sid === 1 && seq).map(({ seq }) => seq)).toEqual(
      frames.filter(({ sid, seq }) => sid === 1 && seq).map((_, i) => i + 1),
    );
    const snapshots = frames.filter(({ type }) => type === 'orderbook_snapshot');
    expect(snapshots.map(({ msg }) => msg.market_ticker)).toEqual([...names.slice(0, 4), names[4], names[0]]);
    expect(snapshots.at(-1).id).toBe(5);
    expect(frames.find(({ id, type }) => id === 4 && type === 'ok').msg.market_tickers).toEqual(
      [...names.slice(0, 5)].sort(),
    );
    // Books rebuilt from increments equal the snapshot that was asked for later.
    const book = new Map<string, number>();
    let checked = false;
    for (const { type, id, msg } of frames) {
      if (msg?.market_ticker !== names[0]) continue;
      if (type === 'orderbook_snapshot') {
        const next = new Map<string, number>();
        for (const side of ['yes', 'no'])
          for (const [price, size] of msg[`${side}_dollars_fp`] ?? []) next.set(`${side}${price}`, Number(size));
        if (id === 5) {
          expect(Object.fromEntries(book)).toEqual(Object.fromEntries(next));
          checked = true;
        }
        book.clear();
        next.forEach((size, level) => book.set(level, size));
      } else if (type === 'orderbook_delta') {
        const level = `${msg.side}${msg.price_dollars}`;
        const size = Math.round(((book.get(level) ?? 0) + Number(msg.delta_fp)) * 100) / 100;
        expect(size).toBeGreaterThanOrEqual(0);
        if (size === 0) book.delete(level);
        else book.set(level, size);
      }
    }
    expect(checked).toBe(true);
    expect(frames.filter(({ type }) => type === 'orderbook_delta').length).toBeGreaterThan(20);
  });

  it('answers mistakes with the codes of its table', async () => {
    await start();
    const client = await kalshi();
    const wrong: [unknown, number][] = [
      ['nonsense', 1],
      [{ id: 1, cmd: 'dance' }, 5],
      [{ id: 2, cmd: 'subscribe' }, 2],
      [{ id: 3, cmd: 'subscribe', params: {} }, 3],
      [{ id: 4, cmd: 'subscribe', params: { channels: ['ticker_v2'] } }, 8],
      [{ id: 5, cmd: 'subscribe', params: { channels: ['orderbook_delta'] } }, 14],
      [{ id: 6, cmd: 'unsubscribe', params: {} }, 4],
      [{ id: 7, cmd: 'unsubscribe', params: { sids: [9] } }, 7],
      [{ id: 8, cmd: 'update_subscription', params: {} }, 12],
      [
        {
          id: 9,
          cmd: 'subscribe',
          params: { channels: ['orderbook_delta'], market_tickers: Array.from({ length: 501 }, (_, i) => `T${i}`) },
        },
        26,
      ],
    ];
    for (const [command, code] of wrong) {
      client.send(command);
      expect(await client.next((frame: any) => frame.type === 'error')).toMatchObject({ msg: { code } });
    }
  });

  it('serves its catalogue, books and series by REST, and refuses over its budget', async () => {
    await start();
    const { body } = await get(`${facts.kalshiRestUrl}/events?status=open&with_nested_markets=true&limit=5`);
    expect(body.events).toHaveLength(5);
    expect(body.cursor).not.toBe('');
    const event = body.events.find((each: any) => each.markets.length > 1);
    expect(event.mutually_exclusive).toBe(true);
    const [market] = event.markets;
    expect(market).toMatchObject({
      status: 'active',
      price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0100' }],
    });
    const books = await get(`${facts.kalshiRestUrl}/markets/orderbooks?tickers=${market.ticker}`);
    const { yes_dollars: yes, no_dollars: no } = books.body.orderbooks[0].orderbook_fp;
    expect(Number(yes.at(-1)[0])).toBeGreaterThan(Number(yes[0][0]));
    expect(Number(yes.at(-1)[0]) + Number(no.at(-1)[0])).toBeLessThan(1);
    expect((await get(`${facts.kalshiRestUrl}/series/${event.series_ticker}`)).body.series).toMatchObject({
      fee_type: expect.stringContaining('quadratic'),
    });
    expect((await get(`${facts.kalshiRestUrl}/exchange/status`)).body.trading_active).toBe(true);
    const trades = await get(`${facts.kalshiRestUrl}/markets/trades?ticker=${market.ticker}`);
    expect(trades.body.trades[0]).toMatchObject({
      ticker: market.ticker,
      taker_book_side: expect.stringMatching(/bid|ask/),
    });
    const signedWrong = await get(`${facts.kalshiRestUrl}/exchange/status`, {
      'kalshi-access-key': 'x',
      'kalshi-access-timestamp': String(Date.now()),
      'kalshi-access-signature': 'eA==',
    });
    expect(signedWrong.status).toBe(401);
    const many = await Promise.all(Array.from({ length: 40 }, () => get(`${facts.kalshiRestUrl}/exchange/status`)));
    expect(many.find(({ status }) => status === 429)?.body).toEqual({ error: 'too many requests' });
  });
});
