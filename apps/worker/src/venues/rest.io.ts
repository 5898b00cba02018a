import { OutsideProblem, UserProblem, type Instant } from '#core';
import type { RateBudget, RestOptions, VenueIo } from '#plugin-sdk';
import { BackOff } from './back-off.js';
import { TokenBucket } from './token-bucket.js';

/** A venue's REST answer may be large (a page of a thousand markets), but not without end. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface RestOutlook {
  readonly venue: string;
  readonly budget: RateBudget;
  /** Part of the venue's budget this process may use. */
  readonly share: number;
  readonly now: () => Instant;
  readonly random: () => number;
  /** One request, ms. Generous: Polymarket's front delays rather than refuses. */
  readonly timeoutMs: number;
  /** Requests in all before giving up. */
  readonly attempts: number;
  /** First wait after a failure, ms; doubles. */
  readonly firstWaitMs: number;
  /** Venue's clock minus ours, ms, from the `Date` header of an answer that came fast enough to tell. */
  onSkew?(ms: number): void;
  /** Aborts everything in flight when the process stops. */
  readonly signal?: AbortSignal;
}

export const REST_DEFAULTS = { timeoutMs: 20_000, attempts: 4, firstWaitMs: 250 } as const;

/**
 * REST as a venue plugin is handed it: paced by the venue's token bucket, timed out, retried on 429, 5xx and broken
 * connections with jitter. Throws `OutsideProblem` with the HTTP status in `status`.
 */
export function createVenueIo<C>(config: C, outlook: RestOutlook): VenueIo<C> {
  const bucket = new TokenBucket(outlook.budget, outlook.share, outlook.now());

  const attempt = async (method: string, url: string, body: unknown, options: RestOptions): Promise<unknown> => {
    const wait = bucket.reserve(options.cost ?? outlook.budget.defaultCost, outlook.now());
    if (wait > 0) await pause(wait, outlook.signal);
    const headers = typeof options.headers === 'function' ? options.headers() : (options.headers ?? {});
    const timeout = AbortSignal.timeout(outlook.timeoutMs);
    const signal = outlook.signal ? AbortSignal.any([timeout, outlook.signal]) : timeout;
    const sentAt = outlook.now();
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal,
        redirect: 'error',
      });
    } catch (error) {
      throw new OutsideProblem(
        `${outlook.venue} did not answer at ${place(url)}: ${reasonOf(error)}`,
        !outlook.signal?.aborted,
        { cause: error },
      );
    }
    tellSkew(response, sentAt, outlook);
    if (response.status === 404 && options.missingIsNull) {
      await response.body?.cancel();
      return null;
    }
    if (!response.ok) {
      const { status } = response;
      await response.body?.cancel();
      if (status === 429) bucket.drain(outlook.now());
      throw new OutsideProblem(
        `${outlook.venue} answered ${status} at ${place(url)}`,
        status === 429 || status >= 500,
        { status },
      );
    }
    const text = await boundedText(response, outlook.venue, url);
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new OutsideProblem(`${outlook.venue} answered something that is not JSON at ${place(url)}`, true, {
        cause: error,
        status: response.status,
      });
    }
  };

  const request = async (method: string, url: string, body: unknown, options: RestOptions = {}): Promise<unknown> => {
    const backOff = new BackOff(outlook.random, outlook.firstWaitMs, 10_000);
    for (;;) {
      try {
        return await attempt(method, url, body, options);
      } catch (error) {
        const waitMs = backOff.next();
        if (!(error instanceof OutsideProblem) || !error.retry || backOff.count >= outlook.attempts) throw error;
        await pause(waitMs, outlook.signal);
      }
    }
  };

  return {
    config,
    now: outlook.now,
    get: (url, options) => request('GET', url, undefined, options),
    post: (url, body, options) => request('POST', url, body, options),
  };
}

function tellSkew(response: Response, sentAt: Instant, outlook: RestOutlook): void {
  const receivedAt = outlook.now();
  const date = Date.parse(response.headers.get('date') ?? '');
  // A slow answer says nothing about the moment it was made.
  if (!outlook.onSkew || Number.isNaN(date) || receivedAt - sentAt > 3000) return;
  outlook.onSkew(leastSkew(date, sentAt, receivedAt));
}

/**
 * The smallest difference of clocks, ms, that a `Date` header allows: it names a whole second, and the answer was written
 * at some moment between request and arrival. What is left is certain, so that a limit of one second can hold.
 */
export function leastSkew(date: Instant, sentAt: Instant, receivedAt: Instant): number {
  const least = date - receivedAt;
  const most = date + 999 - sentAt;
  return least > 0 ? least : most < 0 ? most : 0;
}

async function boundedText(response: Response, venue: string, url: string): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BODY_BYTES)
        throw new OutsideProblem(`${venue} answered more than ${MAX_BODY_BYTES} bytes at ${place(url)}`, false);
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    if (error instanceof OutsideProblem) throw error;
    throw new OutsideProblem(`${venue} broke off its answer at ${place(url)}: ${reasonOf(error)}`, true, {
      cause: error,
    });
  }
  return text + decoder.decode();
}

/** Host and path: the query may hold hundreds of ids. */
const place = (url: string): string => url.split('?', 1)[0];

/** The innermost cause says what happened; the outer ones say "fetch failed". */
export function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (!(inner instanceof Error)) return String(inner);
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
  return inner.message && inner.message !== code ? inner.message : code || inner.name;
}

/** Our own sentences as they are; anything else by its innermost cause. */
export const sentenceOf = (error: unknown): string =>
  error instanceof OutsideProblem || error instanceof UserProblem ? error.message : reasonOf(error);

/** Rejects at once when `signal` aborts: nothing keeps a stopping process waiting. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new OutsideProblem('stopped', false));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
