import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserProblem, type FieldProblem } from '#core';
import {
  askTask,
  cancelTask,
  diskProblem,
  lanes,
  marketsById,
  newestTasks,
  resumeTask,
  runAsked,
  runToEnd,
  taskById,
  taskHeld,
  type Person,
  type StorageTask as TaskRow,
} from '#data';
import { exportPath, transferFolder, uploadPath } from '#host';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import type { BackfillInput, ExportInput, StorageTask, VenuePast } from './storage-task.types.js';

const FORMATS: readonly string[] = ['parquet', 'csv', 'replay'];
/** More is a list nobody wrote by hand. */
const MOST_MARKETS = 5_000;
const EARLIEST = Date.UTC(2018, 0, 1);

export interface Upload {
  readonly name: string;
  readonly lane: number | null;
  readonly venue: string | null;
}

/** What people ask of storage that takes a while: asked for here, done by a worker, watched on the page. */
@Injectable()
export class StorageTaskService {
  constructor(private readonly house: House) {}

  async newest(first: number): Promise<StorageTask[]> {
    return (await newestTasks(this.house.pool, first)).map(shown);
  }

  pasts(): VenuePast[] {
    return this.house.plugins.venues.flatMap(({ manifest, history }) =>
      history ? [{ venue: manifest.id, kinds: history.kinds, sentence: history.sentence }] : [],
    );
  }

  async backfill(by: Person, input: BackfillInput): Promise<StorageTask> {
    const past = this.pasts().find(({ venue }) => venue === input.venue);
    const now = this.house.now();
    const to = Math.min(input.to ?? now, now);
    const problems: FieldProblem[] = [];
    const complain = (path: string, message: string): unknown => problems.push({ path, message });
    if (!past) complain('/venue', `There is no venue ${input.venue} that serves its past.`);
    const unknown = input.kinds.filter((kind) => !past?.kinds.includes(kind));
    if (input.kinds.length === 0 || unknown.length > 0)
      complain('/kinds', `Ask for ${past?.kinds.join(', ') ?? 'candles, trades'}.`);
    if (!(input.from >= EARLIEST && input.from < to)) complain('/from', 'The span must begin before it ends.');
    const asked = [...new Set(input.markets ?? [])];
    const markets = asked.length > 0 ? asked : past ? await this.#marketsOf(input.venue) : [];
    if (markets.length === 0) complain('/markets', 'No market of this venue is on the tape yet.');
    if (markets.length > MOST_MARKETS) complain('/markets', `At most ${MOST_MARKETS} markets at once.`);
    const known = await marketsById(this.house.pool, asked);
    for (const id of asked)
      if (known.get(id)?.venue !== input.venue) complain('/markets', `${id} is no market of ${input.venue} here.`);
    if (problems.length > 0) throw new UserProblem('The backfill was not begun.', problems);
    const title = `${past?.venue}: ${input.kinds.join(' and ')} of ${markets.length} ${markets.length === 1 ? 'market' : 'markets'}`;
    return this.#ask(by, 'backfill', title, { venue: input.venue, markets, kinds: input.kinds, from: input.from, to });
  }

  async export(by: Person, input: ExportInput): Promise<StorageTask> {
    const known = await lanes(this.house.pool);
    const lane = input.lane ?? known[0]?.id ?? 0;
    const problems: FieldProblem[] = [];
    if (!FORMATS.includes(input.format))
      problems.push({ path: '/format', message: `The format is one of ${FORMATS.join(', ')}.` });
    if (!known.some(({ id }) => id === lane)) problems.push({ path: '/lane', message: `There is no lane ${lane}.` });
    for (const [path, seq] of [
      ['/fromSeq', input.fromSeq],
      ['/toSeq', input.toSeq],
    ] as const)
      if (seq !== null && seq !== undefined && !(Number.isSafeInteger(seq) && seq >= 1))
        problems.push({ path, message: 'Numbers of the tape begin with 1.' });
    if (problems.length > 0) throw new UserProblem('The export was not begun.', problems);
    const { format } = input;
    const body = {
      lane,
      format,
      fromSeq: input.fromSeq ?? null,
      toSeq: input.toSeq ?? null,
      markets: input.markets ?? [],
    };
    return this.#ask(by, 'export', `lane ${lane} as ${format}`, body);
  }

