import { request as plain, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as secured } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { OutsideProblem } from '#core';
import { passageTo, type Resolve } from './public-address.js';

export interface WebQuestion {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Unpacked. Read it to its end, or `drop` it. */
  readonly body: Readable;
  /** The question's: why the answer broke off, when it did so by us. */
  readonly signal: AbortSignal;
  drop(): void;
}

/** Hosts of private networks one may ask nevertheless, as `host:port`; and who knows addresses of names. */
export interface Reach {
  readonly privateHosts: ReadonlySet<string>;
  /** The environment variable they come from: what a refusal tells people to set. */
  readonly setting: string;
  readonly resolve?: Resolve;
}

const UNPACKERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const;

/**
 * One question to a web server of the public internet, over a connection of its own; follows nothing. Not `fetch`: that one
 * cannot be told which addresses it may connect to.
 *
 * @throws OutsideProblem for an address of a private network, whatever the socket says otherwise.
 */
export function ask(url: URL, question: WebQuestion, reach: Reach): Promise<WebAnswer> {
  const { lookup } = passageTo(url, reach.privateHosts, reach.setting, reach.resolve);
  const { method, headers, body, signal } = question;
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === 'https:' ? secured : plain)(url, {
      method,
      headers: {
        'accept-encoding': 'gzip, deflate, br',
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
      agent: false,
      lookup,
      signal,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      try {
        const unpacked = unpack(incoming);
        const drop = (): void => void incoming.destroy();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: unpacked, signal, drop });
      } catch (error) {
        incoming.destroy();
        reject(error as Error);
      }
    });
    outgoing.end(body);
  });
}

function unpack(incoming: IncomingMessage): Readable {
  const packing = (incoming.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (packing === 'identity' || packing === '') return incoming;
  if (!Object.hasOwn(UNPACKERS, packing)) throw new OutsideProblem(`packed as ${packing.slice(0, 40)}`, false);
  // Errors reach whoever reads; a reader that stops closes the socket.
  return pipeline(incoming, UNPACKERS[packing as keyof typeof UNPACKERS](), () => undefined);
}
