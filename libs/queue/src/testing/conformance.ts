import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Defect } from '#core';
import { queueConnection, type QueueBackend } from '../backend.js';
import type { BusMessage, LiveBus, QueueConfig } from '../contracts.js';
import { createLiveBus } from '../live-bus.js';
import { jobDesk } from '../job-desk.js';
import {
  QUEUE_NAMES,
  countJobs,
  defineFlow,
  defineQueue,
  defineWorker,
  UnrecoverableError,
  type Job,
  type JobQueue,
} from '../queues.js';

export interface Driver {
  readonly name: string;
  readonly skip: boolean;
  start(): Promise<QueueConfig & { stop(): Promise<void> }>;
  /** Breaks every connection the bus listens on. */
  breakBus(config: QueueConfig): Promise<void>;
}

const lane = (seq: number): BusMessage => ({ topic: 'lane', lane: 1, fromSeq: seq, seq, journal: 0, at: 5 });

async function until(met: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await met())) {
    if (Date.now() > end) throw new Defect('waited in vain');
    await sleep(20);
  }
}

/** What queue and bus promise, whatever carries them. */
export function queueConformance(driver: Driver): void {
  describe.skipIf(driver.skip)(`queue and bus on ${driver.name}`, () => {
    let config: Awaited<ReturnType<Driver['start']>>;
    let backend: QueueBackend;
    const closing: (() => Promise<unknown>)[] = [];
    beforeAll(async () => {
      config = await driver.start();
      backend = queueConnection(config);
    });
    afterAll(async () => {
      for (const close of closing.reverse()) await close();
      await config?.stop();
    });

    const queue = <D, R>(name: string, jobs = {}): JobQueue<D, R> => {
      const made = defineQueue<D, R>(backend, name, { jobs });
      closing.push(() => made.close());
      return made;
    };
    const worker: typeof defineWorker = (...args) => {
      const made = defineWorker(...args);
      closing.push(() => made.close());
      return made;
    };
    const fresh = (): string => `spec-${randomUUID()}`;

    describe('a queue', () => {
      it('hands every job to one worker and keeps its result', async () => {
        const name = fresh();
        const jobs = queue<{ n: number }, number>(name);
        const done: number[] = [];
        worker<{ n: number }, number>(
          backend,
          name,
          async (job) => {
            done.push(job.data.n);
            return job.data.n * 2;
          },
          { concurrency: 3 },
        );
        const added = await jobs.addBulk(Array.from({ length: 20 }, (_, n) => ({ name: 'double', data: { n } })));
        await until(() => done.length === 20);
        expect([...done].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
        await until(async () => (await countJobs(jobs as unknown as JobQueue)).completed === 20);
        expect((await jobs.getJob(String(added[7].id)))?.returnvalue).toBe(14);
      });

      it('takes a job with a known id once', async () => {
        const jobs = queue<{ n: number }, void>(fresh());
        await jobs.add('slot', { n: 1 }, { jobId: 'catalogue-2026-11-23T10' });
        await jobs.add('slot', { n: 2 }, { jobId: 'catalogue-2026-11-23T10' });
        const count = await countJobs(jobs as unknown as JobQueue);
        expect(count.waiting).toBe(1);
        expect((await jobs.getJob('catalogue-2026-11-23T10'))?.data.n).toBe(1);
      });

      it('tries again after a failure, up to its attempts', async () => {
        const name = fresh();
        const jobs = queue<{ failures: number }, string>(name, { attempts: 3, backoff: { type: 'fixed', delay: 20 } });
        const failed: string[] = [];
        worker<{ failures: number }, string>(
          backend,
          name,
          async (job) => {
            if (job.attemptsMade < job.data.failures) throw new Defect(`attempt ${job.attemptsMade}`);
            return 'done';
          },
          { onFailed: (job, error) => failed.push(`${job?.id}: ${error.message}`) },
        );
        await jobs.add('recovers', { failures: 2 }, { jobId: 'recovers' });
        await jobs.add('gives-up', { failures: 9 }, { jobId: 'gives-up' });
        await until(
          async () =>
            (await jobs.getJob('recovers'))?.finishedOn !== undefined &&
            (await jobs.getJobState('gives-up')) === 'failed',
        );
        expect((await jobs.getJob('recovers'))?.returnvalue).toBe('done');
        const lost = await jobs.getJob('gives-up');
        expect([lost?.attemptsMade, lost?.failedReason]).toEqual([3, 'attempt 2']);
        await until(() => failed.filter((each) => each.startsWith('gives-up')).length === 3);
      });

      it('does not try again what cannot succeed', async () => {
        const name = fresh();
        const jobs = queue(name);
        let runs = 0;
        worker(backend, name, async () => {
          runs++;
          throw new UnrecoverableError('never');
        });
        await jobs.add('hopeless', {}, { jobId: 'hopeless' });
        await until(async () => (await jobs.getJobState('hopeless')) === 'failed');
        expect(runs).toBe(1);
      });

      it('waits before a delayed job', async () => {
        const name = fresh();
        const jobs = queue<{ from: number }, number>(name);
        let waited = 0;
        worker<{ from: number }, number>(backend, name, async (job) => (waited = Date.now() - job.data.from));
        await jobs.add('later', { from: Date.now() }, { delay: 300 });
        expect((await countJobs(jobs as unknown as JobQueue)).delayed).toBe(1);
        await until(() => waited > 0);
        expect(waited).toBeGreaterThanOrEqual(290);
      });

      it('repeats a job on a schedule, of which there is one however often it is set', async () => {
        const name = fresh();
        const jobs = queue(name);
        let runs = 0;
        worker(backend, name, async () => void runs++);
        await jobs.upsertJobScheduler('tick', { every: 5_000 }, { name: 'tick' });
        await jobs.upsertJobScheduler('tick', { every: 150 }, { name: 'tick' });
        await until(() => runs >= 3);
        expect(await jobs.getJobSchedulers()).toHaveLength(1);
        await jobs.removeJobScheduler('tick');
        expect(await jobs.getJobSchedulers()).toHaveLength(0);
      });

      it('shows progress and log of a running job', async () => {
        const name = fresh();
        const jobs = queue(name);
        let release = (): void => undefined;
        const gate = new Promise<void>((resolve) => (release = resolve));
        worker(backend, name, async (job: Job) => {
          await job.updateProgress({ done: 3, of: 4 });
          await job.log('three of four');
          await gate;
        });
        await jobs.add('long', {}, { jobId: 'long' });
        await until(async () => (await jobs.getJobLogs('long')).count === 1);
        expect((await jobs.getJob('long'))?.progress).toEqual({ done: 3, of: 4 });
        expect((await countJobs(jobs as unknown as JobQueue)).active).toBe(1);
        release();
        await until(async () => (await jobs.getJobState('long')) === 'completed');
      });

      it('starts a parent when all its children are done, with their results', async () => {
        const name = fresh();
        const jobs = queue<{ n?: number }, number>(name);
        const flow = defineFlow(backend);
        closing.push(() => flow.close());
        worker<{ n?: number }, number>(
          backend,
          name,
          async (job) => {
            if (job.name === 'part') return job.data.n ?? 0;
            const parts = Object.values(await job.getChildrenValues<number>());
            return parts.reduce((sum, part) => sum + part, 0);
          },
          { concurrency: 2 },
        );
        const tree = await flow.add({
          name: 'sum',
          queueName: name,
          data: {},
          children: [1, 2, 3].map((n) => ({ name: 'part', queueName: name, data: { n } })),
        });
        const id = String(tree.job.id);
        await until(async () => (await jobs.getJobState(id)) === 'completed');
        expect((await jobs.getJob(id))?.returnvalue).toBe(6);
      });

      it('gives the job of a worker that vanished to another one', async () => {
        const name = fresh();
        const jobs = queue(name);
        const lock = { lockMs: 600, stalledCheckMs: 300, stalledLimit: 5 };
        // This processor never ends and, its worker closed by force, its lock is not renewed.
        const gone = worker(backend, name, () => new Promise<void>(() => undefined), lock);
        await jobs.add('lane', {}, { jobId: 'lane' });
        await until(async () => (await jobs.getJobState('lane')) === 'active');
        await gone.close(true);
        let taken = 0;
        worker(backend, name, async () => void taken++, lock);
        await until(() => taken === 1);
        expect(await jobs.getJobState('lane')).not.toBe('failed');
      });

      it('counts the jobs of every queue of the house', async () => {
        const house = await jobDesk(config);
        const before = await house.counts();
        expect(before.map((count) => count.name)).toEqual(QUEUE_NAMES);
        const jobs = queue('housekeeping');
        const job = await jobs.add('sweep', {}, { delay: 600_000 });
        expect((await house.counts())[3]).toEqual({ ...before[3], delayed: before[3].delayed + 1 });
        await job.remove();
        await house.close();
      });
    });

    describe('the desk', () => {
      it('puts a job, lets one that failed be worked again, and ends one that waits', async () => {
        const desk = await jobDesk(config);
        closing.push(() => desk.close());
        let fails = true;
        let release = (): void => undefined;
        const gate = new Promise<void>((resolve) => (release = resolve));
        const runs: string[] = [];
        const hand = worker<{ n: number }, string>(backend, 'fits', async (job) => {
          runs.push(String(job.id));
          if (job.name === 'hold') await gate;
          if (fails && job.name === 'fit') throw new UnrecoverableError('no data');
          return 'done';
        });
        await desk.put('fits', 'fit', { n: 1 }, 'fit-1');
        await desk.put('fits', 'fit', { n: 1 }, 'fit-1');
        const jobs = queue('fits');
        await until(async () => (await jobs.getJobState('fit-1')) === 'failed');
        expect(await desk.end('fits', 'fit-1')).toBe('over');
        expect(runs).toEqual(['fit-1']);
        fails = false;
        expect(await desk.again('fits', 'fit-1')).toBe('again');
        await until(() => runs.length === 2);
        await desk.put('fits', 'hold', {}, 'hold-1');
        await until(() => runs.includes('hold-1'));
        await desk.put('fits', 'fit', { n: 2 }, 'fit-2');
        expect(await desk.again('fits', 'hold-1')).toBe('not-over');
        expect(await desk.end('fits', 'hold-1')).toBe('running');
        expect(await desk.end('fits', 'fit-2')).toBe('removed');
        expect(await desk.end('fits', 'fit-2')).toBe('gone');
        expect(await desk.again('fits', 'never')).toBe('gone');
        release();
        await until(async () => (await desk.end('fits', 'hold-1')) === 'over');
        expect(runs).not.toContain('fit-2');
        await hand.close();
      });
    });

    describe('the live bus', () => {
      const open = async (): Promise<LiveBus> => {
        const bus = await createLiveBus(config);
        closing.push(() => bus.close());
        return bus;
      };

      it('carries a message to every listener of every process, in order', async () => {
        const [here, there] = [await open(), await open()];
        const heard: string[] = [];
        here.subscribe((message) => heard.push(`a${'seq' in message ? message.seq : ''}`));
        there.subscribe((message) => heard.push(`b${'seq' in message ? message.seq : ''}`));
        const leave = there.subscribe((message) => heard.push(`c${'seq' in message ? message.seq : ''}`));
        for (let seq = 1; seq <= 20; seq++) await here.publish(lane(seq));
        await until(() => heard.length === 60);
        for (const who of 'abc')
          expect(heard.filter((each) => each[0] === who)).toEqual(
            Array.from({ length: 20 }, (_, i) => `${who}${i + 1}`),
          );
        leave();
        await here.publish({ topic: 'run', run: 'é' });
        await until(() => heard.length === 62);
        expect(heard.slice(60).sort()).toEqual(['a', 'b']);
      });

      it('refuses to carry data', async () => {
        const bus = await open();
        await expect(bus.publish({ topic: 'run', run: 'é'.repeat(4_000) })).rejects.toThrow(Defect);
        await bus.publish({ topic: 'run', run: 'x'.repeat(7_000) });
      });

      it('hears again after its connection broke', async () => {
        const [bus, speaker] = [await open(), await open()];
        const heard: BusMessage[] = [];
        bus.subscribe((message) => heard.push(message));
        await speaker.publish(lane(1));
        await until(() => heard.length === 1);
        await driver.breakBus(config);
        await until(async () => {
          await speaker.publish(lane(2)).catch(() => undefined);
          return heard.some((message) => 'seq' in message && message.seq === 2);
        });
        expect(heard[0]).toEqual(lane(1));
      });

      it('is silent after it was closed', async () => {
        const [bus, speaker] = [await open(), await open()];
        let heard = 0;
        bus.subscribe(() => heard++);
        await bus.close();
        await bus.close();
        await speaker.publish(lane(1));
        await sleep(100);
        expect(heard).toBe(0);
      });
    });
  });
}
