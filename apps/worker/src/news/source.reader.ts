import type { Instant } from '#core';
import type { HeldSource, NewsStore } from '#data';
import type { NewsItem, NewsPlugin } from '#plugin-sdk';
import { pause, sentenceOf } from '../venues/rest.io.js';
import type { Reach } from '../web/web.request.js';
import { createNewsIo, noSecret, restAfter, type Validators } from './document.io.js';

/** What reads one source, until it is stopped. */
export interface Reader {
  stop(): Promise<void>;
}

export interface ReaderHouse extends Omit<Reach, 'setting'> {
  readonly store: Pick<NewsStore, 'answered' | 'failed'>;
  readonly now: () => Instant;
  readonly random: () => number;
  /** Whether an item of a stream may bear on any market: the rest of a firehose is not kept. */
  wanted(item: NewsItem): boolean;
  /** Stores items and has them scored. */
  took(source: HeldSource, items: readonly NewsItem[]): Promise<void>;
  trouble(source: HeldSource, error: unknown): void;
}

const TIMEOUT_MS = 20_000;
/** A feed's clock may be wrong, and items appear with an older date: this far back is asked for again. */
const OVERLAP_MS = 2 * 86_400_000;
const MOST_PER_FETCH = 500;

/** Asks one source again and again: politely apart, and after failures with growing patience. */
export class PolledReader implements Reader {
  private readonly stopping = new AbortController();
  private readonly done: Promise<void>;

  constructor(
    private readonly source: HeldSource,
    private readonly plugin: NewsPlugin,
    private readonly house: ReaderHouse,
  ) {
    this.done = this.run().catch((error: unknown) => house.trouble(source, error));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
  }

  private async run(): Promise<void> {
    const { source, plugin, house } = this;
    const { signal } = this.stopping;
    const everyMs = Math.max(1_000, plugin.everyMs!(source.config));
    const validators: Validators = { etag: source.etag, modified: source.modified, notBefore: 0 };
    const io = createNewsIo(source.config, validators, {
      title: source.title,
      now: house.now,
      timeoutMs: TIMEOUT_MS,
      signal,
      secret: noSecret,
      privateHosts: house.privateHosts,
      resolve: house.resolve,
    });
    let { since, failures } = source;
    let nextAt = source.nextAt;
    while (!signal.aborted) {
      await pause(Math.max(0, nextAt - house.now()), signal).catch(() => undefined);
      if (signal.aborted) return;
      const before = { ...validators };
      try {
        const items = await plugin.fetch!(io, Math.max(0, since - OVERLAP_MS));
        if (items.length > 0) await house.took(source, items.slice(-MOST_PER_FETCH));
        failures = 0;
        since = items.reduce((most, { publishedAt }) => Math.max(most, publishedAt ?? 0), since);
        nextAt = Math.max(house.now() + everyMs, validators.notBefore);
        await house.store.answered(source.id, house.now(), { ...validators, since, nextAt });
      } catch (error) {
        if (signal.aborted) return;
        // What was not stored must be given again.
        Object.assign(validators, { etag: before.etag, modified: before.modified });
        nextAt = Math.max(house.now() + restAfter(failures++, everyMs, house.random), validators.notBefore);
        await house.store.failed(source.id, house.now(), sentenceOf(error), nextAt).catch(() => undefined);
      }
    }
  }
}
