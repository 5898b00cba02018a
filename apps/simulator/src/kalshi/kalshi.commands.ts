import { stageOf } from '../model/listing.js';
import type { Feed, Market } from '../model/market.js';
import type { Outlet } from '../wire/outlet.js';
import { snapshotMsg } from './kalshi.book.js';
import { CHANNELS, Stream, type Channel } from './kalshi.stream.js';

export interface Connection {
  readonly outlet: Outlet;
  readonly streams: Map<number, Stream>;
  nextSid: number;
}

/** Error codes of the venue's table (AsyncAPI specification, autumn 2026). */
const ERRORS: Readonly<Record<number, string>> = {
  1: 'Unable to process message',
  2: 'Params required',
  3: 'Channels required',
  4: 'Subscription IDs required',
  5: 'Unknown command',
  7: 'Unknown subscription ID',
  8: 'Unknown channel name',
  10: 'Channel error',
  11: 'Invalid parameter',
  12: 'Exactly one subscription ID is required',
  13: 'Unsupported action',
  14: 'Market Ticker required',
  15: 'Action required',
  25: 'Subscription buffer overflow',
  26: 'Subscription market limit exceeded',
};

/** Markets one subscription may hold. The venue states none; its error 26 exists. */
export const MOST_MARKETS = 500;

type Params = Readonly<Record<string, unknown>>;

/** What a client may say, and what it hears at once. */
export class Commands {
  constructor(
    readonly feed: Feed,
    readonly ticker: (market: Market) => string,
  ) {}

  heard(connection: Connection, text: string): void {
    let message: Params;
    try {
      message = JSON.parse(text) as Params;
    } catch {
      return fail(connection, undefined, 1);
    }
    if (typeof message !== 'object' || message === null) return fail(connection, undefined, 1);
    const id = typeof message['id'] === 'number' ? message['id'] : 0;
    const command = message['cmd'];
    if (command === 'list_subscriptions') {
      const list = [...connection.streams.values()].map(({ channel, sid }) => ({ channel, sid }));
      return connection.outlet.control(JSON.stringify({ id, type: 'ok', msg: list }));
    }
    if (command !== 'subscribe' && command !== 'update_subscription' && command !== 'unsubscribe')
      return fail(connection, id, 5);
    const params = message['params'];
    if (typeof params !== 'object' || params === null) return fail(connection, id, 2);
    if (command === 'subscribe') return this.#subscribe(connection, id, params as Params);
    if (command === 'unsubscribe') return this.#unsubscribe(connection, id, params as Params);
    return this.#update(connection, id, params as Params);
  }

  /** The reader is too slow: its subscriptions are over. */
  overflow(connection: Connection): void {
    for (const { sid } of connection.streams.values()) {
      connection.outlet.socket.send(JSON.stringify({ type: 'error', sid, msg: { code: 25, msg: ERRORS[25] } }));
    }
    connection.streams.clear();
  }

  #subscribe(connection: Connection, id: number, params: Params): void {
    const channels = params['channels'];
    if (!Array.isArray(channels) || channels.length === 0) return fail(connection, id, 3);
    if (!channels.every((channel): channel is Channel => CHANNELS.includes(channel as Channel)))
      return fail(connection, id, 8);
    const tickers = tickersOf(params);
    if (tickers === null) return fail(connection, id, 11);
    this.feed.wake?.('kalshi');
    for (const channel of channels) {
      if (channel === 'orderbook_delta' && tickers.length === 0) {
        fail(connection, id, 14);
        continue;
      }
      const held = [...connection.streams.values()].find((stream) => stream.channel === channel);
      if ((held?.tickers.size ?? 0) + tickers.length > MOST_MARKETS) {
        fail(connection, id, 26);
        continue;
      }
      const stream = held ?? new Stream(connection.outlet, connection.nextSid++, channel);
      if (!held) {
        connection.streams.set(stream.sid, stream);
        connection.outlet.data(JSON.stringify({ type: 'subscribed', id, msg: { channel, sid: stream.sid } }));
      }
      if (channel === 'market_lifecycle_v2' || tickers.length === 0) stream.all = true;
      this.#add(stream, tickers, held ? id : null, params['send_initial_snapshot'] === true);
    }
  }

  /** Adds tickers to a stream; `id` when it must be acknowledged. Only new tickers get a snapshot. */
  #add(stream: Stream, tickers: readonly string[], id: number | null, initial: boolean): void {
    const fresh = tickers.filter((ticker) => !stream.tickers.has(ticker));
    for (const ticker of fresh) stream.tickers.add(ticker);
    if (id !== null) stream.acknowledge(id);
    if (stream.channel === 'orderbook_delta') for (const ticker of fresh) this.#snapshot(stream, ticker);
    else if (stream.channel === 'ticker' && initial) {
      for (const ticker of fresh) {
        const market = this.feed.find('kalshi', ticker);
        if (market && stageOf(market, this.feed.now) === 'open') stream.sendPlain('ticker', this.ticker(market));
      }
    }
  }

  #snapshot(stream: Stream, ticker: string, id?: number): void {
    const market = this.feed.find('kalshi', ticker);
    const msg = market ? snapshotMsg(market) : { market_ticker: ticker, market_id: '' };
    stream.send('orderbook_snapshot', JSON.stringify(msg), id);
  }

  #update(connection: Connection, id: number, params: Params): void {
    const sids = sidsOf(params);
    if (sids.length !== 1) return fail(connection, id, 12);
    const stream = connection.streams.get(sids[0]);
    if (!stream) return fail(connection, id, 7);
    const action = params['action'];
    if (action === undefined) return fail(connection, id, 15);
    const tickers = tickersOf(params);
    if (tickers === null || tickers.length === 0) return fail(connection, id, tickers === null ? 11 : 14);
    if (action === 'add_markets') {
      if (stream.tickers.size + tickers.length > MOST_MARKETS) return fail(connection, id, 26);
      return this.#add(stream, tickers, id, params['send_initial_snapshot'] === true);
    }
    if (action === 'delete_markets') {
      for (const ticker of tickers) stream.tickers.delete(ticker);
      return stream.acknowledge(id);
    }
    if (action === 'get_snapshot' && stream.channel === 'orderbook_delta') {
      for (const ticker of tickers) this.#snapshot(stream, ticker, id);
      return;
    }
    fail(connection, id, 13);
  }

  #unsubscribe(connection: Connection, id: number, params: Params): void {
    const sids = sidsOf(params);
    if (sids.length === 0) return fail(connection, id, 4);
    for (const sid of sids) {
      const stream = connection.streams.get(sid);
      if (!stream) {
        fail(connection, id, 7);
        continue;
      }
      connection.streams.delete(sid);
      stream.end(id);
    }
  }
}

function fail(connection: Connection, id: number | undefined, code: number): void {
  connection.outlet.control(
    JSON.stringify({ ...(id === undefined ? {} : { id }), type: 'error', msg: { code, msg: ERRORS[code] } }),
  );
}

/** `null` when they are not text. */
function tickersOf(params: Params): readonly string[] | null {
  const one = params['market_ticker'];
  const many = params['market_tickers'];
  const list: unknown[] = [
    ...(one === undefined ? [] : [one]),
    ...(Array.isArray(many) ? many : many === undefined ? [] : [many]),
  ];
  return list.every((each): each is string => typeof each === 'string') ? [...new Set(list)] : null;
}

function sidsOf(params: Params): readonly number[] {
  const list = Array.isArray(params['sids'])
    ? (params['sids'] as unknown[])
    : params['sid'] === undefined
      ? []
      : [params['sid']];
  return list.filter((sid): sid is number => typeof sid === 'number');
}
