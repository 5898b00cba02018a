import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Defect, OutsideProblem, UserProblem } from '#core';
import { NewsStore } from '#data';
import { reportReady } from '#host';
import {
  defineQueue,
  defineWorker,
  UnrecoverableError,
  type Job,
  type JobQueue,
  type JobWorker,
  type QueueName,
} from '#queue';
import { House, LANE } from '../house.js';
import { createVenueIo, REST_DEFAULTS, sentenceOf } from '../venues/rest.io.js';
import { concludeTaskRuns, openTasks, type StorageTask } from '#data';
import { backfill } from './backfill.job.js';
import { syncCatalogue } from './catalogue.job.js';
import { CatalogueRetry } from './catalogue.retry.js';
import { keepHouse, makeCandles } from './housekeeping.job.js';
import type { JobHouse, JobVenue } from './job.types.js';
import { KnownQuery } from './known.query.js';
import { syncLinks } from './links.job.js';
import { fitLevels } from './levels.job.js';
import { learnFromNews } from './news.job.js';
import { fitRegimes } from './regimes.job.js';
import { keepSchedules } from './schedule.repo.js';
import { dueJobs, jobId, schedules, slotTime, type DueJob, type ScheduledJob } from './schedules.js';
import { pollSettlements } from './settlement.job.js';
import { workTask, type TaskWork } from './storage-tasks.js';
import { exportJob, importJob } from './transfer.job.js';

/** The rest of a venue's REST budget belongs to the lane's probes and resyncs. */
const JOBS_SHARE = 0.4;
const TICK_MS = 1000;
/** Every so many polls every market is asked for, not only those that are due. */
const ALL_EVERY = 10;

interface JobData {
  readonly venue: string | null;
  readonly slot: string;
}

const QUEUES = ['catalogue', 'settlement', 'housekeeping', 'fits'] as const satisfies readonly ScheduledJob['queue'][];

/**
 * What people ask of storage: long, and one at a time, so that it never keeps the lane's database busy. A backfill goes at
 * the pace of its venue, for hours; exports and imports do not wait behind it.
 */
const TASK_QUEUES = ['storage', 'backfills'] as const satisfies readonly QueueName[];
const taskQueue = (kind: StorageTask['kind']): (typeof TASK_QUEUES)[number] =>
  kind === 'backfill' ? 'backfills' : 'storage';
/** A task whose job was lost is put again so often. */
const TASK_AGAIN_MS = 600_000;

