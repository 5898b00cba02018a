import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
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
import { SweepFlow, type BacktestJob } from './sweep-flow.js';

const QUEUE = 'backtests';
const LOOK_MS = 1_000;
const KILL_AFTER_MS = 5_000;
/** A run that killed its process so often does so again. */
const MOST_STARTS = 3;

/** Rows that wait become jobs, jobs become processes. The rows are the truth: what the queue loses is put in again. */
@Injectable()
export class BacktestsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly repo: BacktestRepo;
  private readonly children = new Set<ChildProcess>();
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
      stalledLimit: MOST_STARTS,
      onError,
      onFailed: (job, error) => log.warn('a backtest failed', { job: job?.id, problem: error.message }),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const child of this.children) child.kill('SIGTERM');
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
    const { code, words } = await this.play(backtest);
    const after = await this.over(backtest);
    if (after !== null) return after;
    if (this.stopping || code === 3) {
      await this.repo.putBack(backtest);
      return 'interrupted';
    }
    await this.repo.end(
      backtest,
      this.house.now(),
      'failed',
      words === '' ? 'Its process ended without a word.' : words,
    );
    throw new UnrecoverableError(words);
  }

  /** What became of it; `null` while it is to be worked. */
  private async over(id: string): Promise<string | null> {
    const row = await this.repo.find(id);
    if (row === null) return 'it was removed';
    return row.state === 'waiting' || row.state === 'running' ? null : row.state;
  }

  private play(id: string): Promise<{ readonly code: number | null; readonly words: string }> {
    const entry = fileURLToPath(new URL('./backtest.process.js', import.meta.url));
    const child = fork(entry, [id], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.children.add(child);
    let words = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (words = `${words}${text}`.slice(0, 2_000)));
    let kill: NodeJS.Timeout | undefined;
    if (this.stopping) child.kill('SIGTERM');
    return new Promise((resolve) => {
      const over = (code: number | null, why = ''): void => {
        clearTimeout(kill);
        this.children.delete(child);
        resolve({ code, words: why || words.split('\n', 1)[0] });
      };
      child.once('error', (error) => over(null, error.message));
      child.once('exit', (code) => over(code));
      const watch = (): void => {
        if (!this.children.has(child)) return;
        if (this.stopping) kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
        else kill = setTimeout(watch, KILL_AFTER_MS);
      };
      watch();
    });
  }
}
