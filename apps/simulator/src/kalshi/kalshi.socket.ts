import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Feed, FeedEvent, Market, Trade } from '../model/market.js';
import { DETERMINED_AFTER_MS, SETTLED_AFTER_MS } from '../model/question.types.js';
import { closingAt, openedAt } from '../wire/dates.js';
import { strikeOf } from './kalshi.objects.js';
import type { Faults } from '../wire/faults.js';
import { dripWhen, Outlet } from '../wire/outlet.js';
import { seconds } from '../wire/spelling.js';
import { deltaMsg, priceRanges, settlement, snapshotMsg, structureName, tickerMsg, tradeMsg } from './kalshi.book.js';
import { Commands, type Connection } from './kalshi.commands.js';
import { checkSignature, type ExchangeKey } from './kalshi.key.js';
import type { Channel, Stream } from './kalshi.stream.js';

const PATH = '/trade-api/ws/v2';
const PING_MS = 10_000;
/** A ticker frame of one market at most this often. */
const TICKER_MS = 250;

/** The exchange's socket. Every connection is signed at the handshake. */
export class KalshiSocket {
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #connections = new Set<Connection>();
  readonly #commands: Commands;
  readonly #tickers = new Map<string, { at: number; shown: string }>();
  readonly #pings = setInterval(
    () => this.#connections.forEach(({ outlet }) => outlet.socket.ping('heartbeat')),
    PING_MS,
  );
  #ordinal = 0;

  constructor(
    readonly feed: Feed,
    readonly key: ExchangeKey,
    readonly faults: Faults,
  ) {
    this.#commands = new Commands(feed, (market) => tickerText(market, this.#wall(market.lastChangeAt)));
  }

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
      const path = (request.url ?? '').split('?')[0];
      if (this.faults.active('kalshi', 'disconnect')) return void raw.destroy();
      if (path !== PATH) return refuse(raw, '404 Not Found', 'not found');
      const signed = checkSignature(this.key, request.headers, 'GET', path, Date.now() + this.faults.skew('kalshi'));
      if (signed.kind !== 'good')
        return refuse(raw, '401 Unauthorized', signed.kind === 'none' ? 'authentication required' : signed.reason);
      dripWhen(raw, 'kalshi', this.faults);
      this.#server.handleUpgrade(request, raw, head, (socket) => this.#welcome(socket));
    });
  }

  get clients(): number {
    return this.#connections.size;
  }

  get sent(): number {
    let sum = 0;
    for (const { outlet } of this.#connections) sum += outlet.sent;
    return sum;
  }

  cutAll(code?: number): void {
    for (const { outlet } of this.#connections) {
      if (code) outlet.socket.close(code, 'going away');
      else outlet.socket.terminate();
    }
  }

  close(): void {
    clearInterval(this.#pings);
    for (const { outlet } of this.#connections) outlet.socket.terminate();
    this.#server.close();
  }

  /** Frames are kept back from now on, until each outlet is released. Returns the outlets. */
  collect(): readonly Outlet[] {
    const outlets = [...this.#connections].filter(({ streams }) => streams.size > 0).map(({ outlet }) => outlet);
    for (const outlet of outlets) outlet.collect();
    return outlets;
  }

  tell(event: FeedEvent): void {
    const { market } = event;
    if (market.venue !== 'kalshi') return;
    const wall = this.#wall(event.at);
    switch (event.kind) {
      case 'change':
      case 'trade': {
        const books = this.#streams('orderbook_delta', market.native);
        if (books.length > 0) {
          for (const change of event.changes) {
            const msg = deltaMsg(market, change, wall);
            for (const stream of books) stream.send('orderbook_delta', msg);
          }
        }
        if (event.kind === 'trade') this.#trade(market, event.trade, wall);
        return this.#ticker(market, event.at, wall);
      }
      case 'restate': {
        const msg = JSON.stringify(snapshotMsg(market));
        for (const stream of this.#streams('orderbook_delta', market.native)) stream.send('orderbook_snapshot', msg);
        return;
      }
      case 'told':
        return this.#trade(market, event.trade, wall);
      case 'tick':
        return this.#life({
          event_type: 'price_level_structure_updated',
          market_ticker: market.native,
          price_level_structure: structureName(market.grid),
          price_ranges: priceRanges(market.grid),
        });
      case 'fee':
        return this.#life(
          {
            event_ticker: market.card.kalshi!.event,
            fee_type_override: market.fee.type,
            fee_multiplier_override: market.fee.venue === 'kalshi' ? market.fee.multiplier : 1,
          },
          'event_fee_update',
        );
      case 'opened':
        return this.#opened(market);
      // The end of trading is implicit: no message.
      case 'closed':
        return;
      case 'determined': {
        const { result, value } = settlement(market);
        return this.#life({
          event_type: 'determined',
          market_ticker: market.native,
          result,
          determination_ts: seconds(this.#wall(market.closesAt + DETERMINED_AFTER_MS)),
          settlement_value: value,
        });
      }
      case 'settled':
        this.#tickers.delete(market.native);
        return this.#life({
          event_type: 'settled',
          market_ticker: market.native,
          settled_ts: seconds(this.#wall(market.closesAt + SETTLED_AFTER_MS)),
        });
    }
  }

  #trade(market: Market, trade: Trade, wall: number): void {
    const streams = this.#streams('trade', market.native);
    if (streams.length === 0) return;
    const msg = JSON.stringify(tradeMsg(market, trade, wall));
    for (const stream of streams) stream.send('trade', msg);
  }

  #opened(market: Market): void {
    const { card } = market;
    const [opens, closes] = [seconds(openedAt(this.feed, market)), seconds(closingAt(this.feed, market))];
    const names = card.kalshi!;
    if (this.feed.siblings(market)[0]?.native === market.native) {
      this.#life(
        {
          event_ticker: names.event,
          exchange_index: 0,
          title: card.event.title,
          subtitle: '',
          collateral_return_type: card.event.exclusive ? 'MECNET' : '',
          series_ticker: names.series,
        },
        'event_lifecycle',
      );
    }
    this.#life({
      event_type: 'created',
      market_ticker: market.native,
      exchange_index: 0,
      open_ts: opens,
      close_ts: closes,
      additional_metadata: {
        name: card.title,
        title: card.title,
        yes_sub_title: card.outcomes[0],
        no_sub_title: card.outcomes[0],
        rules_primary: card.rules,
        rules_secondary: '',
        can_close_early: true,
        event_ticker: names.event,
        expected_expiration_ts: closes,
        ...strikeOf(market),
      },
      price_level_structure: structureName(market.grid),
    });
    this.#life({ event_type: 'activated', market_ticker: market.native });
  }

  #life(msg: Readonly<Record<string, unknown>>, type = 'market_lifecycle_v2'): void {
    const text = JSON.stringify(msg);
    for (const stream of this.#streams('market_lifecycle_v2', null)) stream.send(type, text);
  }

  #ticker(market: Market, at: number, wall: number): void {
    const streams = this.#streams('ticker', market.native);
    if (streams.length === 0) return;
    const shown = `${market.ladder.bid}/${market.ladder.ask}/${market.volume}`;
    const last = this.#tickers.get(market.native);
    if (last && (last.shown === shown || at - last.at < TICKER_MS)) return;
    this.#tickers.set(market.native, { at, shown });
    const text = tickerText(market, wall);
    for (const stream of streams) stream.sendPlain('ticker', text);
  }

  #streams(channel: Channel, ticker: string | null): Stream[] {
    const found: Stream[] = [];
    for (const { streams } of this.#connections) {
      for (const stream of streams.values())
        if (stream.channel === channel && (ticker === null || stream.hears(ticker))) found.push(stream);
    }
    return found;
  }

  #welcome(socket: WebSocket): void {
    const outlet = new Outlet(socket, 'kalshi', this.faults, ++this.#ordinal, () =>
      this.#commands.overflow(connection),
    );
    const connection: Connection = { outlet, streams: new Map(), nextSid: 1 };
    this.#connections.add(connection);
    socket.on('close', () => this.#connections.delete(connection));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => this.#commands.heard(connection, String(data)));
  }

  #wall(at: number): number {
    return Math.floor(this.feed.origin + at + this.faults.skew('kalshi'));
  }
}

const tickerText = (market: Market, wall: number): string => JSON.stringify(tickerMsg(market, wall));

function refuse(raw: Duplex, status: string, message: string): void {
  const body = JSON.stringify({ error: message });
  raw.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
