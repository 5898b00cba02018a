import { SweepRepo, type Pool, type SweepRow } from '#data';
import type { JobFlow, JobQueue } from '#queue';

/** Of one backtest, or, when all of its runs are through, of a sweep. */
export type BacktestJob = { readonly backtest: string } | { readonly sweep: string };

/** A single backtest that a person waits for goes before the many of a sweep. */
const AFTER_OTHERS = 10;
/** Rows are the truth: a job that is through is not kept, so that what is left can be put in again under its name. */
const GONE = { removeOnComplete: true, removeOnFail: true } as const;
const TRIES = { attempts: 3, backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 } } as const;

/**
 * Sweeps as trees of jobs: one for every run that is not over, over all workers, and one above them that starts when they
 * are through. Runs that are over are not put in again, whatever happened to the queue.
 */
export class SweepFlow {
  private readonly repo: SweepRepo;

  constructor(
    private readonly house: { readonly pool: Pool; readonly now: () => number },
    private readonly queue: JobQueue<BacktestJob, string>,
    private readonly flow: JobFlow,
  ) {
    this.repo = new SweepRepo(house.pool);
  }

  async close(): Promise<void> {
    await this.flow.close();
  }

  /** Puts in what is not there. */
  async look(): Promise<void> {
    for (const sweep of await this.repo.running()) {
      if (await this.repo.conclude(sweep.id, this.house.now())) continue;
      if ((await this.queue.getJob(jobOf(sweep))) === undefined) await this.put(sweep);
    }
  }

  /** Its jobs are through. What an ending worker put back is left for the next look. */
  async settle(id: string): Promise<string> {
    const at = this.house.now();
    await this.repo.abandon(id, at);
    return (await this.repo.conclude(id, at)) ? 'done' : 'goes on';
  }

  private async put(sweep: SweepRow): Promise<void> {
    const name = this.queue.name;
    const due = await this.repo.due(sweep.id);
    await this.flow.add({
      name: 'sweep',
      queueName: name,
      data: { sweep: sweep.id } satisfies BacktestJob,
      opts: { ...GONE, ...TRIES, jobId: jobOf(sweep) },
      children: due.map(({ id, attempt }) => ({
        name: 'backtest',
        queueName: name,
        data: { backtest: id } satisfies BacktestJob,
        opts: {
          ...GONE,
          ...TRIES,
          jobId: `backtest-${id}-${attempt}`,
          priority: AFTER_OTHERS,
          ignoreDependencyOnFailure: true,
        },
      })),
    });
  }
}

const jobOf = ({ id, attempt }: SweepRow): string => `sweep-${id}-${attempt}`;
