import { Value } from 'typebox/value';
import type { Static, TSchema } from 'typebox';
import { OutsideProblem, UserProblem } from '#core';
import type { NewsDocument, NewsIo } from '../news.js';
import { check } from './conformance.js';

/** The outside of a plugin on the bench: what it answers, and a config for it. */
export interface HandedWorld<S extends TSchema = TSchema> {
  /** Laid over the schema's defaults. */
  readonly config?: Partial<Static<S>>;
  /** What an address answers; `undefined` is a 404. A document is its text, or a whole `NewsDocument`. */
  answer(method: 'GET' | 'POST', url: URL, body: unknown): unknown;
  readonly secrets?: Readonly<Record<string, string>>;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export const BENCH_NOW = 1_795_000_000_000;

/** Hands a plugin a world in memory and keeps what it asked for. */
export function handedIo<S extends TSchema>(
  schema: S,
  world: HandedWorld<S>,
): { readonly io: NewsIo<Static<S>>; readonly calls: readonly Call[] } {
  const config: unknown = Value.Default(schema, { ...world.config });
  check(Value.Check(schema, config), 'the config of the world does not fit the schema');
  const calls: Call[] = [];
  const call: (method: Call['method']) => NewsIo<Static<S>>['post'] = (method) => async (url, body, options) => {
    const headers = typeof options?.headers === 'function' ? options.headers() : (options?.headers ?? {});
    calls.push({ method, url, body: structuredClone(body), headers });
    const found = world.answer(method, new URL(url), body);
    if (found === undefined && !options?.missingIsNull)
      throw new OutsideProblem(`${method} ${url} answered 404`, false, { status: 404 });
    return found === undefined ? null : structuredClone(found);
  };
  const io: NewsIo<Static<S>> = {
    config: config as Static<S>,
    now: () => BENCH_NOW,
    get: (url, options) => call('GET')(url, undefined, options),
    post: call('POST'),
    document: async (url) => {
      const found = await call('GET')(url, undefined);
      if (typeof found === 'string') return { body: new TextEncoder().encode(found), contentType: 'application/xml' };
      return found as NewsDocument;
    },
    secret: async (name) => {
      const secret = world.secrets?.[name];
      if (secret === undefined) throw new UserProblem(`There is no secret ${name}.`);
      return secret;
    },
  };
  return { io, calls };
}

/** A world whose every address fails the way networks do. */
export const brokenWorld = <S extends TSchema>(world: HandedWorld<S>): HandedWorld<S> => ({
  ...world,
  answer: (method, url) => {
    throw new OutsideProblem(`${method} ${url.href} did not answer`, true);
  },
});

/** Whether something fails with an `OutsideProblem`, so that the worker knows whether to retry. */
export async function failsOutside(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    return error instanceof OutsideProblem;
  }
}
