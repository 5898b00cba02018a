import { describe, it } from 'vitest';
import { Simulated, type Finished, TokenBook, tokensOf } from './testing/simulated.js';
import { connect, get, post, signed, type Loose } from './testing/venue-client.js';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Tests wait on clocks: each has a simulator of its own, so that they run side by side. */
const started = (finished: Finished): Promise<Simulated> => Simulated.forTest(finished, ['--seed', '7', '--rate', '4']);

describe.concurrent('the Polymarket server', () => {
  it('pages its events with after_cursor and ignores cursor', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const { gammaUrl } = venue.facts;
    const seen: string[] = [];
    let after = '';
    do {
      const { body } = await get(`${gammaUrl}/events/keyset?limit=5&closed=false${after && `&after_cursor=${after}`}`);
      for (const event of body.events) seen.push(event.id);
      after = body.next_cursor ?? '';
    } while (after);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(12);
    const first = await get(`${gammaUrl}/events/keyset?limit=5`);
    const again = await get(`${gammaUrl}/events/keyset?limit=5&cursor=${first.body.next_cursor}`);
    const ids = (answer: Loose): string[] => answer.body.events.map((each: Loose) => each.id);
    expect(ids(again)).toEqual(ids(first));
    expect((await get(`${gammaUrl}/events/keyset?offset=5`)).status).toBe(400);
  });

  it('spells a market as Gamma does, and the CLOB agrees', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const { gammaUrl, clobUrl } = venue.facts;
    const market = (await venue.gammaMarkets()).find(({ negRisk }) => negRisk);
    expect(typeof market.outcomes).toBe('string');
    expect(typeof market.volume).toBe('string');
    expect(typeof market.volumeNum).toBe('number');
    expect(market.feeSchedule).toMatchObject({ exponent: 1, takerOnly: true });
    const [token] = tokensOf(market);
    const { body } = await get(`${clobUrl}/book?token_id=${token}`);
    expect(body).toMatchObject({
      asset_id: token,
      market: market.conditionId,
      neg_risk: true,
      min_order_size: '5',
      tick_size: '0.01',
    });
    expect(Number(body.bids.at(-1).price)).toBeGreaterThan(Number(body.bids[0].price));
    expect(Number(body.asks.at(-1).price)).toBeLessThan(Number(body.asks[0].price));
    const one = await get(`${clobUrl}/clob-markets/${market.conditionId}`);
    expect(one.body).toMatchObject({ mts: 0.01, nr: true, fd: { r: market.feeSchedule.rate, e: 1, to: true } });
    expect((await get(`${clobUrl}/book?token_id=123`)).status).toBe(404);
    expect((await post(`${clobUrl}/books`, [{ token_id: token }, { token_id: '5' }])).body).toHaveLength(1);
    expect((await get(`${gammaUrl}/markets/${market.id}`)).body.conditionId).toBe(market.conditionId);
    expect((await get(`${gammaUrl}/markets/slug/${market.slug}`)).body.conditionId).toBe(market.conditionId);
    const byCondition = await get(`${gammaUrl}/markets?condition_ids=${market.conditionId}`);
    expect(byCondition.body[0].id).toBe(market.id);
  });

  it('opens with an array of books, and its changes are proved by hash and touch', async ({
    expect,
    onTestFinished,
  }) => {
    const venue = await started(onTestFinished);
    const markets = await venue.gammaMarkets();
    const negRisk = new Map(markets.flatMap((market) => tokensOf(market).map((id) => [id, market.negRisk])));
    const client = await venue.polymarket();
    client.send({ type: 'market', assets_ids: [...negRisk.keys()], custom_feature_enabled: true });
    const opening: Loose[] = await client.next((frame) => Array.isArray(frame));
    const books = new Map(opening.map((book) => [book.asset_id, new TokenBook(book, negRisk.get(book.asset_id))]));
    expect(books.size).toBe(negRisk.size);
    expect(opening.filter((book) => books.get(book.asset_id)!.hash(book.timestamp) !== book.hash)).toEqual([]);
    await client.wait(2_500);

    const seen = { proven: 0, trades: 0, wrong: [] as unknown[], types: new Set<string>() };
    /** A trade's price enters the hash about 40 ms before the trade is told. */
    const trading = new Map<string, number>();
    for (const frame of client.rest()) {
      seen.types.add(frame.event_type);
      if (frame.event_type === 'price_change') {
        for (const row of frame.price_changes) books.get(row.asset_id)!.set(row);
        if (new Set(frame.price_changes.map((row: Loose) => row.asset_id)).size !== 2) seen.wrong.push(frame);
        for (const row of frame.price_changes) {
          const book = books.get(row.asset_id)!;
          const [bid, ask] = book.best();
          if (Number(row.best_bid) !== bid || Number(row.best_ask) !== ask) seen.wrong.push({ row, bid, ask });
          if (book.hash(frame.timestamp) === row.hash) seen.proven++;
          else if (!trading.has(frame.market)) trading.set(frame.market, Number(frame.timestamp));
        }
      } else if (frame.event_type === 'last_trade_price') {
        seen.trades++;
        trading.delete(frame.market);
        for (const book of books.values()) if (book.opening.market === frame.market) book.lastTrade = frame.price;
      } else if (frame.event_type === 'tick_size_change') books.get(frame.asset_id)!.tick = frame.new_tick_size;
    }
    expect(seen.wrong).toEqual([]);
    expect(seen.proven).toBeGreaterThan(150);
    expect(seen.trades).toBeGreaterThan(5);
    const stale = Date.now() - 500;
    expect([...trading.values()].filter((since) => since < stale)).toEqual([]);
    expect([...seen.types]).toEqual(
      expect.arrayContaining(['price_change', 'book', 'last_trade_price', 'best_bid_ask']),
    );
  });

  it('answers PING, NO NEW ASSETS and INVALID OPERATION as text', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const [first] = tokensOf((await venue.gammaMarkets())[0]);
    const client = await venue.polymarket();
    client.send('PING');
    expect(await client.next((frame) => frame === 'PONG')).toBe('PONG');
    client.send({ type: 'market', assets_ids: [first, '77', 'nonsense'] });
    expect(await client.next((frame) => Array.isArray(frame))).toHaveLength(1);
    client.send({ assets_ids: [first], operation: 'subscribe' });
    await client.next((frame) => frame === 'NO NEW ASSETS');
    client.send('what');
    await client.next((frame) => frame === 'INVALID OPERATION');
    client.send({ assets_ids: [first], operation: 'unsubscribe' });
    await client.wait(200);
    client.rest();
    await client.wait(1_000);
    expect(client.rest()).toEqual([]);
  });
});

