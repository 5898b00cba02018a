import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserProblem, type MarketRef } from '#core';
import {
  exportTape,
  importFrames,
  importTape,
  isTar,
  packFolder,
  readFrames,
  tellTask,
  unpackTar,
  type ArchiveFormat,
  type Pool,
  type StorageTask,
} from '#data';
import { exportPath, transferFolder, uploadPath } from '#host';
import type { VenuePlugin } from '#plugin-sdk';
import type { TaskDone } from './storage-tasks.js';
import { TimeLeft } from './time-left.js';

export interface ExportBody {
  readonly lane: number;
  readonly format: ArchiveFormat;
  readonly fromSeq: number | null;
  readonly toSeq: number | null;
  /** Ids; empty is every market. */
  readonly markets: readonly string[];
}

export interface ImportBody {
  /** `null`: the lane the archive came from, or for frames the next free one. */
  readonly lane: number | null;
  /** Whose captured frames; `null`: an archive of ours. */
  readonly venue: string | null;
}

interface Clock {
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Says how far it is, seldom enough; aborts the work once the task was cancelled. */
class Teller {
  readonly abort = new AbortController();
  readonly signal: AbortSignal;
  cancelled = false;
  private left: TimeLeft | null = null;
  private step = '';
  private saidAt = 0;

  constructor(
    private readonly pool: Pool,
    private readonly task: StorageTask,
    readonly clock: Clock,
  ) {
    this.signal = AbortSignal.any([clock.signal, this.abort.signal]);
  }

  /** `step` has a pace of its own, and begins where it is first spoken of: what was there before took no time. */
  readonly say = (step: string, done: number, what: string, all = done): void => {
    const now = this.clock.now();
    if (this.left === null || step !== this.step) {
      this.left = new TimeLeft(now, done);
      this.step = step;
    } else if (now - this.saidAt < 500) return;
    this.saidAt = now;
    void tellTask(this.pool, this.task.id, Math.min(0.999, all), `${what}; ${this.left.say(done, now)}`).then(
      (wanted) => {
        if (wanted) return;
        this.cancelled = true;
        this.abort.abort();
      },
      () => undefined,
    );
  };
}

/** The span as one file beside the database: a replay file, or a tar of the folder. Begins anew when it was stopped. */
export async function exportJob(pool: Pool, task: StorageTask, dataDir: string, clock: Clock): Promise<string | null> {
  const { lane, format, fromSeq, toSeq, markets } = task.body as unknown as ExportBody;
  const folder = transferFolder(dataDir);
  await mkdir(folder, { recursive: true });
  const path = join(folder, task.id);
  const file = exportPath(dataDir, task.id, format);
  const tell = new Teller(pool, task, clock);
  await rm(path, { recursive: true, force: true });
  await rm(file, { force: true });
  try {
    const manifest = await exportTape(pool, {
      lane,
      format,
      path: format === 'replay' ? file : path,
      ...(fromSeq === null ? {} : { fromSeq }),
      ...(toSeq === null ? {} : { toSeq }),
      ...(markets.length === 0 ? {} : { markets: await refsOf(pool, markets) }),
      signal: tell.signal,
      progress: (done, rows) => tell.say('', done, `${rows.toLocaleString('en-US')} rows`),
    });
    if (format !== 'replay') {
      await packFolder(path, file);
      await rm(path, { recursive: true, force: true });
    }
    const rows = Object.values(manifest.rows).reduce((sum, count) => sum + count, 0);
    const { size } = await stat(file);
    return `${rows} rows of lane ${lane}, numbers ${manifest.fromSeq} to ${manifest.toSeq}, in ${size} bytes`;
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    if (tell.cancelled) return null;
    throw error;
  }
}

/** What was uploaded into a lane: checked whole first, committed step by step, gone on with where it was stopped. */
export async function importJob(
  pool: Pool,
  task: StorageTask,
  dataDir: string,
  venues: readonly VenuePlugin[],
  clock: Clock,
): Promise<TaskDone | string | null> {
  const { lane, venue } = task.body as unknown as ImportBody;
  const upload = uploadPath(dataDir, task.id);
  const tell = new Teller(pool, task, clock);
  if (venue !== null) return framesJob(pool, upload, lane, venues, venue, tell);
  let path = upload;
  if (await isTar(upload)) {
    path = `${upload}.d`;
    await rm(path, { recursive: true, force: true });
    await unpackTar(upload, path);
  }
  try {
    const result = await importTape(pool, {
      path,
      ...(lane === null ? {} : { lane }),
      now: clock.now(),
      signal: tell.signal,
      // Each step is half of the bar; how long it takes is said of the step alone.
      progress: (step, done) =>
        step === 'checked'
          ? tell.say(step, done, 'step 1 of 2, all of it is checked', done / 2)
          : tell.say(step, done, 'step 2 of 2, it is written', (1 + done) / 2),
    });
    const crossed =
      result.crossed > 0 ? `; ${result.crossed} events left a trusted book crossed, as they were recorded` : '';
    return result.written === 0
      ? `lane ${result.lane} had all of it already; nothing was written`
      : `${result.written} rows are in lane ${result.lane}${result.resumedAt > result.manifest.fromSeq ? `, from number ${result.resumedAt} on: the rest was there` : ''}${crossed}`;
  } catch (error) {
    if (tell.cancelled) return null;
    throw named(error, upload, path);
  } finally {
    if (path !== upload) await rm(path, { recursive: true, force: true });
  }
}

async function framesJob(
  pool: Pool,
  upload: string,
  lane: number | null,
  venues: readonly VenuePlugin[],
  venue: string,
  tell: Teller,
): Promise<TaskDone | null> {
  const plugin = venues.find(({ manifest }) => manifest.id === venue);
  if (!plugin) throw new UserProblem(`there is no venue plugin ${venue}`);
  try {
    const content = await readFrames(upload);
    const done = await importFrames(pool, plugin, content, lane ?? undefined, tell.clock.now(), {
      signal: tell.signal,
      progress: (share) => tell.say('', share, 'frames are made into a tape'),
    });
    const { length } = done.refused;
    const refused = length === 0 ? '' : `; ${length} ${length === 1 ? 'line was' : 'lines were'} refused`;
    const note =
      done.written === 0
        ? `lane ${done.lane} had all of it already; nothing was written`
        : `${done.events.length} events are in lane ${done.lane}${done.written < done.events.length ? `, ${done.written} of them written now: the rest was there` : ''}`;
    return { note: `${note}${refused}`, refused: done.refused.map(({ line, reason }) => `line ${line}: ${reason}`) };
  } catch (error) {
    if (tell.cancelled) return null;
    throw error;
  }
}

/** People know the file they sent, not where it was put. */
function named(error: unknown, upload: string, path: string): unknown {
  if (!(error instanceof UserProblem)) return error;
  const said = (text: string): string => text.replaceAll(`${path}/`, '').replaceAll(upload, 'the upload');
  return new UserProblem(
    said(error.message),
    error.fields.map((field) => ({ path: field.path, message: said(field.message) })),
  );
}

async function refsOf(pool: Pool, ids: readonly string[]): Promise<MarketRef[]> {
  const found = await pool.query<{ id: string; ref: number }>('SELECT id, ref FROM market_state WHERE id = ANY($1)', [
    ids,
  ]);
  const missing = ids.filter((id) => !found.rows.some((row) => row.id === id));
  if (missing.length > 0) throw new UserProblem(`there is no market ${missing.join(', ')} on this tape`);
  return found.rows.map(({ ref }) => ref as MarketRef);
}
