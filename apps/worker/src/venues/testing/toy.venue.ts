import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { Type, type Static } from 'typebox';
import { marketId, price, size, SIZE_ONE, type MarketInfo, type VenueId } from '#core';
import { defineVenue, type BookMessage, type Heartbeat, type VenueMessage } from '#plugin-sdk';

/** A venue of few words, for tests of connections: `{sub}`, `{unsub}`, `{refresh}` out; `{book}`, `{gap}`, `{error}` in. */
const Config = Type.Object({ rest: Type.String(), socket: Type.String() });
export type ToyConfig = Static<typeof Config>;

export const TOY = 'toy' as VenueId;

export const toyMarket = (native: string): MarketInfo => ({
  id: marketId(TOY, native),
  group: null,
  title: native,
  rules: '',
  category: 'toys',
  status: 'open',
  grid: [{ start: price(0), end: price(1_000_000), step: 10_000 }],
  minSize: SIZE_ONE,
  sizeStep: SIZE_ONE,
  fees: null,
  closesAt: null,
  paysAt: null,
  venueData: {},
});

export const toyBook = (native: string, micros: number): BookMessage => ({
  kind: 'book',
  native,
  mode: 'snapshot',
  levels: Float64Array.of(0, micros, 100),
  venueAt: null,
});

export interface ToyOptions {
  readonly marketsPerConnection?: number;
  readonly heartbeat?: Partial<Heartbeat>;
  /** Fresh books on the live connection; otherwise only by REST. */
  readonly refreshes?: boolean;
  readonly streams?: boolean;
  readonly retryAfter?: (code: number) => boolean;
  readonly headers?: () => Record<string, string>;
  readonly paused?: () => string | null;
}

export function toyVenue(options: ToyOptions = {}) {
  return defineVenue<typeof Config>({
    manifest: { id: TOY, version: '1.0.0', title: 'Toy', summary: 'A venue of few words.', sdk: '^1.0.0' },
    configSchema: Config,
    rest: { tokensPerSecond: 1000, burst: 1000, defaultCost: 1 },
    wire: { parse, verify: () => ({ kind: 'unproven' }) },
    access: () =>
      options.streams === false ? { how: 'poll', sentence: 'polls' } : { how: 'stream', sentence: 'streams' },
    async *listMarkets() {},
    socket: (config) =>
      options.streams === false
        ? null
        : {
            url: config.socket,
            marketsPerConnection: options.marketsPerConnection ?? 100,
            headers: options.headers ?? (() => ({})),
            subscribe: (markets) => [JSON.stringify({ sub: markets.map(native) })],
            change: (add, drop) => [
              ...(add.length ? [JSON.stringify({ sub: add.map(native) })] : []),
              ...(drop.length ? [JSON.stringify({ unsub: drop.map(native) })] : []),
            ],
            refresh: (markets) => (options.refreshes ? [JSON.stringify({ refresh: markets.map(native) })] : []),
            heartbeat: { send: null, everyMs: 50, deadAfterMs: 400, probeAfterMs: 60_000, ...options.heartbeat },
            closed: (code) => ({
              retry: options.retryAfter?.(code) ?? true,
              sentence: `the toy venue closed with ${code}`,
            }),
          },
    async snapshot(io, markets) {
      const answer = (await io.get(`${io.config.rest}/books?ids=${markets.map(native).join(',')}`)) as Record<
        string,
        number
      >;
      return {
        books: Object.entries(answer).map(([name, micros]) => toyBook(name, micros)),
        missing: markets.map(native).filter((name) => !(name in answer)),
      };
    },
    ...(options.paused ? { paused: () => Promise.resolve(options.paused!()) } : {}),
    async resolve(io, markets) {
      const answer = (await io.get(`${io.config.rest}/life?ids=${markets.map(native).join(',')}`)) as Record<
        string,
        'open' | 'settled'
      >;
      return Object.entries(answer).map(([name, status]) => ({
        kind: 'lifecycle' as const,
        native: name,
        status,
        venueAt: null,
      }));
    },
  });
}