/** Fires the schedules and works the queues they fill. */
@Injectable()
export class JobsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly queues = new Map<string, JobQueue<JobData, string>>();
  private readonly workers: JobWorker<JobData, string>[] = [];
  private readonly jobs: readonly ScheduledJob[];
  private readonly jobHouse: JobHouse;
  private readonly catalogues: CatalogueRetry;
  /** What is being worked on here, by run. */
  private readonly working = new Map<string, AbortController>();
  private firedAt: number;
  private firedSteady = performance.now();
  private ready = false;

  constructor(@Inject(House) private readonly house: House) {
    this.jobs = schedules(house.config.mode);
    this.firedAt = house.now();
    const { config, inbox, now, log, pool } = house;
    this.catalogues = new CatalogueRetry(house.random, (venue) => {
      const slot = `again-${now()}`;
      const job = { queue: 'catalogue', name: 'catalogue', venue, jobId: jobId('catalogue', venue, slot) } as const;
      void this.put(job, slot);
    });
    this.jobHouse = {
      lane: LANE,
      config,
      inbox,
      known: new KnownQuery(pool),
      now,
      log,
      venues: house.venues.map((venue) => this.venue(venue)),
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { log, backend } = this.house;
    const onError = (error: Error): void => log.warn('the queue is not reachable', { problem: error.message });
    for (const name of QUEUES) {
      this.queues.set(name, defineQueue<JobData, string>(backend, name, { onError }));
      this.workers.push(
        defineWorker<JobData, string>(backend, name, (job) => this.work(job), {
          concurrency: 2,
          onError,
          onFailed: (job, error) => log.warn('a job failed', { queue: name, job: job?.id, problem: error.message }),
        }),
      );
    }
    for (const name of TASK_QUEUES) {
      this.queues.set(name, defineQueue<JobData, string>(backend, name, { onError }));
      this.workers.push(
        defineWorker<JobData, string>(backend, name, (job) => this.workTask(job.data.slot), {
          concurrency: 1,
          onError,
        }),
      );
    }
    await keepSchedules(this.house.pool, this.jobs, this.venueIds);
    // A start does not wait for the next slot.
    const boot = `start-${this.house.now()}`;
    for (const { queue, name, perVenue } of this.jobs)
      for (const venue of perVenue ? this.venueIds : [null])
        await this.put({ queue, name, venue, jobId: jobId(name, venue, boot) }, boot);
    await this.putTasks(boot);
    this.ready = true;
    reportReady('worker-jobs', {});
  }

  async onApplicationShutdown(): Promise<void> {
    this.ready = false;
    this.stopping.abort();
    this.catalogues.stop();
    await Promise.allSettled(this.workers.map((worker) => worker.close()));
    await Promise.allSettled([...this.queues.values()].map((queue) => queue.close()));
  }

  @Interval(TICK_MS)
  async fire(): Promise<void> {
    if (!this.ready) return;
    const since = this.firedAt;
    const steady = performance.now();
    this.firedAt = slotTime(this.house.now(), since, steady - this.firedSteady);
    this.firedSteady = steady;
    for (const job of dueJobs(this.jobs, this.venueIds, since, this.firedAt)) await this.put(job, String(job.slot));
    await this.putTasks('asked');
    await this.endAsked();
  }

  /** Rows are what counts: whatever became of a queue, an open task finds its way into it again. */
  private async putTasks(when: string): Promise<void> {
    try {
      for (const { id, kind, tries } of await openTasks(this.house.pool)) {
        const slot = `${when}-${Math.floor(this.house.now() / TASK_AGAIN_MS)}`;
        const jobId = ['task', id, tries, slot].join('-');
        const name = taskQueue(kind);
        await this.queues.get(name)?.add(name, { venue: null, slot: id }, { jobId });
      }
      for (const run of await concludeTaskRuns(this.house.pool, this.house.now()))
        await this.house.bus.publish({ topic: 'run', run });
    } catch (error) {
      this.house.log.warn('storage tasks could not be looked for', { problem: sentenceOf(error) });
    }
  }

  private workTask(id: string): Promise<string> {
    const { pool, runs, log, now } = this.house;
    const house = { pool, runs, log, now, stopping: this.stopping.signal };
    return workTask(house, id, (task, signal) => this.performTask(task, signal));
  }

  private async performTask(task: StorageTask, signal: AbortSignal): ReturnType<TaskWork> {
    const { pool, config, plugins, now } = this.house;
    const clock = { now, signal };
    if (task.kind === 'export') return exportJob(pool, task, config.dataDir, clock);
    if (task.kind === 'import') return importJob(pool, task, config.dataDir, plugins.venues, clock);
    const venue = this.venueOf(String(task.body['venue']));
    return backfill(pool, task, venue, await this.jobHouse.known.markets(LANE, venue.plugin.manifest.id), clock);
  }

  private get venueIds(): string[] {
    return this.house.venues.map(({ plugin }) => plugin.manifest.id);
  }

  private async put(job: Omit<DueJob, 'slot'>, slot: string): Promise<void> {
    try {
      await this.queues.get(job.queue)?.add(job.name, { venue: job.venue, slot }, { jobId: job.jobId });
    } catch (error) {
      this.house.log.warn('a job could not be put into its queue', { job: job.jobId, problem: sentenceOf(error) });
    }
  }

  private async work(job: Job<JobData, string>): Promise<string> {
    const { runs, log } = this.house;
    const { venue, slot } = job.data;
    const run = `${job.queueName}-${job.id}`;
    const cancel = new AbortController();
    const stop = AbortSignal.any([this.stopping.signal, cancel.signal]);
    this.working.set(run, cancel);
    try {
      await runs.begin(run, job.name, venue === null ? job.name : `${venue}: ${job.name}`, {
        queue: job.queueName,
        id: String(job.id),
        venue,
      });
      const house = { ...this.jobHouse, say: (line: string) => runs.log(run, line) };
      const note = await this.perform(house, job.name, venue, slot, stop);
      stop.throwIfAborted();
      await runs.end(run, 'done', note);
      if (job.name === 'catalogue' && venue !== null) this.catalogues.worked(venue);
      return note;
    } catch (error) {
      const why = this.stopping.signal.aborted
        ? 'the worker was stopped'
        : cancel.signal.aborted
          ? `asked by ${String(cancel.signal.reason)}`
          : null;
      if (job.name === 'catalogue' && venue !== null && why === null) this.catalogues.failed(venue);
      await runs.end(run, why === null ? 'failed' : 'cancelled', why ?? sentenceOf(error));
      if (cancel.signal.aborted) throw new UnrecoverableError(why ?? 'cancelled');
      if (!(error instanceof OutsideProblem) && !(error instanceof UserProblem))
        log.error('a job stopped on a mistake of ours', { job: job.id, error });
      // The next slot comes soon and asks afresh; only what was nearly there is worth repeating at once.
      throw error instanceof OutsideProblem && error.retry ? error : new UnrecoverableError(sentenceOf(error));
    } finally {
      this.working.delete(run);
    }
  }

  /** Ends what somebody asked to end on the page. A job stops at its next step outwards. */
  private async endAsked(): Promise<void> {
    try {
      for (const [run, by] of await this.house.runs.cancelled([...this.working.keys()]))
        this.working.get(run)?.abort(by);
    } catch (error) {
      this.house.log.warn('it could not be asked which runs are to end', { problem: sentenceOf(error) });
    }
  }

  private perform(
    house: JobHouse,
    name: string,
    venue: string | null,
    slot: string,
    stop: AbortSignal,
  ): Promise<string> {
    const fits = { lane: LANE, pool: this.house.pool, inbox: this.house.inbox };
    switch (name) {
      case 'catalogue':
        return syncCatalogue(house, stoppable(this.venueOf(venue), stop), slot);
      case 'links':
        return syncLinks(house);
      case 'settlement':
        return pollSettlements(
          house,
          stoppable(this.venueOf(venue), stop),
          slot,
          Number.isNaN(Number(slot)) || Number(slot) % ALL_EVERY === 0,
        );
      case 'housekeeping':
        return keepHouse(this.house.pool, this.house.runs, this.house.now(), this.house.config.dataDir, house.say);
      case 'candles':
        return makeCandles(this.house.pool, this.house.now(), house.say);
      case 'levels':
        return fitLevels({ ...fits, say: house.say }, stop);
      case 'news':
        return learnFromNews({
          ...fits,
          mode: this.house.config.mode,
          store: new NewsStore(this.house.pool),
          now: this.house.now,
          say: house.say,
        });
      case 'regimes':
        return fitRegimes({ ...fits, say: house.say }, stop);
      default:
        throw new Defect(`no job is called ${name}`);
    }
  }

  private venueOf(id: string | null): JobVenue {
    const venue = this.jobHouse.venues.find(({ plugin }) => plugin.manifest.id === id);
    if (!venue) throw new UserProblem(`no venue plugin is called ${id}`);
    return venue;
  }

  private venue({ plugin, config }: House['venues'][number]): JobVenue {
    const { now, random } = this.house;
    const io = createVenueIo(config, {
      venue: plugin.manifest.title,
      budget: plugin.rest,
      share: JOBS_SHARE,
      now,
      random,
      ...REST_DEFAULTS,
      signal: this.stopping.signal,
    });
    return { plugin, io };
  }
}

/** The same venue for one job: what is asked after the job was cancelled is not asked. */
function stoppable({ plugin, io }: JobVenue, stop: AbortSignal): JobVenue {
  const asked = <T>(ask: () => Promise<T>): Promise<T> => {
    stop.throwIfAborted();
    return ask();
  };
  return {
    plugin,
    io: {
      ...io,
      get: (url, options) => asked(() => io.get(url, options)),
      post: (url, body, options) => asked(() => io.post(url, body, options)),
    },
  };
}
