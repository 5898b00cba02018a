import { OutsideProblem, UserProblem, type Instant } from '#core';
import type { NewsIo } from '#plugin-sdk';
import { BackOff } from '../venues/back-off.js';
import { reasonOf } from '../venues/rest.io.js';

/** What a source is remembered by between two questions. */
export interface Validators {
  etag: string | null;
  modified: string | null;
  /** Not before this moment may it be asked again: the source said so. */
  notBefore: Instant;
}

export interface DocumentOutlook {
  readonly title: string;
  readonly now: () => Instant;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly secret: (name: string) => Promise<string>;
}

const MOST_REDIRECTS = 5;
const MAX_JSON_BYTES = 8 * 1024 * 1024;
/** Who asks: publishers want to know, and some refuse those who do not say. */
const AGENT = 'ArbIntel/0.1 (news reader)';
/** A source that asks for more patience than this is asked again after it all the same. */
const MOST_PATIENCE_MS = 6 * 3_600_000;

/**
 * The way out of one source of news. Documents are asked for with what the last answer said of itself, so that an unchanged
 * one costs a line; answers are bounded in size and time, redirects in number, and `Retry-After` is obeyed.
 */
export function createNewsIo<C>(config: C, validators: Validators, outlook: DocumentOutlook): NewsIo<C> {
  const { title, now } = outlook;
  const ask = async (
    url: string,
    init: Omit<RequestInit, 'headers'> & { headers: Record<string, string> },
  ): Promise<Response> => {
    const signal = AbortSignal.any([AbortSignal.timeout(outlook.timeoutMs), outlook.signal]);
    let place = url;
    for (let hop = 0; ; hop++) {
      let response: Response;
      try {
        response = await fetch(place, {
          ...init,
          signal,
          redirect: 'manual',
          headers: { 'user-agent': AGENT, ...init.headers },
        });
      } catch (error) {
        throw new OutsideProblem(`${title} did not answer: ${reasonOf(error)}`, !outlook.signal.aborted, {
          cause: error,
        });
      }
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || response.status === 304 || location === null)
        return response;
      await response.body?.cancel();
      if (hop >= MOST_REDIRECTS) throw new OutsideProblem(`${title} sends us in circles`, false);
      if (!URL.canParse(location, place)) throw new OutsideProblem(`${title} sends us nowhere`, false);
      place = new URL(location, place).href;
      if (!/^https?:/.test(place)) throw new OutsideProblem(`${title} sends us to ${place}`, false);
    }
  };
  const refused = (response: Response): OutsideProblem => {
    const { status } = response;
    const wait = patience(response.headers.get('retry-after'), now());
    if (wait !== null) validators.notBefore = now() + Math.min(wait, MOST_PATIENCE_MS);
    return new OutsideProblem(`${title} answered ${status}`, status === 429 || status >= 500, { status });
  };
  const json = async (
    method: string,
    url: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<unknown> => {
    const response = await ask(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw refused(response);
    }
    try {
      return JSON.parse(new TextDecoder().decode(await bounded(response, MAX_JSON_BYTES, title))) as unknown;
    } catch (error) {
      if (error instanceof OutsideProblem) throw error;
      throw new OutsideProblem(`${title} answered something that is not JSON`, true, { cause: error });
    }
  };
  const headersOf = (options: { headers?: unknown } = {}): Record<string, string> =>
    (typeof options.headers === 'function'
      ? (options.headers as () => Record<string, string>)()
      : options.headers) as Record<string, string>;

  return {
    config,
    now,
    get: (url, options) => json('GET', url, undefined, headersOf(options)),
    post: (url, body, options) => json('POST', url, body, headersOf(options)),
    secret: outlook.secret,
    async document(url, { accept, maxBytes }) {
      const response = await ask(url, {
        method: 'GET',
        headers: {
          accept,
          ...(validators.etag === null ? {} : { 'if-none-match': validators.etag }),
          ...(validators.modified === null ? {} : { 'if-modified-since': validators.modified }),
        },
      });
      if (response.status === 304) {
        await response.body?.cancel();
        return null;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw refused(response);
      }
      const body = await bounded(response, maxBytes, title);
      validators.etag = short(response.headers.get('etag'));
      validators.modified = short(response.headers.get('last-modified'));
      return { body, contentType: response.headers.get('content-type') ?? '' };
    },
  };
}

/** Never more than `most` bytes are held, whatever the header promised; what is compressed counts unpacked. */
async function bounded(response: Response, most: number, title: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > most) throw new OutsideProblem(`${title} answered more than ${most} bytes`, false);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof OutsideProblem) throw error;
    throw new OutsideProblem(`${title} broke off its answer: ${reasonOf(error)}`, true, { cause: error });
  }
  return Buffer.concat(chunks);
}

/** Validators come back to us with every question: a header without end would too. */
const short = (header: string | null): string | null => (header !== null && header.length <= 1_000 ? header : null);

/** `Retry-After` in ms: seconds or a date. */
function patience(header: string | null, now: Instant): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

/** How long a source rests after this many failures in a row, ms. */
export function restAfter(failures: number, everyMs: number, random: () => number): number {
  const backOff = new BackOff(random, Math.max(5_000, everyMs), 3_600_000);
  let wait = 0;
  for (let i = 0; i <= Math.min(failures, 12); i++) wait = backOff.next();
  return wait;
}

export const noSecret = async (name: string): Promise<string> => {
  throw new UserProblem(`There is no secret ${name}.`);
};
