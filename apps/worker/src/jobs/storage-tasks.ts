import { OutsideProblem, UserProblem } from '#core';
import { aloneWith, beginTask, endTask, taskById, type Pool, type StorageTask } from '#data';
import type { Log } from '#host';
import { sentenceOf } from '../venues/rest.io.js';
import type { RunRepo } from './run.repo.js';

export interface TaskHouse {
  readonly pool: Pool;
  readonly runs: RunRepo;
  readonly log: Log;
  readonly now: () => number;
  readonly stopping: AbortSignal;
}

/** What became of a task: a sentence, and what of it was refused, a sentence each. */
export interface TaskDone {
  readonly note: string;
  readonly refused: readonly string[];
}

/** Does the work of a task until `signal` says to stop; `null` when it was cancelled meanwhile. */
export type TaskWork = (task: StorageTask, signal: AbortSignal) => Promise<TaskDone | string | null>;

/**
 * One task from begin to end, by one process at a time. A stopping worker leaves it as running, and so does one that lost
 * its hold on it or whose database is away: whoever looks next takes it up where it stopped.
 *
 * @returns a sentence for the queue.
 */
export async function workTask(house: TaskHouse, id: string, work: TaskWork): Promise<string> {
  const { pool, runs, log, now } = house;
  let said = 'another worker does it';
  await aloneWith(pool, id, async (lost) => {
    const task = await beginTask(pool, id, now());
    if (!task) {
      said = 'it has ended meanwhile';
      return;
    }
    const run = `storage-${id}`;
    await runs.begin(run, task.kind, task.title, { queue: 'storage', id, venue: null });
    const mirror = setInterval(() => void copyProgress(pool, runs, id, run), 1_000);
    try {
      const done = await work(task, AbortSignal.any([house.stopping, lost]));
      const { note, refused } = typeof done === 'object' && done !== null ? done : { note: done, refused: [] };
      said = note ?? 'it was cancelled';
      if (note === null) await runs.end(run, 'cancelled', (await taskById(pool, id))?.note ?? said);
      else {
        await endTask(pool, id, 'done', note, now(), refused);
        await runs.end(run, 'done', note);
      }
    } catch (error) {
      if (house.stopping.aborted || lost.aborted) {
        // Neither over nor to be taken up by hand: its row says so, and the run with it.
        said = `${lost.aborted ? 'the database was away' : 'the worker was stopped'}; it is taken up again where it stopped`;
        await runs.log(run, said).catch(() => undefined);
        return;
      }
      if (!(error instanceof OutsideProblem) && !(error instanceof UserProblem))
        log.error('a storage task stopped on a mistake of ours', { task: id, error });
      said = sentenceOf(error);
      const problems = error instanceof UserProblem ? error.fields.map(({ message }) => message) : [];
      await endTask(pool, id, 'failed', said, now(), problems);
      await runs.end(run, 'failed', said);
    } finally {
      clearInterval(mirror);
    }
  });
  return said;
}

async function copyProgress(pool: Pool, runs: RunRepo, id: string, run: string): Promise<void> {
  const task = await taskById(pool, id).catch(() => null);
  if (task?.state === 'running') await runs.progress(run, task.progress, task.note).catch(() => undefined);
}
