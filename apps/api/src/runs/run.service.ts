import { OutsideProblem, UserProblem } from '#core';
import {
  jobSchedules,
  runAsked,
  runById,
  runKinds,
  runPage,
  runsLately,
  runToEnd,
  sessionPage,
  type Page,
  type Person,
  type RunFilter,
  type RunRow,
} from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import { StorageTaskService } from '../storage/storage-task.service.js';
import type { Run, RunPage, Schedule, SessionPage } from './run.types.js';

const LATELY = 60;
/** Exports, imports and backfills have rows of their own, which outlive every queue. */
const TASKS = 'storage';

const wrong = (path: string, message: string): UserProblem => new UserProblem(message, [{ path, message }]);

/** What workers do, and a person's ways to have it done, again or no more. */
@Injectable()
export class RunService {
  constructor(
    private readonly house: House,
    private readonly tasks: StorageTaskService,
  ) {}

  async page(filter: RunFilter): Promise<RunPage> {
    const page = await runPage(this.house.pool, filter);
    return { ...page, items: page.items.map(shownRun) };
  }

  async byId(id: string): Promise<Run | null> {
    const row = await runById(this.house.pool, id);
    return row && shownRun(row);
  }

  /** These and the newest few: what a page that stays open may have to show anew. */
  async lately(ids: readonly string[]): Promise<readonly Run[]> {
    return (await runsLately(this.house.pool, ids, LATELY)).map(shownRun);
  }

  kinds = () => runKinds(this.house.pool);

  async sessions(first: number, after: string | null): Promise<SessionPage> {
    const page: Page<Awaited<ReturnType<typeof sessionPage>>['items'][number]> = await sessionPage(
      this.house.pool,
      first,
      after,
    );
    return {
      ...page,
      items: page.items.map(({ workflow, ...look }) => ({
        ...look,
        workflow: workflow.id,
        title: workflow.title,
        version: workflow.version,
        plugin: workflow.plugin,
        pluginVersion: workflow.pluginVersion,
      })),
    };
  }

  /** Slots begin at whole multiples of their length, so the next one is known without asking anybody. */
  async schedules(): Promise<readonly Schedule[]> {
    const now = this.house.now();
    return (await jobSchedules(this.house.pool)).map((row) => ({
      ...row,
      nextAt: (Math.floor(now / row.everyMs) + 1) * row.everyMs,
    }));
  }

  /** Puts a scheduled job into its queue now; its clock goes on as before. */
  async now(by: Person, schedule: string): Promise<string> {
    const found = (await jobSchedules(this.house.pool)).find(({ id }) => id === schedule);
    if (!found) throw wrong('/schedule', `Nothing is scheduled as ${schedule}.`);
    const { queue, name, venue } = found;
    return this.#put(by, { queue, name, venue }, 'run.now', schedule);
  }

  /** Works a job again that failed or was cancelled: the same one while its queue has it, else one like it. */
  async retry(by: Person, id: string): Promise<string> {
    const run = await this.#run(id);
    if (!run.queue || !run.job || !shownRun(run).canRetry)
      throw wrong('/id', `${run.title} is ${run.state}; only a job that failed or was cancelled can be worked again.`);
    const { queue, job } = run;
    if (queue === TASKS) {
      await this.tasks.resume(by, job);
      return id;
    }
    const again = await this.#asked(() => this.house.queues.again(queue, job));
    if (again === 'not-over')
      throw wrong('/id', `${run.title} is still in its queue; cancel it first, or wait for it.`);
    if (again === 'gone') return this.#put(by, { queue, name: run.kind, venue: run.venue }, 'run.retry', id);
    await runAsked(this.house.pool, run, `Put into its queue again by ${by.name}`, this.house.now());
    await this.#told(by, 'run.retry', id, {});
    return id;
  }

  /** Ends what waits at once; a worker that has it stops at its next step. */
  async cancel(by: Person, id: string): Promise<string> {
    const run = await this.#run(id);
    if (!run.queue || !run.job || !shownRun(run).canCancel)
      throw wrong('/id', `${run.title} is ${run.state}; only a job that waits or runs can be cancelled.`);
    const { queue, job } = run;
    if (queue === TASKS) {
      await this.tasks.cancel(by, job);
      return id;
    }
    const ended = await this.#asked(() => this.house.queues.end(queue, job));
    await runToEnd(this.house.pool, id, by.name, ended !== 'running', this.house.now());
    await this.#told(by, 'run.cancel', id, {});
    return id;
  }

  /** The lane that runs stops in order and is started again where it was. */
  async restart(by: Person, id: string): Promise<string> {
    const run = await this.#run(id);
    if (!shownRun(run).canRestart)
      throw wrong('/id', `${run.title} is ${run.state}; only a lane that runs can be started again.`);
    await runToEnd(this.house.pool, id, by.name, false, this.house.now());
    await this.#told(by, 'run.restart', id, {});
    return id;
  }

  async #put(
    by: Person,
    { queue, name, venue }: { queue: string; name: string; venue: string | null },
    action: string,
    target: string,
  ): Promise<string> {
    const at = this.house.now();
    const slot = `hand-${at}`;
    const job = [name, ...(venue === null ? [] : [venue]), slot].join('-');
    const run = {
      id: `${queue}-${job}`,
      kind: name,
      title: venue === null ? name : `${venue}: ${name}`,
      queue,
      job,
      venue,
    };
    await runAsked(this.house.pool, run, `Put into its queue by ${by.name}`, at);
    await this.#asked(() => this.house.queues.put(queue, name, { venue, slot }, job));
    await this.#told(by, action, target, { run: run.id });
    return run.id;
  }

  async #run(id: string): Promise<RunRow> {
    const run = await runById(this.house.pool, id);
    if (!run) throw wrong('/id', `There is no run ${id}; old ones are removed after two weeks.`);
    return run;
  }

  /** A queue that is away is said to be, and soon: its client would wait for as long as it takes. */
  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new OutsideProblem(
              'The queue does not answer at the moment. Try again soon; the page System tells how it is.',
              true,
            ),
          ),
        5_000,
      );
    });
    try {
      return await Promise.race([ask(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #told(by: Person, action: string, target: string, detail: object): Promise<void> {
    await this.house.people.audit({ at: this.house.now(), by: by.name, action, target, detail });
    const run = 'run' in detail ? String(detail.run) : target;
    await this.house.bus.publish({ topic: 'run', run }).catch(() => undefined);
  }
}

export const shownRun = (row: RunRow): Run => ({
  ...row,
  canRetry: row.job !== null && (row.state === 'failed' || row.state === 'cancelled'),
  canCancel: row.job !== null && row.cancelBy === null && (row.state === 'waiting' || row.state === 'running'),
  canRestart: row.kind === 'lane' && row.cancelBy === null && row.state === 'running',
});
