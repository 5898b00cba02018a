import type { Instant } from '#core';
import type { Static, TSchema } from 'typebox';
import type { HandedIo } from './handed-io.js';
import type { Manifest } from './manifest.js';

/** One item as its source tells it: text only, nothing judged yet. */
export interface NewsItem {
  /** The same for the same item however often it is fetched. */
  readonly id: string;
  readonly title: string;
  /** Body or abstract; may be empty. */
  readonly text: string;
  readonly url: string | null;
  /** When the source says it appeared; `null` where it does not. */
  readonly publishedAt: Instant | null;
}

/** What an address gave: bytes as they came, with what the answer says of them. */
export interface NewsDocument {
  readonly body: Uint8Array;
  /** The `content-type` header, `''` without one. */
  readonly contentType: string;
}

/** As `HandedIo`, with documents that are not JSON. */
export interface NewsIo<C> extends HandedIo<C> {
  /**
   * The document at an address, or `null` when it has not changed since this source was given it last: the worker keeps
   * `ETag` and `Last-Modified`, asks with them, and holds the source back where the answer says so. Throws
   * `OutsideProblem`, also for more than `maxBytes`.
   */
  document(url: string, options: { readonly accept: string; readonly maxBytes: number }): Promise<NewsDocument | null>;
}

/** A source that pushes: described here, opened, watched and opened again by the worker. */
export interface NewsStream<C> {
  /** Where to listen; `cursor` is the last one `read` gave, or `null` at the very first start. */
  url(config: C, cursor: string | null): string;
  /** Items of one text frame, and where to go on from after it. Pure; `null` for a frame that is not what it should be. */
  read(config: C, frame: string): { readonly items: readonly NewsItem[]; readonly cursor: string | null } | null;
}

/** A source of news comes in one of three ways: it is asked (`everyMs`, `fetch`), it streams, or it is sent to us. */
export interface NewsPlugin<T extends TSchema = TSchema> {
  readonly kind: 'news';
  readonly manifest: Manifest;
  readonly configSchema: T;
  /** The worker asks again every so often and keeps what it has not seen. At least a second. */
  everyMs?(config: Static<T>): number;
  /** Items published since, oldest first; ones that were given before may come again. Throws `OutsideProblem`. */
  fetch?(io: NewsIo<Static<T>>, since: Instant): Promise<readonly NewsItem[]>;
  readonly stream?: NewsStream<Static<T>>;
  /**
   * Items of one message that was posted to this source's address, its signature already checked. Pure.
   *
   * @throws UserProblem with the field's path for a message that is none.
   */
  receive?(config: Static<T>, body: unknown, now: Instant): readonly NewsItem[];
}

export function defineNews<T extends TSchema>(plugin: Omit<NewsPlugin<T>, 'kind'>): NewsPlugin<T> {
  return Object.freeze({ kind: 'news' as const, ...plugin });
}

/** What is wrong with the way a source brings its items, in one sentence; `''` when nothing is. */
export function newsShapeProblem(plugin: {
  readonly everyMs?: unknown;
  readonly fetch?: unknown;
  readonly stream?: unknown;
  readonly receive?: unknown;
}): string {
  const { everyMs, fetch, stream, receive } = plugin;
  const ways = [fetch, stream, receive].filter((way) => way !== undefined).length;
  if (ways !== 1) return 'a news plugin has one of fetch, stream and receive';
  if (fetch !== undefined && (typeof fetch !== 'function' || typeof everyMs !== 'function'))
    return 'a news plugin that is asked has functions everyMs and fetch';
  if (receive !== undefined && typeof receive !== 'function') return 'receive is not a function';
  const { url, read } = (stream ?? {}) as { url?: unknown; read?: unknown };
  if (stream !== undefined && (typeof url !== 'function' || typeof read !== 'function'))
    return 'a stream of news has functions url and read';
  return '';
}
