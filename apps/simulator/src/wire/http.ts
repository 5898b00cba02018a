import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Venue } from '../model/question.types.js';
import type { Faults } from './faults.js';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Request {
  readonly method: string;
  /** Path below the server's root, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const notFound = (error: string): Answer => ({ status: 404, body: { error } });
export const badRequest = (error: string): Answer => ({ status: 400, body: { error } });

export type Handler = (request: Request) => Answer | Promise<Answer>;

const MOST_BODY = 1_000_000;

/** A JSON server on loopback whose clock may be wrong (`Date` header) and whose answers may fail, as the faults say. */
export function jsonServer(venue: Venue | null, faults: Faults, handler: Handler): Server {
  return createServer((incoming, response) => {
    void answer(venue, faults, handler, incoming, response);
  });
}

async function answer(
  venue: Venue | null,
  faults: Faults,
  handler: Handler,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://loopback');
  let reply: Answer;
  try {
    const text = await read(incoming);
    let body: unknown;
    try {
      body = text === '' ? undefined : JSON.parse(text);
    } catch {
      body = null;
    }
    const request = {
      method: incoming.method ?? 'GET',
      path: decodeURI(url.pathname),
      query: url.searchParams,
      headers: incoming.headers,
      body,
    };
    const failing = venue && faults.active(venue, 'rest-error');
    reply = failing ? { status: failing.status ?? 500, body: { error: 'internal error' } } : await handler(request);
    const slow = venue && faults.active(venue, 'rest-slow');
    if (slow) await new Promise((resolve) => setTimeout(resolve, slow.delayMs ?? 2_000));
  } catch {
    reply = { status: 400, body: { error: 'bad request' } };
  }
  const text = JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    date: new Date(Date.now() + (venue ? faults.skew(venue) : 0)).toUTCString(),
  });
  response.end(text);
}

async function read(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Listens on loopback and returns the port. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
