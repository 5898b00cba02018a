import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Value } from 'typebox/value';
import { NewsStore, type HeldSource } from '#data';
import { noSecret } from './document.io.js';
import type { EnricherPlugin, OpenEnricher } from '#plugin-sdk';
import { mentionsAny, subjectsOf, type Subjects } from '#plugins';
import { defineQueue, defineWorker, type Job, type JobQueue, type JobWorker } from '#queue';
import { House, LANE } from '../house.js';
import { sentenceOf } from '../venues/rest.io.js';
import { inboxItems, scoreBatch, type WatchedMarket } from './enrich.batch.js';
import { PolledReader, type Reader, type ReaderHouse } from './source.reader.js';
import { simulatedParameters } from './simulated-prior.js';
import { firstSources } from './sources.js';
import { StreamReader } from './stream.reader.js';
import { watchedMarkets } from './watched.query.js';

/** How often holds on sources are renewed, and how long they outlast the process that had them. */
const HOLD_EVERY_MS = 2_000;
const HOLD_FOR_MS = 15_000;
const WATCHED_FOR_MS = 10_000;
const AT_ONCE = 64;
const MOST_PER_JOB = 4 * AT_ONCE;
/** Behind jobs without one: those that somebody waits for. */
const NEWS_PRIORITY = 1;
const CLAIM_MS = 60_000;
/** How far back a story reaches for novelty: after eight half-lives nothing is left of a likeness. */
const STORY_MS = 48 * 3_600_000;
const STORY_LENGTH = 500;
/** Items nobody got to score, after a crash for instance, are looked for this often. */
const SWEEP_MS = 15_000;

type NewsJob = { readonly kind: 'enrich' } | { readonly kind: 'trial'; readonly id: string };

