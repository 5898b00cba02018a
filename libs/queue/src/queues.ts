import {
  FlowProducer,
  Queue,
  UnrecoverableError,
  Worker,
  type IQueueBackend,
  type Job,
  type JobProgress,
  type JobsOptions,
} from 'bullmq';
import type { QueueBackend } from './backend.js';

/** Every queue of the house. A lane is one long job; the others are short ones. */
export const QUEUE_NAMES = [
  'lane',
  'catalogue',
  'settlement',
  'housekeeping',
  'fits',
  'notices',
  'storage',
  'backfills',
  'backtests',
  'news',
] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

export type JobQueue<Data = unknown, Result = unknown> = Queue<
  Data,
  Result,
  string,
  Data,
  Result,
  string,
  IQueueBackend,
  unknown
>;
export type JobWorker<Data = unknown, Result = unknown> = Worker<
  Data,
  Result,
  string,
  IQueueBackend,
  JobProgress,
  unknown
>;
export type JobFlow = FlowProducer<IQueueBackend, unknown>;
export type { Job, JobsOptions };
/** Thrown by a processor: this job fails at once, however many attempts it has left. */
export { UnrecoverableError };

/** Three attempts with growing, jittered pauses; the last few hundred finished jobs stay to be looked at. */
const JOB_OPTIONS: JobsOptions = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
  removeOnComplete: { count: 300, age: 86_400 },
  removeOnFail: { count: 300, age: 7 * 86_400 },
};

export interface QueueOptions {
  /** Errors of the connection; without it they are swallowed, and calls that need it reject. */
  readonly onError?: (error: Error) => void;
  readonly jobs?: JobsOptions;
}

export function defineQueue<Data = unknown, Result = unknown>(
  backend: QueueBackend,
  name: string,
  options: QueueOptions = {},
): JobQueue<Data, Result> {
  const queue: JobQueue<Data, Result> = new Queue<Data, Result, string, Data, Result, string, IQueueBackend, unknown>(
    name,
    { connection: backend.connection, defaultJobOptions: { ...JOB_OPTIONS, ...options.jobs } },
    backend.factory,
  );
  queue.on('error', (error) => options.onError?.(error));
  return queue;
}

export interface WorkerOptions {
  readonly concurrency?: number;
  /** How long a job's lock lasts without renewal; a killed worker's job starts elsewhere after about lock + check. */
  readonly lockMs?: number;
  /** How often stalled jobs are looked for. */
  readonly stalledCheckMs?: number;
  /** How many times a job may be found stalled before it fails for good. Long jobs survive many workers. */
  readonly stalledLimit?: number;
  readonly onError?: (error: Error) => void;
  /** A job failed for this attempt. */
  readonly onFailed?: (job: Job | undefined, error: Error) => void;
}

/** Runs until `close()`. The processor may run twice for one job (a lost lock): what must happen once needs its own key. */
export function defineWorker<Data = unknown, Result = unknown>(
  backend: QueueBackend,
  name: string,
  process: (job: Job<Data, Result>, token?: string, signal?: AbortSignal) => Promise<Result>,
  options: WorkerOptions = {},
): JobWorker<Data, Result> {
  const worker: JobWorker<Data, Result> = new Worker<Data, Result, string, IQueueBackend, JobProgress, unknown>(
    name,
    process,
    {
      connection: backend.connection,
      concurrency: options.concurrency ?? 1,
      lockDuration: options.lockMs ?? 30_000,
      stalledInterval: options.stalledCheckMs ?? 15_000,
      maxStalledCount: options.stalledLimit ?? 1,
    },
    backend.factory,
  );
  worker.on('error', (error) => options.onError?.(error));
  if (options.onFailed) worker.on('failed', (job, error) => options.onFailed?.(job as Job | undefined, error));
  return worker;
}

/** Trees of jobs: a parent starts when all its children are done. */
export function defineFlow(backend: QueueBackend, onError: (error: Error) => void = () => undefined): JobFlow {
  const flow: JobFlow = new FlowProducer<IQueueBackend, unknown>({ connection: backend.connection }, backend.factory);
  flow.on('error', onError);
  return flow;
}

export interface QueueCount {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly completed: number;
}

export async function countJobs(queue: JobQueue): Promise<QueueCount> {
  const counts = await queue.getJobCounts(
    'waiting',
    'prioritized',
    'waiting-children',
    'active',
    'delayed',
    'failed',
    'completed',
  );
  const of = (...states: string[]): number => states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  return {
    name: queue.name,
    waiting: of('waiting', 'prioritized', 'waiting-children'),
    active: of('active'),
    delayed: of('delayed'),
    failed: of('failed'),
    completed: of('completed'),
  };
}
