import { queueConnection } from './backend.js';
import type { QueueConfig } from './contracts.js';
import { countJobs, defineQueue, QUEUE_NAMES, type JobQueue, type QueueCount } from './queues.js';

/** What became of a job that somebody wants again. */
export type Again = 'again' | 'not-over' | 'gone';
/** What became of a job that somebody wants to end: a worker that has it must be told in another way. */
export type Ended = 'removed' | 'running' | 'over' | 'gone';

/** A person's ways to the jobs of the house. */
export interface JobDesk {
  /** Jobs of every queue by state. */
  counts(): Promise<readonly QueueCount[]>;
  /** A job with a known id is put once. Throws when the queue does not exist or its backend is away. */
  put(queue: string, name: string, data: object, jobId: string): Promise<void>;
  /** A job that failed or is done is worked again, under its own id. */
  again(queue: string, jobId: string): Promise<Again>;
  /** A job that nobody works on yet leaves its queue. */
  end(queue: string, jobId: string): Promise<Ended>;
  close(): Promise<void>;
}

export async function jobDesk(config: QueueConfig): Promise<JobDesk> {
  const backend = queueConnection(config);
  const queues = new Map<string, JobQueue>(QUEUE_NAMES.map((name) => [name, defineQueue(backend, name)]));
  return {
    counts: () => Promise.all([...queues.values()].map(countJobs)),
    async put(queue, name, data, jobId) {
      await queues.get(queue)?.add(name, data, { jobId });
    },
    async again(queue, jobId) {
      const job = await queues.get(queue)?.getJob(jobId);
      if (!job) return 'gone';
      const state = await job.getState();
      if (state !== 'failed' && state !== 'completed') return state === 'unknown' ? 'gone' : 'not-over';
      await job.retry(state, { resetAttemptsMade: true, resetAttemptsStarted: true });
      return 'again';
    },
    async end(queue, jobId) {
      const job = await queues.get(queue)?.getJob(jobId);
      if (!job) return 'gone';
      const state = await job.getState();
      if (state === 'failed' || state === 'completed') return 'over';
      if (state === 'active') return 'running';
      if (state === 'unknown') return 'gone';
      try {
        await job.remove();
        return 'removed';
      } catch {
        // A worker took it in between and holds its lock.
        return 'running';
      }
    },
    close: async () => void (await Promise.allSettled([...queues.values()].map((queue) => queue.close()))),
  };
}