/** Reads the sources, has what arrives scored in batches, and puts what takes a side into the lane's inbox. */
@Injectable()
export class NewsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly store: NewsStore;
  private readonly readers = new Map<string, { readonly key: string; readonly reader: Reader }>();
  private queue: JobQueue<NewsJob, string> | null = null;
  private worker: JobWorker<NewsJob, string> | null = null;
  private enricher: OpenEnricher | null = null;
  private opening: Promise<void> = Promise.resolve();
  private timers: NodeJS.Timeout[] = [];
  private watched: { readonly at: number; readonly markets: readonly WatchedMarket[]; readonly subjects: Subjects } = {
    at: -Infinity,
    markets: [],
    subjects: new Set(),
  };
  private asked = 0;
  private waitingUntil = 0;
  private stopped = false;
  private holding: Promise<void> = Promise.resolve();

  constructor(@Inject(House) private readonly house: House) {
    this.store = new NewsStore(house.pool);
  }

  onApplicationBootstrap(): void {
    if (!this.house.config.news.on) return;
    // Loading a model takes a while; the other jobs do not wait for it.
    this.opening = this.open().catch((error: unknown) =>
      this.house.log.error('news could not be started', { problem: sentenceOf(error), error }),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.opening;
    for (const timer of this.timers) clearInterval(timer);
    await this.holding;
    await Promise.allSettled([...this.readers.values()].map(({ reader }) => reader.stop()));
    await this.worker?.close().catch(() => undefined);
    await this.queue?.close().catch(() => undefined);
    await this.enricher?.close().catch(() => undefined);
    await this.store.release(this.house.owner).catch(() => undefined);
  }

  private async open(): Promise<void> {
    const { house, store } = this;
    const { log, backend, config } = house;
    this.enricher = await this.openEnricher();
    const { scorer } = this.enricher;
    if (scorer) {
      await store.noteScorer(house.owner, scorer, house.now());
      log.info('news is scored', { by: scorer.name, note: scorer.note, warmUpMs: scorer.warmUpMs });
    }
    await store.seed(firstSources(config), config.mode === 'demo');
    // Once something of its own was learned, what was learned elsewhere is part of that.
    if (config.mode === 'demo' && [...(await store.weights()).values()].every(({ judged }) => judged === 0))
      await house.inbox.put(...simulatedParameters(LANE));
    const onError = (error: Error): void => log.warn('the queue is not reachable', { problem: error.message });
    this.queue = defineQueue<NewsJob, string>(backend, 'news', { onError });
    this.worker = defineWorker<NewsJob, string>(backend, 'news', (job) => this.work(job), {
      concurrency: 1,
      onError,
      onFailed: (job, error) => log.warn('a job failed', { queue: 'news', job: job?.id, problem: error.message }),
    });
    if (this.stopped) return;
    this.timers = [
      setInterval(() => {
        this.holding = this.holding.then(() => this.hold());
      }, HOLD_EVERY_MS),
      setInterval(() => void this.enqueue(), SWEEP_MS),
      setInterval(
        () => scorer && void store.noteScorer(house.owner, scorer, house.now()).catch(() => undefined),
        60_000,
      ),
    ];
    await (this.holding = this.hold());
    await this.enqueue();
  }

  private async openEnricher(): Promise<OpenEnricher> {
    const { config, plugins, now } = this.house;
    const found = plugins.enrichers.find(({ manifest }) => manifest.id === config.news.enricher);
    const plugin = (found ?? plugins.enrichers[0]) as EnricherPlugin;
    if (!found)
      this.house.log.warn('there is no such enricher', { asked: config.news.enricher, used: plugin.manifest.id });
    const own =
      plugin.manifest.id === 'market-stance'
        ? { model: config.news.model, dtype: config.news.dtype, threads: config.news.threads }
        : {};
    const settings = Value.Default(plugin.configSchema, own) as Record<string, unknown>;
    return plugin.open({ config: settings, now, get: noSecret, post: noSecret, secret: noSecret });
  }

  /** Renews this process's holds; sources that came are read, those that went or changed are not any more. */
  private async hold(): Promise<void> {
    if (this.stopped) return;
    const { house, store, readers } = this;
    try {
      const { news } = house.plugins;
      const readable = news.filter(({ fetch, stream }) => fetch !== undefined || stream !== undefined);
      const held = await store.hold(
        house.owner,
        house.now(),
        HOLD_FOR_MS,
        readable.map(({ manifest }) => manifest.id),
      );
      await this.refreshWatched();
      const wanted = new Map(held.map((source) => [source.id, source]));
      for (const [id, { key, reader }] of readers) {
        const source = wanted.get(id);
        if (source && keyOf(source) === key) continue;
        readers.delete(id);
        await reader.stop();
      }
      for (const source of held) if (!readers.has(source.id)) this.read(source);
    } catch (error) {
      house.log.warn('sources of news could not be looked after', { problem: sentenceOf(error) });
    }
  }

  private read(source: HeldSource): void {
    const plugin = this.house.plugins.news.find(({ manifest }) => manifest.id === source.plugin);
    if (!plugin || this.stopped) return;
    const { now, random, log } = this.house;
    if (!Value.Check(plugin.configSchema, source.config)) {
      void this.store.failed(source.id, now(), 'its settings do not fit its plugin', now()).catch(() => undefined);
      return;
    }
    const house: ReaderHouse = {
      store: this.store,
      now,
      random,
      privateHosts: this.house.config.news.privateHosts,
      wanted: (item) => mentionsAny(this.watched.subjects, item.title),
      took: async ({ id }, items) => {
        const added = await this.store.add(id, items, now());
        if (added.length > 0) await this.enqueue();
      },
      trouble: ({ id }, error) => log.warn('a source of news had trouble', { source: id, problem: sentenceOf(error) }),
    };
    const reader = plugin.stream
      ? new StreamReader(source, plugin.stream, house)
      : new PolledReader(source, plugin, house);
    this.readers.set(source.id, { key: keyOf(source), reader });
  }

  /**
   * One job scores all that waits; while one is waiting to begin, more would find nothing. Another process may have taken
   * that one, so it is believed in for a while only.
   */
  private async enqueue(): Promise<void> {
    const now = this.house.now();
    if (now < this.waitingUntil || this.stopped || !this.queue) return;
    this.waitingUntil = now + SWEEP_MS;
    try {
      const id = `enrich-${process.pid}-${now}-${this.asked++}`;
      await this.queue.add('enrich', { kind: 'enrich' }, { jobId: id, priority: NEWS_PRIORITY });
    } catch (error) {
      this.waitingUntil = 0;
      this.house.log.warn('news could not be queued', { problem: sentenceOf(error) });
    }
  }

  private async work(job: Job<NewsJob, string>): Promise<string> {
    if (job.data.kind === 'trial') return this.answer(job.data.id);
    this.waitingUntil = 0;
    let scored = 0;
    for (;;) {
      const done = await this.scoreSome();
      scored += done;
      if (done < AT_ONCE || this.stopped) return `${scored} items scored`;
      if (scored < MOST_PER_JOB) continue;
      // A headline somebody tries waits behind one job, not behind all that is left.
      await this.enqueue();
      return `${scored} items scored, more wait`;
    }
  }

  private async scoreSome(): Promise<number> {
    const { house, store } = this;
    const items = await store.claim(AT_ONCE, house.now(), CLAIM_MS);
    if (items.length === 0) return 0;
    await this.refreshWatched();
    const scored = await scoreBatch(items, {
      enricher: this.enricher!,
      markets: this.watched.markets,
      earlier: (markets) => store.earlier(markets, house.now() - STORY_MS, STORY_LENGTH),
    });
    // The inbox first: an item whose scores are stored is never looked at again.
    await house.inbox.put(...inboxItems(scored, LANE));
    await store.finish(
      scored.map(({ scores }) => scores),
      house.now(),
    );
    return items.length;
  }

  /** What would be made of a headline somebody typed; it is not stored as an item and never reaches the tape. */
  private async answer(id: string): Promise<string> {
    const { house, store } = this;
    const asked = await store.trial(id);
    if (asked === null) return 'nothing was asked';
    try {
      await this.refreshWatched();
      const item = { id, title: asked.text, text: '', url: null, publishedAt: null };
      const [scored] = await scoreBatch([{ ...item, position: 0, source: 'trial', receivedAt: house.now() }], {
        enricher: this.enricher!,
        markets: this.watched.markets,
        earlier: (markets) => store.earlier(markets, house.now() - STORY_MS, STORY_LENGTH),
      });
      await store.answerTrial(id, { ...scored.scores, note: this.enricher!.scorer?.note ?? '' }, null);
    } catch (error) {
      // Somebody waits for it: the reason is told now, not after the last attempt.
      await store.answerTrial(id, null, sentenceOf(error));
      throw error;
    }
    return 'a headline was tried';
  }

  private async refreshWatched(): Promise<void> {
    const { house } = this;
    if (house.now() - this.watched.at < WATCHED_FOR_MS) return;
    const markets = await watchedMarkets(house.pool, LANE);
    this.watched = { at: house.now(), markets, subjects: subjectsOf(markets.map(({ title }) => title)) };
  }
}

const keyOf = ({ plugin, config }: HeldSource): string => JSON.stringify([plugin, config]);