describe.concurrent('the Kalshi server', () => {
  it('wants a signature at the handshake', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const { kalshiPrivateKeyFile, kalshiKeyId, kalshiSocketUrl } = venue.facts;
    const key = createPrivateKey(readFileSync(kalshiPrivateKeyFile));
    const path = '/trade-api/ws/v2';
    await expect(connect(kalshiSocketUrl)).rejects.toThrow('401');
    const stale = signed(key, kalshiKeyId, 'GET', path, Date.now() - 60_000);
    await expect(connect(kalshiSocketUrl, stale)).rejects.toThrow('401');
    const wrongPath = signed(key, kalshiKeyId, 'GET', '/ws/v2', Date.now());
    await expect(connect(kalshiSocketUrl, wrongPath)).rejects.toThrow('401');
    await expect(venue.kalshi()).resolves.toBeDefined();
  });

  it('counts seq per sid over snapshots, deltas and acknowledgements, and merges subscriptions', async ({
    expect,
    onTestFinished,
  }) => {
    const venue = await started(onTestFinished);
    const names = await venue.tickers();
    const client = await venue.kalshi();
    const subscribe = (id: number, channels: string[], market_tickers: string[]): void =>
      client.send({ id, cmd: 'subscribe', params: { channels, market_tickers, use_yes_price: false } });
    const update = (id: number, action: string, market_tickers: string[]): void =>
      client.send({ id, cmd: 'update_subscription', params: { sid: 1, action, market_tickers } });
    subscribe(1, ['orderbook_delta', 'trade'], names.slice(0, 3));
    subscribe(2, ['orderbook_delta'], [names[3]]);
    subscribe(3, ['orderbook_delta'], [names[3]]);
    update(4, 'add_markets', [names[4]]);
    await client.wait(2_000);
    update(5, 'get_snapshot', [names[0]]);
    client.send({ id: 6, cmd: 'list_subscriptions' });
    expect((await client.next((frame) => frame.id === 6)).msg).toEqual([
      { channel: 'orderbook_delta', sid: 1 },
      { channel: 'trade', sid: 2 },
    ]);
    update(7, 'delete_markets', [names[4]]);
    client.send({ id: 8, cmd: 'unsubscribe', params: { sids: [1] } });
    await client.next((frame) => frame.type === 'unsubscribed');

    const frames = client.all();
    const sequence = frames.filter(({ sid, seq }) => sid === 1 && seq !== undefined).map(({ seq }) => seq);
    expect(sequence).toEqual(sequence.map((_, i) => i + 1));
    const channels = frames.filter(({ type }) => type === 'subscribed').map(({ msg }) => msg.channel);
    expect(channels).toEqual(['orderbook_delta', 'trade']);
    const snapshots = frames.filter(({ type }) => type === 'orderbook_snapshot');
    expect(snapshots.map(({ msg }) => msg.market_ticker)).toEqual([...names.slice(0, 5), names[0]]);
    expect(snapshots.at(-1).id).toBe(5);
    const added = frames.find(({ id, type }) => id === 4 && type === 'ok');
    expect(added.msg.market_tickers).toEqual(names.slice(0, 5).sort());
    expect(frames.filter(({ type }) => type === 'orderbook_delta').length).toBeGreaterThan(20);
    const { grown, asked, lowest } = rebuild(frames, names[0]);
    expect(grown).toEqual(asked);
    expect(lowest).toBeGreaterThanOrEqual(0);
  });

  it('answers mistakes with the codes of its table', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const client = await venue.kalshi();
    const many = Array.from({ length: 501 }, (_, i) => `T${i}`);
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
      [{ id: 9, cmd: 'subscribe', params: { channels: ['orderbook_delta'], market_tickers: many } }, 26],
    ];
    for (const [command, code] of wrong) {
      client.send(command);
      expect(await client.next(({ type }) => type === 'error')).toMatchObject({ msg: { code } });
    }
  });

  it('serves its catalogue, books, trades and series by REST', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const { kalshiRestUrl: url } = venue.facts;
    const { body } = await get(`${url}/events?status=open&with_nested_markets=true&limit=5`);
    expect(body.events).toHaveLength(5);
    expect(body.cursor).not.toBe('');
    const event = body.events.find(({ markets }: Loose) => markets.length > 1);
    expect(event.mutually_exclusive).toBe(true);
    const [market] = event.markets;
    const cents = [{ start: '0.0000', end: '1.0000', step: '0.0100' }];
    expect(market).toMatchObject({ status: 'active', price_ranges: cents });
    const books = await get(`${url}/markets/orderbooks?tickers=${market.ticker}`);
    const { yes_dollars: yes, no_dollars: no } = books.body.orderbooks[0].orderbook_fp;
    expect(Number(yes.at(-1)[0])).toBeGreaterThan(Number(yes[0][0]));
    expect(Number(yes.at(-1)[0]) + Number(no.at(-1)[0])).toBeLessThan(1);
    const { series } = (await get(`${url}/series/${event.series_ticker}`)).body;
    expect(series.fee_type).toContain('quadratic');
    expect((await get(`${url}/exchange/status`)).body.trading_active).toBe(true);
    const trades = await get(`${url}/markets/trades?ticker=${market.ticker}`);
    expect(trades.body.trades[0]).toMatchObject({ ticker: market.ticker, is_block_trade: false });
  });

  it('refuses a bad signature, and answers 429 over its budget', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const url = `${venue.facts.kalshiRestUrl}/exchange/status`;
    const bad = {
      'kalshi-access-key': venue.facts.kalshiKeyId,
      'kalshi-access-timestamp': String(Date.now()),
      'kalshi-access-signature': 'eA==',
    };
    expect((await get(url, bad)).status).toBe(401);
    const many = await Promise.all(Array.from({ length: 40 }, () => get(url)));
    expect(many.find(({ status }) => status === 429)?.body).toEqual({ error: 'too many requests' });
  });
});

/** One ticker's book grown from its first snapshot and deltas until it was asked for again, and what was answered. */
function rebuild(frames: readonly Loose[], ticker: string): { grown: unknown; asked: unknown; lowest: number } {
  const book = new Map<string, number>();
  let lowest = 0;
  for (const { type, id, msg } of frames) {
    if (msg?.market_ticker !== ticker) continue;
    if (type === 'orderbook_snapshot') {
      const whole = new Map<string, number>();
      for (const side of ['yes', 'no'])
        for (const [price, size] of msg[`${side}_dollars_fp`] ?? []) whole.set(side + price, Math.round(size * 100));
      if (id === 5) return { grown: Object.fromEntries(book), asked: Object.fromEntries(whole), lowest };
      whole.forEach((size, level) => book.set(level, size));
    } else if (type === 'orderbook_delta') {
      const level = msg.side + msg.price_dollars;
      const size = (book.get(level) ?? 0) + Math.round(Number(msg.delta_fp) * 100);
      lowest = Math.min(lowest, size);
      if (size === 0) book.delete(level);
      else book.set(level, size);
    }
  }
  return { grown: null, asked: undefined, lowest };
}
