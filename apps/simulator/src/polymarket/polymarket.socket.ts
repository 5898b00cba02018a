import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { stageOf } from '../model/listing.js';
import type { Feed, FeedEvent } from '../model/market.js';
import { dripWhen, Outlet } from '../wire/outlet.js';
import type { Faults } from '../wire/faults.js';
import { halves } from './polymarket.book.js';
import {
  bestFrame,
  bookObject,
  lastTradeFrame,
  newMarketFrame,
  priceChange,
  resolvedFrame,
  tickFrame,
} from './polymarket.frames.js';

/** A silent idle client is dropped without a close frame after this long. */
const IDLE_MS = 125_000;
const TRADE_TOLD_AFTER_MS = 40;

interface Client {
  readonly outlet: Outlet;
  readonly held: Set<string>;
  /** Flag of the connection, not of a token. */
  features: boolean;
  started: boolean;
  lastHeard: number;
}

/** The public market channel, `/ws/market`. */
export class PolymarketSocket {
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #clients = new Set<Client>();
  readonly #touches = new Map<string, string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #idle = setInterval(() => this.#dropIdle(), 5_000);
  #ordinal = 0;
  #instant = false;

  constructor(
    readonly feed: Feed,
    readonly faults: Faults,
  ) {}

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
      if (!request.url?.startsWith('/ws/market') || this.faults.active('polymarket', 'disconnect')) {
        raw.destroy();
        return;
      }
      dripWhen(raw, 'polymarket', this.faults);
      this.#server.handleUpgrade(request, raw, head, (socket) => this.#welcome(socket));
    });
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Data frames sent so far to those still here. */
  get sent(): number {
    let sum = 0;
    for (const { outlet } of this.#clients) sum += outlet.sent;
    return sum;
  }

  /** Frames are kept back from now on, until each outlet is released. Returns the outlets. */
  collect(): readonly Outlet[] {
    const outlets = [...this.#clients].filter(({ started }) => started).map(({ outlet }) => outlet);
    for (const outlet of outlets) outlet.collect();
    this.#instant = true;
    return outlets;
  }

  release(): void {
    this.#instant = false;
  }

  /** A trade is told a moment after its books; at once while frames are collected. */
  #later(tell: () => void): void {
    if (this.#instant) return tell();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      tell();
    }, TRADE_TOLD_AFTER_MS);
    this.#timers.add(timer);
  }

  cutAll(code?: number): void {
    for (const { outlet } of this.#clients) {
      if (code) outlet.socket.close(code, 'going away');
      else outlet.socket.terminate();
    }
  }

  close(): void {
    clearInterval(this.#idle);
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { outlet } of this.#clients) outlet.socket.terminate();
    this.#server.close();
  }

  /** Tells subscribers what happened; books are as right after the event. */
  tell(event: FeedEvent): void {
    const { market } = event;
    if (market.venue !== 'polymarket') return;
    const [yes, no] = market.card.polymarket!.tokens;
    const holders = [...this.#clients].filter(({ held }) => held.has(yes) || held.has(no));
    if (holders.length === 0 && event.kind !== 'opened') return;
    const stamp = this.#stamp(event.at);
    const wrong =
      ('broken' in event && event.broken === true) || this.faults.active('polymarket', 'wrong-hash') !== null;
    const all = (frame: string): void => holders.forEach(({ outlet }) => outlet.data(frame));
    const both = (frame: (token: 0 | 1) => string, clients: readonly Client[] = holders, only?: 0 | 1): void => {
      for (const token of only === undefined ? ([0, 1] as const) : [only]) {
        const listeners = clients.filter(({ held }) => held.has(market.card.polymarket!.tokens[token]));
        if (listeners.length > 0) {
          const text = frame(token);
          for (const { outlet } of listeners) outlet.data(text);
        }
      }
    };
    const curious = holders.filter(({ features }) => features);
    switch (event.kind) {
      case 'change':
      case 'trade': {
        const spelled = halves(market);
        if (event.changes.length > 0) all(priceChange(market, event.changes, stamp, spelled, wrong));
        if (event.kind === 'trade') {
          both((token) => bookObject(market, token, stamp, spelled, wrong, false));
          const text = lastTradeFrame(market, event.trade, this.#stamp(event.at + TRADE_TOLD_AFTER_MS));
          this.#later(() => all(text));
        }
        const touched = `${market.ladder.bid}/${market.ladder.ask}`;
        if (curious.length > 0 && this.#touches.get(market.native) !== touched)
          both((token) => bestFrame(market, token, stamp), curious);
        this.#touches.set(market.native, touched);
        return;
      }
      case 'restate': {
        const spelled = halves(market);
        return both((token) => bookObject(market, token, stamp, spelled, wrong, false), holders, event.token);
      }
      case 'told':
        return all(lastTradeFrame(market, event.trade, stamp));
      case 'tick':
        return both((token) => tickFrame(market, token, event.from === 'cent' ? '0.01' : '0.001', stamp));
      case 'opened': {
        const frame = newMarketFrame(market, stamp);
        for (const client of this.#clients) if (client.features) client.outlet.data(frame);
        return;
      }
      case 'settled': {
        const frame = resolvedFrame(market, stamp);
        for (const { outlet } of curious) outlet.data(frame);
        this.#touches.delete(market.native);
        for (const client of holders) this.#endIfAllResolved(client);
        return;
      }
      case 'closed':
      case 'determined':
      case 'fee':
        return;
    }
  }

  #welcome(socket: WebSocket): void {
    const outlet = new Outlet(socket, 'polymarket', this.faults, ++this.#ordinal, () =>
      socket.close(1013, 'slow consumer: send buffer full'),
    );
    const client: Client = { outlet, held: new Set(), features: false, started: false, lastHeard: Date.now() };
    this.#clients.add(client);
    socket.on('close', () => this.#clients.delete(client));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => {
      client.lastHeard = Date.now();
      this.#heard(client, String(data));
    });
  }

  #heard(client: Client, text: string): void {
    if (text === 'PING') return client.outlet.control('PONG');
    let command: unknown;
    try {
      command = JSON.parse(text);
    } catch {
      return client.outlet.control('INVALID OPERATION');
    }
    const body = (typeof command === 'object' && command !== null ? command : {}) as Readonly<Record<string, unknown>>;
    const ids = body['assets_ids'];
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
      return client.outlet.control('INVALID OPERATION');
    if (body['custom_feature_enabled'] === true) client.features = true;
    if (body['operation'] === 'unsubscribe') {
      for (const id of ids) client.held.delete(id);
      return;
    }
    if (body['operation'] !== 'subscribe' && String(body['type']).toLowerCase() !== 'market')
      return client.outlet.control('INVALID OPERATION');
    const fresh = [...new Set(ids as string[])].filter((id) => !client.held.has(id));
    if (fresh.length === 0 && client.started) return client.outlet.control('NO NEW ASSETS');
    client.started = true;
    this.feed.wake?.('polymarket');
    const wrong = this.faults.active('polymarket', 'wrong-hash') !== null;
    const books: string[] = [];
    for (const id of fresh) {
      const found = this.feed.findToken(id);
      // Settled, unknown and malformed tokens are silently missing.
      if (!found || !['open', 'closed'].includes(stageOf(found.market, this.feed.now))) continue;
      client.held.add(id);
      books.push(
        bookObject(
          found.market,
          found.outcome,
          this.#stamp(found.market.lastChangeAt),
          halves(found.market),
          wrong,
          true,
        ),
      );
    }
    client.outlet.data(`[${books.join(',')}]`);
  }

  #endIfAllResolved(client: Client): void {
    const live = [...client.held].some((id) => {
      const found = this.feed.findToken(id);
      return found && stageOf(found.market, this.feed.now) !== 'settled';
    });
    if (!live && client.held.size > 0) client.outlet.socket.close(1000, 'all subscribed assets resolved');
  }

  #dropIdle(): void {
    const now = Date.now();
    for (const client of this.#clients) if (now - client.lastHeard > IDLE_MS) client.outlet.socket.terminate();
  }

  #stamp(at: number): string {
    return String(Math.floor(this.feed.origin + at + this.faults.skew('polymarket')));
  }
}
