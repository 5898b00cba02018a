import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { createLaneBuilds, createQuestions } from '#data';
import { buildId, reportReady } from '#host';
import { defineQueue, defineWorker, type JobQueue, type JobWorker } from '#queue';
import { House, LANE } from '../house.js';
import { jobId } from '../jobs/schedules.js';
import { LIVE_PACE } from '../venues/feed.types.js';
import { sentenceOf } from '../venues/rest.io.js';
import { HealthStore } from './health.store.js';
import { runLane } from './lane.run.js';

/** The lane's job is found stalled, and starts elsewhere, about lock + check after its worker was killed. */
const LOCK_MS = 5000;
const STALLED_CHECK_MS = 2500;
/** The job is put again when it is gone: its worker ended in order, or the queue lost it. */
const ENSURE_MS = 2000;
/** How soon a lane hears that it is to be started again. */
const ASKED_MS = 1000;
/** New markets of a minute are one reading of the catalogue. */
const ANNOUNCED_SLOT_MS = 60_000;

/**
 * Holds a lane as a long job. The job's lock only decides who starts; who may write is decided by the epoch in
 * PostgreSQL, so a processor that runs twice does no harm.
 */
@Injectable()
export class LaneService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private queue: JobQueue | null = null;
  private catalogue: JobQueue | null = null;
  private worker: JobWorker | null = null;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<unknown> | null = null;

  constructor(@Inject(House) private readonly house: House) {}

  async onApplicationBootstrap(): Promise<void> {
    const { log, backend } = this.house;
    const onError = (error: Error): void => log.warn('the queue is not reachable', { problem: error.message });
    this.queue = defineQueue(backend, 'lane', { onError, jobs: { removeOnComplete: true, removeOnFail: true } });
    this.catalogue = defineQueue(backend, 'catalogue', { onError });
    this.worker = defineWorker(
      backend,
      'lane',
      (_job, _token, lost) => {
        this.running = this.run(lost);
        return this.running;
      },
      { concurrency: 1, lockMs: LOCK_MS, stalledCheckMs: STALLED_CHECK_MS, stalledLimit: 1_000_000, onError },
    );
    await this.ensure();
    this.timer = setInterval(() => void this.ensure(), ENSURE_MS);
    reportReady('worker-live', { lane: LANE });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    if (this.timer) clearInterval(this.timer);
    await this.running?.catch(() => undefined);
    await this.worker?.close();
    await this.queue?.close();
    await this.catalogue?.close();
  }

  private async ensure(): Promise<void> {
    try {
      await this.queue?.add(
        'lane',
        {},
        { jobId: `lane-${LANE}`, attempts: 1_000_000, backoff: { type: 'fixed', delay: 1000 } },
      );
    } catch (error) {
      this.house.log.warn('the lane could not be put into the queue', { problem: sentenceOf(error) });
    }
  }

  private async run(lost: AbortSignal | undefined): Promise<string> {
    const { house } = this;
    const asked = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, asked.signal, ...(lost ? [lost] : [])]);
    if (this.stopping.signal.aborted) return 'stopped';
    const title = `lane ${LANE}`;
    const run = `lane-${LANE}-${house.now()}`;
    let closing: 'done' | 'failed' = 'done';
    let note = '';
    let builds = '';
    const look = setInterval(() => void this.restartAsked(run, asked), ASKED_MS);
    try {
      await house.runs.abandoned('lane', title, 'its worker ended without a word');
      await house.runs.begin(run, 'lane', title);
      const how = await runLane(
        {
          lane: LANE,
          owner: house.owner,
          build: buildId(house.plugins.fingerprint),
          config: house.config,
          store: house.store,
          builds: createLaneBuilds(house.pool),
          inbox: house.inbox,
          questions: createQuestions(house.pool, house.bus, house.now),
          bus: house.bus,
          health: new HealthStore(house.pool),
          log: house.log.child({ lane: LANE }),
          venues: house.venues,
          strategies: house.plugins.strategies,
          models: house.plugins.models,
          pace: LIVE_PACE,
          now: house.now,
          steady: () => performance.now(),
          random: house.random,
          announced: (venue) => void this.readCatalogue(venue),
          running: (facts) => {
            builds = facts.note;
            void house.runs
              .progress(
                run,
                null,
                `epoch ${facts.epoch}, ${facts.replayed} events replayed up to ${facts.headSeq}${facts.note}`,
              )
              .catch((error: unknown) => house.log.warn('the run could not be noted', { problem: sentenceOf(error) }));
          },
        },
        signal,
      );
      const stopped = asked.signal.aborted
        ? `stopped in order to be started again, asked by ${asked.signal.reason}`
        : 'stopped in order';
      note = `${how === 'stale' ? 'another worker took the lane' : stopped}${builds}`;
      return how;
    } catch (error) {
      closing = 'failed';
      note = sentenceOf(error);
      throw error;
    } finally {
      clearInterval(look);
      await house.runs
        .end(run, closing, note)
        .catch((error: unknown) => house.log.warn('the run could not be noted', { problem: sentenceOf(error) }));
    }
  }

  /** Somebody may ask on the page for a fresh start; the job ends and is put into its queue again. */
  private async restartAsked(run: string, asked: AbortController): Promise<void> {
    try {
      const by = (await this.house.runs.cancelled([run])).get(run);
      if (by !== undefined) asked.abort(by);
    } catch (error) {
      this.house.log.warn('it could not be asked whether the lane is to restart', { problem: sentenceOf(error) });
    }
  }

  private async readCatalogue(venue: string): Promise<void> {
    const slot = `new-${Math.floor(this.house.now() / ANNOUNCED_SLOT_MS)}`;
    try {
      await this.catalogue?.add('catalogue', { venue, slot }, { jobId: jobId('catalogue', venue, slot) });
    } catch (error) {
      this.house.log.warn('the catalogue could not be asked for', { venue, problem: sentenceOf(error) });
    }
  }
}
