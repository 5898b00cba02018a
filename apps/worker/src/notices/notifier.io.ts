import { OutsideProblem, UserProblem, type Instant } from '#core';
import type { HandedIo, Permission, RestOptions } from '#plugin-sdk';
import { ask, type Reach, type WebAnswer } from '../web/web.request.js';
import { reasonOf } from '../venues/rest.io.js';

/** What a receiver has to say fits on a page; the rest is not read. */
const MOST_ANSWER_BYTES = 16 * 1024;
/** As much of an answer as the delivery log keeps. */
const MOST_ANSWER_TEXT = 300;

export interface NotifierOutlook extends Omit<Reach, 'setting'> {
  readonly permissions: readonly Permission[];
  readonly now: () => Instant;
  readonly timeoutMs: number;
  /** A stored secret in the clear; `null` when nobody stored one of that name. */
  readonly secret: (name: string) => Promise<string | null>;
  /** Aborts what is in flight when the process stops. */
  readonly signal: AbortSignal;
}

/**
 * The way out as a notifier is handed it: one request at a time and none of them repeated, because the outbox does that; only to
 * hosts its manifest names; into no private network but where the environment says so, whatever a name turns out to mean;
 * no redirects, which could lead anywhere. An answer that is not JSON comes as text.
 */
export function createNotifierIo<C extends Readonly<Record<string, unknown>>>(
  config: C,
  outlook: NotifierOutlook,
): HandedIo<C> {
  const request = async (method: string, url: string, body: unknown, options: RestOptions = {}): Promise<unknown> => {
    const target = reachable(url, outlook.permissions);
    const headers = typeof options.headers === 'function' ? options.headers() : (options.headers ?? {});
    const signal = AbortSignal.any([AbortSignal.timeout(outlook.timeoutMs), outlook.signal]);
    let status: number;
    let said: string;
    try {
      const answer = await ask(
        target,
        {
          method,
          headers: {
            'user-agent': 'ArbIntel',
            accept: 'application/json, text/plain, */*',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
          signal,
        },
        { ...outlook, setting: 'ARBINTEL_NOTICE_PRIVATE_HOSTS' },
      );
      ({ status } = answer);
      said = await firstText(answer);
    } catch (error) {
      if (error instanceof OutsideProblem) throw error;
      const why = reasonOf(signal.aborted ? signal.reason : error);
      throw new OutsideProblem(`${target.host} did not answer: ${why}`, true, { cause: error });
    }
    if (status === 404 && options.missingIsNull) return null;
    if (status < 200 || status > 299) {
      const excerpt = said.replaceAll(/\s+/g, ' ').trim().slice(0, MOST_ANSWER_TEXT);
      throw new OutsideProblem(
        `${target.host} answered ${status}${excerpt ? `: ${excerpt}` : ''}`,
        status === 408 || status === 425 || status === 429 || status >= 500,
        { status },
      );
    }
    try {
      return JSON.parse(said) as unknown;
    } catch {
      return said;
    }
  };
  return {
    config,
    now: outlook.now,
    get: (url, options) => request('GET', url, undefined, options),
    post: (url, body, options) => request('POST', url, body, options),
    async secret(name) {
      if (!outlook.permissions.includes('secrets'))
        throw new UserProblem(
          'The notifier asks for a secret, but its manifest does not ask for the permission secrets.',
        );
      // A config says which secrets are its own: the others are nobody's business here.
      if (!Object.values(config).includes(name))
        throw new UserProblem(`The notifier asks for the secret ${name}, which its config does not name.`);
      const found = await outlook.secret(name);
      if (found === null) throw new UserProblem(`There is no secret ${name}; store it under that name.`);
      return found;
    },
  };
}

function reachable(url: string, permissions: readonly Permission[]): URL {
  if (!URL.canParse(url)) throw new UserProblem(`${JSON.stringify(url)} is not an address.`);
  const target = new URL(url);
  if (target.protocol !== 'https:' && target.protocol !== 'http:')
    throw new UserProblem(`${target.protocol} is no way to deliver a notice; http: and https: are.`);
  const allowed = permissions.some((permission) => {
    if (!permission.startsWith('net:')) return false;
    const pattern = permission.slice('net:'.length);
    return pattern.startsWith('*')
      ? target.hostname.endsWith(pattern.slice(1))
      : pattern === target.hostname || pattern === target.host;
  });
  if (!allowed) throw new UserProblem(`The notifier may not reach ${target.host}: its manifest does not name it.`);
  return target;
}

async function firstText({ body, drop }: WebAnswer): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      text += decoder.decode(chunk, { stream: true });
      if (bytes > MOST_ANSWER_BYTES) break;
    }
  } finally {
    drop();
  }
  return text + decoder.decode();
}
