import { databaseFacts, feeds, lanes, storage, type StorageRow } from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import { feedView, laneView } from './health-view.js';
import type { Health, QueueHealth } from './system.types.js';

/** Sizes ask the file system and queue counts ask the queue backend: neither is worth asking every second. */
const STORAGE_EVERY_MS = 30_000;
const QUEUES_EVERY_MS = 5_000;
/** A Redis that is away answers never; the rest of the health does not wait for it. */
const QUEUES_WAIT_MS = 2_000;

@Injectable()
export class SystemService {
  readonly #storage = kept<readonly StorageRow[]>(STORAGE_EVERY_MS, () => storage(this.house.pool));
  readonly #queues = kept<readonly QueueHealth[]>(QUEUES_EVERY_MS, () => this.house.queues.counts());

  #last: Health | null = null;

  constructor(private readonly house: House) {}

  async health(): Promise<Health> {
    const { pool, config } = this.house;
    const now = this.house.now();
    const [laneRows, feedRows, facts, tables, queues] = await Promise.all([
      lanes(pool),
      feeds(pool),
      databaseFacts(pool),
      this.#storage(now),
      within(QUEUES_WAIT_MS, [], this.#queues(now)),
    ]);
    const health: Health = {
      at: now,
      lanes: laneRows.filter(({ imported }) => !imported).map((row) => laneView(row, now)),
      feeds: feedRows.map((row) => feedView(row, now)),
      queues,
      storage: tables,
      database: `PostgreSQL ${facts.version}`,
      layout: facts.layout,
      queueBackend: config.redisUrl ? 'Redis' : 'PostgreSQL',
      demo: config.mode === 'demo',
    };
    this.#last = health;
    return health;
  }

  /** For a page that is open while the database goes away: the last known, every lane marked as not recording. */
  async healthOrLoss(): Promise<Health> {
    try {
      return await this.health();
    } catch (error) {
      if (!this.#last) throw error;
      const problem = 'The database does not answer; nothing is recorded and what is shown is the last known.';
      return Object.assign({}, this.#last, {
        at: this.house.now(),
        database: 'not answering',
        lanes: this.#last.lanes.map((lane) => Object.assign({}, lane, { recording: false, problem })),
      });
    }
  }
}

/** Remembers an answer for a while; those who ask meanwhile wait for the same one. A failure is not remembered. */
function kept<T>(forMs: number, load: () => Promise<T>): (now: number) => Promise<T> {
  let until = 0;
  let answer: Promise<T> | null = null;
  return (now) => {
    if (!answer || now >= until) {
      until = now + forMs;
      const fresh = load();
      answer = fresh;
      fresh.catch(() => {
        if (answer === fresh) answer = null;
      });
    }
    return answer;
  };
}

/** The answer, or something else when it takes too long or fails. */
function within<T>(ms: number, otherwise: T, answer: Promise<T>): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise), ms);
    void answer.then(resolve, () => resolve(otherwise)).finally(() => clearTimeout(timer));
  });
}
