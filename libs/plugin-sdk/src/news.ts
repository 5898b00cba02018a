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

/** A source of news. The worker asks it again every `everyMs` and keeps what it has not seen. */
export interface NewsPlugin<T extends TSchema = TSchema> {
  readonly kind: 'news';
  readonly manifest: Manifest;
  readonly configSchema: T;
  everyMs(config: Static<T>): number;
  /** Items published since, oldest first; ones that were given before may come again. Throws `OutsideProblem`. */
  fetch(io: HandedIo<Static<T>>, since: Instant): Promise<readonly NewsItem[]>;
}

export function defineNews<T extends TSchema>(plugin: Omit<NewsPlugin<T>, 'kind'>): NewsPlugin<T> {
  return Object.freeze({ kind: 'news' as const, ...plugin });
}
