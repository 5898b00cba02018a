import { OutsideProblem, UserProblem, type Instant } from '#core';
import type { NewsIo } from '#plugin-sdk';
import { BackOff } from '../venues/back-off.js';
import { reasonOf } from '../venues/rest.io.js';
import { ask, type Reach, type WebAnswer, type WebQuestion } from '../web/web.request.js';

/** Names the hosts of private networks that news may come from. */
export const NEWS_HOSTS = 'ARBINTEL_NEWS_PRIVATE_HOSTS';

/** What a source is remembered by between two questions. */
export interface Validators {
  etag: string | null;
  modified: string | null;
  /** Not before this moment may it be asked again: the source said so. */
  notBefore: Instant;
}

export interface DocumentOutlook extends Omit<Reach, 'setting'> {
  readonly title: string;
  readonly now: () => Instant;
  /** For one question, its redirects and its whole answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly secret: (name: string) => Promise<string>;
}

const MOST_REDIRECTS = 5;
const MAX_JSON_BYTES = 8 * 1024 * 1024;
/** Who asks: publishers want to know, and some refuse those who do not say. */
const AGENT = 'ArbIntel/0.1 (news reader)';
const SHOWN_TO_ALL: ReadonlySet<string> = new Set(['accept', 'content-type']);
/** A source that asks for more patience than this is asked again after it all the same. */
const MOST_PATIENCE_MS = 6 * 3_600_000;

/**
 * The way out of one source of news. Documents are asked for with what the last answer said of itself, so that an unchanged
 * one costs a line; answers are bounded in size and time, redirects in number, none leads into a private network, and
 * `Retry-After` is obeyed.
 */
export function createNewsIo<C>(config: C, validators: Validators, outlook: DocumentOutlook): NewsIo<C> {
  const { title, now } = outlook;
  const asked = async (url: string, question: Omit<WebQuestion, 'signal'>): Promise<WebAnswer> => {
    const signal = AbortSignal.any([AbortSignal.timeout(outlook.timeoutMs), outlook.signal]);
    let place = new URL(url);
    let { headers } = question;
    for (let hop = 0; ; hop++) {
      let answer: WebAnswer;
      try {
        const asking = { ...question, signal, headers: { 'user-agent': AGENT, ...headers } };
        answer = await ask(place, asking, { ...outlook, setting: NEWS_HOSTS });
      } catch (error) {
        throw told(error, 'did not answer');
      }
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status >= 400 || answer.status === 304 || location === undefined) return answer;
      answer.drop();
      if (hop >= MOST_REDIRECTS) throw new OutsideProblem(`${title} sends us in circles`, false);
      if (!URL.canParse(location, place.href)) throw new OutsideProblem(`${title} sends us nowhere`, false);
      const next = new URL(location, place);
      if (!/^https?:$/.test(next.protocol)) throw new OutsideProblem(`${title} sends us to ${next.href}`, false);
      // What was meant for one server's eyes is not shown to another.
      if (next.origin !== place.origin) headers = publicOnly(headers);
      place = next;
    }
  };
  const told = (error: unknown, what: string): OutsideProblem => {
    if (error instanceof OutsideProblem)
      return new OutsideProblem(`${title}: ${error.message}`, false, { cause: error });
    return new OutsideProblem(`${title} ${what}: ${reasonOf(error)}`, !outlook.signal.aborted, { cause: error });
  };
  const refused = ({ status, headers, drop }: WebAnswer): OutsideProblem => {
    drop();
    const wait = patience(headers['retry-after'], now());
    if (wait !== null) validators.notBefore = now() + Math.min(wait, MOST_PATIENCE_MS);
    return new OutsideProblem(`${title} answered ${status}`, status === 429 || status >= 500, { status });
  };
  /** Never more than `most` bytes are held, whatever the header promised; what is packed counts unpacked. */
  const bounded = async ({ body, signal, drop }: WebAnswer, most: number): Promise<Uint8Array> => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        bytes += chunk.byteLength;
        if (bytes > most) throw new OutsideProblem(`${title} answered more than ${most} bytes`, false);
        chunks.push(chunk);
      }
    } catch (error) {
      drop();
      throw error instanceof OutsideProblem
        ? error
        : told(signal.aborted ? signal.reason : error, 'broke off its answer');
    }
    return Buffer.concat(chunks);
  };
  const json = async (
    method: string,
    url: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<unknown> => {
    const answer = await asked(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (!isGood(answer)) throw refused(answer);
    const text = new TextDecoder().decode(await bounded(answer, MAX_JSON_BYTES));
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
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
      const answer = await asked(url, {
        method: 'GET',
        headers: {
          accept,
          ...(validators.etag === null ? {} : { 'if-none-match': validators.etag }),
          ...(validators.modified === null ? {} : { 'if-modified-since': validators.modified }),
        },
        body: undefined,
      });
      if (answer.status === 304) {
        answer.drop();
        return null;
      }
      if (!isGood(answer)) throw refused(answer);
      const body = await bounded(answer, maxBytes);
      validators.etag = short(answer.headers.etag);
      validators.modified = short(answer.headers['last-modified']);
      return { body, contentType: answer.headers['content-type'] ?? '' };
    },
  };
}

const isGood = ({ status }: WebAnswer): boolean => status >= 200 && status < 300;
const publicOnly = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => SHOWN_TO_ALL.has(name.toLowerCase())));

/** Validators come back to us with every question: a header without end would too. */
const short = (header: string | undefined): string | null =>
  header !== undefined && header.length <= 1_000 ? header : null;

/** `Retry-After` in ms: seconds or a date. */
function patience(header: string | undefined, now: Instant): number | null {
  if (header === undefined) return null;
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
