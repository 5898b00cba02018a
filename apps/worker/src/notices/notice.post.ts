import { deliveryId, type DeliveryKey } from '#data';
import { defineQueue, defineWorker, type JobQueue, type JobWorker, type LiveBus, type QueueBackend } from '#queue';
import { sentenceOf } from '../venues/rest.io.js';
import { attemptDelivery, type NoticeHouse } from './attempt.js';

const AT_ONCE = 8;
/** A job is one attempt of seconds; its own lease in the row is what keeps a second one away. */
const LOCK_MS = 15_000;

interface JobData {
  readonly key: DeliveryKey;
  readonly attempts: number;
}

export interface PostHouse extends NoticeHouse {
  readonly backend: QueueBackend;
  readonly bus: LiveBus;
}

/**
 * Tells the outside what was committed: looks at the journal as it grows, makes deliveries of it, and has the queue carry each
 * attempt to whichever worker is free. The rows are the truth; a queue that lost everything is filled from them again.
 */
export class NoticePost {
  private readonly queue: JobQueue<JobData, string>;
  private readonly worker: JobWorker<JobData, string>;
  private readonly leave: () => void;
  private looking: Promise<void> | null = null;
  private again = false;

  constructor(private readonly house: PostHouse) {
    const { backend, bus, log } = house;
    const onError = (error: Error): void => log.warn('the queue is not reachable', { problem: error.message });
    this.queue = defineQueue<JobData, string>(backend, 'notices', {
      onError,
      // A name is free again once its attempt is over: the rows remember, the queue does not.
      jobs: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    });
    this.worker = defineWorker<JobData, string>(backend, 'notices', (job) => this.attempt(job.data), {
      concurrency: AT_ONCE,
      lockMs: LOCK_MS,
      stalledCheckMs: LOCK_MS / 3,
      onError,
      onFailed: (job, error) =>
        log.warn('an attempt at a delivery broke off', { job: job?.id, problem: error.message }),
    });
    this.leave = bus.subscribe((message) => {
      if (message.topic === 'lane' && message.journal > 0) void this.look();
    });
  }

  /** The house's signal was given before: what is in flight ends at once. */
  async stop(): Promise<void> {
    this.leave();
    await this.looking;
    await this.worker.close();
    await this.queue.close();
  }

  /** What is new in the journal becomes deliveries, and what is due goes to the queue. */
  async look(): Promise<void> {
    if (this.house.signal.aborted) return;
    if (this.looking) {
      this.again = true;
      return;
    }
    do {
      this.again = false;
      this.looking = this.lookOnce();
      await this.looking;
      this.looking = null;
    } while (this.again && !this.house.signal.aborted);
  }

  private async lookOnce(): Promise<void> {
    const { outbox, now, log } = this.house;
    try {
      if ((await outbox.scan(now())) > 0) await this.tell();
      const due = await outbox.due(now());
      if (due.length === 0) return;
      await this.queue.addBulk(
        due.map(({ rule, lane, seq, ordinal, attempts, spent }) => {
          const key = { rule, lane, seq, ordinal };
          return {
            name: 'deliver',
            data: { key, attempts },
            opts: { jobId: `${deliveryId(key)}-${spent + attempts}` },
          };
        }),
      );
    } catch (error) {
      log.warn('notices could not be looked at', { problem: sentenceOf(error) });
    }
  }

  private async attempt({ key, attempts }: JobData): Promise<string> {
    const said = await attemptDelivery(this.house, key, attempts);
    await this.tell();
    return said;
  }

  /** A lost nudge costs a page one look. */
  private tell(): Promise<void> {
    return this.house.bus.publish({ topic: 'notice' }).catch(() => undefined);
  }
}