const native = (info: MarketInfo): string => info.id.slice(TOY.length + 1);

function parse(frame: string): readonly VenueMessage[] {
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(frame) as Record<string, unknown>;
  } catch {
    return [{ kind: 'rejected', reason: 'not JSON' }];
  }
  if (typeof body['book'] === 'string') return [toyBook(body['book'], size(Number(body['micros'])))];
  if (typeof body['error'] === 'string')
    return [{ kind: 'control', what: 'error', text: body['error'], tooMany: body['error'] === 'too many' }];
  if (body['ok'] === true) return [{ kind: 'control', what: 'ok', text: 'ok' }];
  if (body['pong'] === true) return [{ kind: 'control', what: 'pong', text: 'pong' }];
  return [{ kind: 'unknown', type: 'other' }];
}

/** The other side: real sockets and real HTTP on a free loopback port, told by the test how to behave. */
export class ToyServer {
  readonly frames: string[] = [];
  readonly handshakes: IncomingMessage[] = [];
  readonly sockets = new Set<WebSocket>();
  readonly requests: string[] = [];
  readonly books = new Map<string, number>();
  readonly life = new Map<string, string>();
  /** Answer a subscription with its books. */
  answering = true;
  /** HTTP status of every REST answer; 200 answers. */
  restStatus = 200;
  restDate: Date | null = null;
  handshakeStatus: number | null = null;
  pingEveryMs = 50;
  onSocket: ((socket: WebSocket) => void) | null = null;
  private readonly http: Server;
  private readonly wss: WebSocketServer;
  private readonly pings: NodeJS.Timeout;
  private beat = 0;

  private constructor() {
    this.http = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://toy');
      this.requests.push(`${request.method} ${url.pathname}`);
      if (this.restDate) response.setHeader('date', this.restDate.toUTCString());
      response.statusCode = this.restStatus;
      const source = url.pathname === '/books' ? this.books : this.life;
      const ids = (url.searchParams.get('ids') ?? '').split(',');
      response.end(
        JSON.stringify(Object.fromEntries(ids.filter((id) => source.has(id)).map((id) => [id, source.get(id)]))),
      );
    });
    this.wss = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    this.http.on('upgrade', (request, socket, head) => {
      this.handshakes.push(request);
      if (this.handshakeStatus !== null) {
        socket.end(`HTTP/1.1 ${this.handshakeStatus} Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      this.wss.handleUpgrade(request, socket, head, (one) => this.welcome(one));
    });
    this.pings = setInterval(() => {
      if (++this.beat * 10 < this.pingEveryMs) return;
      this.beat = 0;
      for (const socket of this.sockets) socket.ping('heartbeat');
    }, 10);
  }

  static async start(): Promise<ToyServer> {
    const server = new ToyServer();
    await new Promise<void>((resolve) => server.http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get config(): ToyConfig {
    const { port } = this.http.address() as AddressInfo;
    return { rest: `http://127.0.0.1:${port}`, socket: `ws://127.0.0.1:${port}/stream` };
  }

  send(body: unknown): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    for (const socket of this.sockets) socket.send(text);
  }

  sendBook(name: string): void {
    this.send({ book: name, micros: this.books.get(name) });
  }

  async stop(): Promise<void> {
    clearInterval(this.pings);
    for (const socket of this.sockets) socket.terminate();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private welcome(socket: WebSocket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const text = (data as Buffer).toString('utf8');
      this.frames.push(text);
      if (!this.answering || !text.startsWith('{')) return;
      const command = JSON.parse(text) as { sub?: string[]; refresh?: string[] };
      for (const name of command.sub ?? command.refresh ?? []) {
        if (this.books.has(name)) socket.send(JSON.stringify({ book: name, micros: this.books.get(name) }));
      }
    });
    this.onSocket?.(socket);
  }
}