  /** Takes a file in whole before anything is asked for; what breaks off leaves nothing. */
  async import(by: Person, upload: Upload, bytes: Readable): Promise<StorageTask> {
    this.#may(by);
    const { name, lane, venue } = upload;
    if (venue !== null && !this.house.plugins.venues.some(({ manifest }) => manifest.id === venue))
      throw new UserProblem(`There is no venue ${venue}.`, [{ path: '/venue', message: 'unknown venue' }]);
    const { dataDir } = this.house.config;
    const id = randomUUID();
    const path = uploadPath(dataDir, id);
    await mkdir(transferFolder(dataDir), { recursive: true });
    try {
      await pipeline(bytes, createWriteStream(`${path}.partial`, { flags: 'wx' }));
      await rename(`${path}.partial`, path);
    } catch (error) {
      await rm(`${path}.partial`, { force: true });
      throw diskProblem('the file was not taken in', error);
    }
    return this.#ask(
      by,
      'import',
      `${name || 'an upload'}${lane === null ? '' : ` into lane ${lane}`}`,
      { lane, venue },
      id,
    );
  }

  async cancel(by: Person, id: string): Promise<StorageTask> {
    this.#may(by);
    if (!(await cancelTask(this.house.pool, id, by.name, this.house.now())))
      throw new UserProblem('It has ended already; there is nothing to cancel.');
    await this.#audit(by, 'storage.cancel', id, {});
    // Whoever has it ends its run; one whose worker died is over at once.
    await runToEnd(this.house.pool, runOf(id), by.name, !(await taskHeld(this.house.pool, id)), this.house.now());
    return this.#told(id);
  }

  async resume(by: Person, id: string): Promise<StorageTask> {
    this.#may(by);
    if (!(await resumeTask(this.house.pool, id)))
      throw new UserProblem('Only what failed or was cancelled is taken up again.');
    await this.#audit(by, 'storage.resume', id, {});
    return this.#inQueue(await this.#task(id), `Taken up again by ${by.name}`);
  }

  /** A finished export's file; `null` when there is none. */
  async download(
    by: Person,
    id: string,
  ): Promise<{ readonly path: string; readonly bytes: number; readonly name: string } | null> {
    this.#may(by);
    const task = await taskById(this.house.pool, id);
    if (task?.kind !== 'export' || task.state !== 'done') return null;
    const { lane, format } = task.body as { lane: number; format: string };
    const path = exportPath(this.house.config.dataDir, id, format);
    const info = await stat(path).catch(() => null);
    if (info === null) return null;
    await this.#audit(by, 'storage.download', id, {});
    const day = new Date(task.askedAt).toISOString().slice(0, 10);
    return {
      path,
      bytes: info.size,
      name: `tape-lane${lane}-${day}.${format === 'replay' ? 'replay' : `${format}.tar`}`,
    };
  }

  async #ask(
    by: Person,
    kind: TaskRow['kind'],
    title: string,
    body: object,
    id: string = randomUUID(),
  ): Promise<StorageTask> {
    this.#may(by);
    await this.#audit(by, `storage.${kind}`, id, { title });
    await askTask(this.house.pool, { id, kind, title, body: { ...body }, by: by.name, askedAt: this.house.now() });
    return this.#inQueue(await this.#task(id), `Asked for by ${by.name}`);
  }

  /** The run that shows it waits from now on, before any worker has seen it. */
  async #inQueue({ id, kind, title }: StorageTask, line: string): Promise<StorageTask> {
    const run = { id: runOf(id), kind, title, queue: 'storage', job: id, venue: null };
    await runAsked(this.house.pool, run, line, this.house.now());
    return this.#told(id);
  }

  async #told(id: string): Promise<StorageTask> {
    await this.house.bus.publish({ topic: 'run', run: runOf(id) }).catch(() => undefined);
    return this.#task(id);
  }

  #may(by: Person): void {
    if (by.role === 'viewer') throw new UserProblem('Your role only looks; ask an operator or an admin to do this.');
  }

  #audit(by: Person, action: string, target: string, detail: object): Promise<unknown> {
    return this.house.people.audit({ at: this.house.now(), by: by.name, action, target, detail });
  }

  async #task(id: string): Promise<StorageTask> {
    const task = await taskById(this.house.pool, id);
    if (!task) throw new UserProblem(`There is no task ${id}.`);
    return shown(task);
  }

  async #marketsOf(venue: string): Promise<string[]> {
    const { rows } = await this.house.pool.query<{ id: string }>(
      'SELECT id FROM market_state WHERE venue = $1 ORDER BY ref',
      [venue],
    );
    return rows.map(({ id }) => id);
  }
}

/** The run a worker keeps of it. */
const runOf = (task: string): string => `storage-${task}`;

const shown = (task: TaskRow): StorageTask => ({
  ...task,
  url: task.kind === 'export' && task.state === 'done' ? `/exports/${task.id}` : null,
});
