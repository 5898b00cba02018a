import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createHash } from 'node:crypto';
import { WebSocketServer, type WebSocket } from 'ws';
import type { SimTime } from '../model/question.types.js';
import { Newsroom, type Story } from './newsroom.js';

/** A feed shows its newest entries only, as feeds do. */
const SHOWN_MS = 30 * 60_000;
const SHOWN = 60;
/** How far back the stream goes when somebody comes with an old cursor. */
const REPLAYED_MS = 30 * 60_000;

/** The invented press as the outside sees it: an RSS feed and a social stream in Jetstream's format. */
export class NewsServer {
  readonly http: Server = createServer((request, response) => this.#answer(request, response));
  readonly newsroom: Newsroom;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  #told: SimTime;

  constructor(
    seed: number,
    private readonly origin: number,
    private readonly now: () => SimTime,
  ) {
    this.newsroom = new Newsroom(seed);
    this.#told = now();
    this.http.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
      const url = new URL(request.url ?? '/', 'http://loopback');
      if (url.pathname !== '/subscribe') {
        raw.destroy();
        return;
      }
      this.#sockets.handleUpgrade(request, raw, head, (socket) =>
        this.#welcome(socket, url.searchParams.get('cursor')),
      );
    });
  }

  /** Tells those who listen what has appeared since the last call. */
  pump(): void {
    const now = this.now();
    if (now <= this.#told) return;
    const stories = this.#sockets.clients.size > 0 ? this.#posts(this.#told, now) : [];
    this.#told = now;
    for (const frame of stories) for (const socket of this.#sockets.clients) socket.send(frame);
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  #welcome(socket: WebSocket, cursor: string | null): void {
    if (cursor === null || !/^\d{1,17}$/.test(cursor)) return;
    const from = Math.max(Number(cursor) / 1_000 - this.origin, this.#told - REPLAYED_MS, -1);
    for (const frame of this.#posts(from, this.#told)) socket.send(frame);
  }

  #posts(from: SimTime, to: SimTime): readonly string[] {
    return this.newsroom
      .between(from, to)
      .filter(({ channel }) => channel === 'social')
      .map((story) => post(story, this.origin));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://loopback');
    if (request.method !== 'GET' || url.pathname !== '/feed.xml') {
      response.writeHead(404).end();
      return;
    }
    const now = this.now();
    const stories = this.newsroom
      .between(now - SHOWN_MS, now)
      .filter(({ channel }) => channel === 'feed')
      .slice(-SHOWN);
    const body = feed(stories, this.origin);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8', etag }).end(body);
  }
}

function feed(stories: readonly Story[], origin: number): string {
  const items = [...stories]
    .reverse()
    .map(
      ({ id, at, text }) =>
        `<item><guid isPermaLink="false">${id}</guid><title>${escaped(text)}</title><link>https://wire.example/${id}</link><pubDate>${new Date(origin + at).toUTCString()}</pubDate></item>`,
    );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Valdoria Wire</title><link>https://wire.example/</link><description>Invented news</description>${items.join('')}</channel></rss>\n`;
}

function post({ id, at, text }: Story, origin: number): string {
  return JSON.stringify({
    did: 'did:plc:simulated',
    time_us: Math.round((origin + at) * 1_000),
    kind: 'commit',
    commit: {
      rev: id,
      operation: 'create',
      collection: 'app.bsky.feed.post',
      rkey: id,
      record: { $type: 'app.bsky.feed.post', text, createdAt: new Date(origin + at).toISOString(), langs: ['en'] },
    },
  });
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => ENTITIES[c]);
