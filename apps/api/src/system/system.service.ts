import { databaseFacts, feeds, lanes, newestRuns, storage, type StorageRow } from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import { feedView, laneView } from './health-view.js';
import type { Health, QueueHealth, Run } from './system.types.js';

/** Sizes ask the file system and queue counts ask the queue backend: neither is worth asking every second. */
const STORAGE_EVERY_MS = 30_000;
const QUEUES_EVERY_MS = 5_000;

@Injectable()
export class SystemService {
  readonly #storage = kept<readonly StorageRow[]>(STORAGE_EVERY_MS, () => storage(this.house.pool));
  readonly #queues = kept<readonly QueueHealth[]>(QUEUES_EVERY_MS, () => this.house.queues.counts());

  constructor(private readonly house: House) {}

  async health(): Promise<Health> {
    const { pool, config } = this.house;
    const now = this.house.now();
    const [laneRows, feedRows, facts, tables, queues] = await Promise.all([
      lanes(pool),
      feeds(pool),
      databaseFacts(pool),
      this.#storage(now),
      this.#queues(now),
    ]);
    return {
      at: now,
      lanes: laneRows.map((row) => laneView(row, now)),
      feeds: feedRows.map((row) => feedView(row, now)),
      queues,
      storage: tables,
      database: `PostgreSQL ${facts.version}`,
      layout: facts.layout,
      queueBackend: config.redisUrl ? 'Redis' : 'PostgreSQL',
      demo: config.mode === 'demo',
    };
  }

  async runs(first: number): Promise<readonly Run[]> {
    return newestRuns(this.house.pool, first);
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
