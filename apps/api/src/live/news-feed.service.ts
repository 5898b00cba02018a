import { newsChanged } from '#data';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { House } from '../house.js';
import { NewsService } from '../news/news.service.js';
import type { NewsItem, NewsScorer, NewsSource } from '../news/news.types.js';
import { Channel } from './channel.js';
import { newest, newestBy } from './mailbox.js';

const ITEMS_MS = 500;
const STATE_MS = 1_000;
/** A writer may commit a little after the moment it wrote down. */
const OVERLAP_MS = 5_000;
const COMPLAIN_MS = 60_000;

interface Seat {
  readonly market: string | null;
  readonly source: string | null;
  /** Only items that touch a market. */
  readonly touching: boolean;
}

/**
 * What is pushed of news. Workers write it beside the tape, so it is followed by the database's own clock: read from rows,
 * once for all subscribers, and only while somebody listens.
 */
@Injectable()
export class NewsFeed implements OnModuleDestroy {
  readonly #items = new Channel<readonly NewsItem[], Seat>(
    ITEMS_MS,
    newestBy(
      ({ id }) => id,
      () => 0,
    ),
  );
  /** By whether the seat is shown addresses. */
  readonly #sources = new Channel<readonly NewsSource[], boolean>(STATE_MS, newest);
  readonly #scorers = new Channel<readonly NewsScorer[], null>(STATE_MS, newest);
  readonly #all = [this.#items, this.#sources, this.#scorers];
  /** The database's clock at the last look, and what was sent of the moments before it. */
  #readAt: number | null = null;
  #sent: ReadonlyMap<string, string> = new Map();
  #sourcesSent = '';
  #scorersSent = '';
  #quietUntil = 0;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(
    private readonly house: House,
    private readonly rows: NewsService,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#all.map((channel) => channel.close()));
    await this.#running;
  }

  /** What arrives or changes from now on. The first answer is empty: what is read after it misses nothing. */
  async items(seat: Seat): Promise<AsyncIterator<readonly NewsItem[]>> {
    if (this.#items.size === 0) this.#readAt = (await newsChanged(this.house.pool, null)).now;
    const box = this.#open(this.#items, seat);
    box.put([]);
    return box;
  }

  /** How they are, and how they are from then on. */
  async sources(withConfig: boolean): Promise<AsyncIterator<readonly NewsSource[]>> {
    const now = await this.rows.sources(withConfig);
    const box = this.#open(this.#sources, withConfig);
    box.put(now);
    return box;
  }

  async scorers(): Promise<AsyncIterator<readonly NewsScorer[]>> {
    const now = await this.rows.scorers();
    const box = this.#open(this.#scorers, null);
    box.put(now);
    return box;
  }

  #open<T, Filter>(channel: Channel<T, Filter>, filter: Filter): ReturnType<Channel<T, Filter>['open']> {
    const box = channel.open(filter, () => undefined);
    this.#running ??= this.#run();
    return box;
  }

  async #run(): Promise<void> {
    while (!this.#stopped && this.#all.some(({ size }) => size > 0)) {
      const now = this.house.now();
      try {
        if (this.#items.due(now)) await this.#sendItems();
        if (this.#sources.due(now)) await this.#sendSources();
        if (this.#scorers.due(now)) await this.#sendScorers();
      } catch (error) {
        // What was missed is read at the next turn.
        if (now >= this.#quietUntil) {
          this.#quietUntil = now + COMPLAIN_MS;
          this.house.log.warn('news could not be read; it is tried again', { error });
        }
      }
      await new Promise((go) => setTimeout(go, ITEMS_MS / 2));
    }
    // In the same breath as the last look at the seats: who comes next starts a new run.
    this.#running = null;
  }

  async #sendItems(): Promise<void> {
    const since = this.#readAt;
    const { now, items } = await newsChanged(this.house.pool, since && since - OVERLAP_MS);
    this.#readAt = now;
    const texts = new Map(items.map((item) => [item.id, JSON.stringify(item)]));
    const fresh = items.filter(({ id }) => texts.get(id) !== this.#sent.get(id));
    this.#sent = texts;
    if (fresh.length === 0) return;
    this.#items.send(({ market, source, touching }) => {
      const share = fresh.filter(
        (item) =>
          (source === null || item.source === source) &&
          (market === null
            ? !touching || item.touches.length > 0
            : item.touches.some((touch) => touch.market === market)),
      );
      return share.length > 0 ? share : null;
    });
  }

  async #sendSources(): Promise<void> {
    const [all, shown] = [await this.rows.sources(true), await this.rows.sources(false)];
    const text = JSON.stringify(all);
    if (text === this.#sourcesSent) return;
    this.#sourcesSent = text;
    this.#sources.send((withConfig) => (withConfig ? all : shown));
  }

  async #sendScorers(): Promise<void> {
    const scorers = await this.rows.scorers();
    const text = JSON.stringify(scorers);
    if (text === this.#scorersSent) return;
    this.#scorersSent = text;
    this.#scorers.send(() => scorers);
  }
}
