import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { OutsideProblem } from '#core';
import { BacktestRepo } from '#data';
import {
  defineFlow,
  defineQueue,
  defineWorker,
  UnrecoverableError,
  type Job,
  type JobQueue,
  type JobWorker,
} from '#queue';
import { House } from '../house.js';
import { sentenceOf } from '../venues/rest.io.js';
import { BacktestPlayer } from './backtest.player.js';
import { SweepFlow, type BacktestJob } from './sweep-flow.js';

const QUEUE = 'backtests';
const LOOK_MS = 1_000;
/** A run that killed its process so often does so again. */
const MOST_STARTS = 3;
/** A worker that holds a run does nothing but wait for it: when it is silent for so long it is gone. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 3_000;

/** Rows that wait become jobs, jobs become processes. The rows are the truth: what the queue loses is put in again. */
@Injectable()
export class BacktestsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly repo: BacktestRepo;
  private readonly player = new BacktestPlayer();
  private queue: JobQueue<BacktestJob, string> | null = null;
  private worker: JobWorker<BacktestJob, string> | null = null;
  private sweeps: SweepFlow | null = null;
  private stopping = false;
  private looking = false;

  constructor(@Inject(House) private readonly house: House) {
    this.repo = new BacktestRepo(house.pool);
  }

  onApplicationBootstrap(): void {
    const { backend, log } = this.house;
    const onError = (error: Error): void => log.warn('the queue is not reachable', { problem: error.message });
    this.queue = defineQueue<BacktestJob, string>(backend, QUEUE, { onError });
    this.sweeps = new SweepFlow(this.house, this.queue, defineFlow(backend, onError));
    this.worker = defineWorker<BacktestJob, string>(backend, QUEUE, (job) => this.work(job), {
      concurrency: 1,
      lockMs: LOCK_MS,
      stalledCheckMs: STALLED_CHECK_MS,
      stalledLimit: MOST_STARTS,
      onError,
      onFailed: (job, error) => this.failed(job, error),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.player.stop();
    await Promise.allSettled([this.worker?.close(), this.queue?.close(), this.sweeps?.close()]);
  }

  @Interval(LOOK_MS)
  async look(): Promise<void> {
    if (this.looking || this.stopping || this.queue === null) return;
    this.looking = true;
    try {
      for (const { id, attempt } of await this.repo.due())
        await this.queue.add('backtest', { backtest: id }, { jobId: `backtest-${id}-${attempt}` });
      await this.sweeps?.look();
    } catch (error) {
      this.house.log.warn('backtests could not be looked for', { problem: sentenceOf(error) });
    } finally {
      this.looking = false;
    }
  }

  private async work(job: Job<BacktestJob, string>): Promise<string> {
    if ('sweep' in job.data) return this.sweeps!.settle(job.data.sweep);
    const { backtest } = job.data;
    // Those of a cancelled sweep need no process to say so.
    const before = await this.over(backtest);
    if (before !== null) return before;
    const loss = await this.player.play(backtest);
    const after = await this.over(backtest);
    if (after !== null) return after;
    if (this.stopping || loss?.code === 3) {
      await this.repo.putBack(backtest);
      return 'interrupted';
    }
    // Killed from outside, as a system that is short of memory does: it may go better the next time.
    if (loss?.signal === 'SIGKILL' && job.attemptsMade + 1 < MOST_STARTS)
      throw new OutsideProblem('Its process was killed.', true);
    const words = loss?.words ?? '';
    await this.repo.end(
      backtest,
      this.house.now(),
      'failed',
      words === '' ? 'Its process ended without a word.' : words,
    );
    throw new UnrecoverableError(words);
  }

  /** It is not tried again; one that was lost too often does not say so itself. */
  private failed(job: Job | undefined, error: Error): void {
    const { log, now } = this.house;
    log.warn('a backtest failed', { job: job?.id, problem: error.message });
    const data = job?.data as BacktestJob | undefined;
    if (job?.finishedOn === undefined || data === undefined || !('backtest' in data)) return;
    this.repo.end(data.backtest, now(), 'failed', 'Its process was lost too often.').catch((problem: unknown) => {
      log.warn('a lost backtest could not be ended', { problem: sentenceOf(problem) });
    });
  }

  /** What became of it; `null` while it is to be worked. */
  private async over(id: string): Promise<string | null> {
    const row = await this.repo.find(id);
    if (row === null) return 'it was removed';
    return row.state === 'waiting' || row.state === 'running' ? null : row.state;
  }
}
