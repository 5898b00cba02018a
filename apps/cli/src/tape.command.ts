import { resolve } from 'node:path';
import { UserProblem, type FieldProblem, type MarketRef } from '#core';
import {
  createPool,
  exportTape,
  importFrames,
  importTape,
  migrate,
  moveDatabase,
  readFrames,
  type ArchiveFormat,
  type Pool,
} from '#data';
import { venues } from '#plugins';
import type { VenuePlugin } from '#plugin-sdk';
import { complainTogether, readArguments, wholeNumber } from './arguments.js';
import { say } from './launch/console.js';
import { withStoredDatabase } from './launch/stored-database.js';

const USAGE =
  'npm run tape -- export PATH [--format parquet|csv|replay] [--lane N] [--from-seq N] [--to-seq N] [--market ID]… [--data-dir DIR] | import PATH [--lane N] [--data-dir DIR] | move postgres://… [--data-dir DIR] [--through DIR] | import FRAMES.jsonl --venue kalshi|polymarket [--lane N] [--data-dir DIR]';
const FORMATS: readonly string[] = ['parquet', 'csv', 'replay'] satisfies ArchiveFormat[];
const MOST = Number.MAX_SAFE_INTEGER;
const EVERY_MS = 2_000;

/** `npm run tape -- export|import|move`: a lane's tape to files and back, or all there is into another database. */
export async function tape(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    argv,
    {
      format: { type: 'string' },
      lane: { type: 'string' },
      'from-seq': { type: 'string' },
      'to-seq': { type: 'string' },
      market: { type: 'string', multiple: true },
      'data-dir': { type: 'string' },
      venue: { type: 'string' },
      through: { type: 'string' },
    },
    USAGE,
    true,
  );
  const [what, path, ...more] = positionals;
  const format = values.format ?? 'parquet';
  const problems: FieldProblem[] = [];
  const number = (text: string | undefined, name: string, min: number): number | undefined =>
    text === undefined ? undefined : wholeNumber(text, name, { min, max: MOST, fallback: min }, problems);
  const lane = number(values.lane, 'lane', 0);
  const fromSeq = number(values['from-seq'], 'from-seq', 1);
  const toSeq = number(values['to-seq'], 'to-seq', 1);
  if (!FORMATS.includes(format))
    problems.push({
      path: '/format',
      message: `--format is ${JSON.stringify(format)}; it is one of ${FORMATS.join(', ')}`,
    });
  complainTogether(problems);
  if (!['export', 'import', 'move'].includes(what) || path === undefined || more.length > 0)
    throw new UserProblem(`say what to do and one place. Usage: ${USAGE}`);
  const plugin =
    values.venue === undefined
      ? undefined
      : (venues as readonly VenuePlugin[]).find(({ manifest }) => manifest.id === values.venue);
  if (values.venue !== undefined && (!plugin || what !== 'import'))
    throw new UserProblem(`--venue names whose frames are imported. Usage: ${USAGE}`);

  return withStoredDatabase(values['data-dir'], async (url) => {
    await migrate(url);
    const pool = createPool(url, 4);
    try {
      if (what === 'move') await moveHere(pool, path, resolve(values.through ?? 'tape.move'));
      else if (plugin) await framesHere(pool, plugin, resolve(path), lane);
      else if (what === 'import') await importHere(pool, resolve(path), lane);
      else {
        const markets = values.market ? await refsOf(pool, values.market) : undefined;
        await exportHere(pool, {
          path: resolve(path),
          format: format as ArchiveFormat,
          lane: lane ?? 0,
          fromSeq,
          toSeq,
          markets,
        });
      }
      return 0;
    } finally {
      await pool.end();
    }
  });
}

/** Says how far it is, seldom enough to be read. Each step has its own pace, from where it begins. */
function teller(): (step: string, done: number) => void {
  let saidAt = Date.now();
  let from = { step: '', at: saidAt, done: 0 };
  return (step, done) => {
    const now = Date.now();
    if (step !== from.step) from = { step, at: now, done };
    if (now - saidAt < EVERY_MS || done <= from.done) return;
    saidAt = now;
    const left = Math.ceil((((now - from.at) / (done - from.done)) * (1 - done)) / 1_000);
    say(`· ${step} ${(done * 100).toFixed(0)} %, about ${left} s left`);
  };
}

async function exportHere(pool: Pool, options: Parameters<typeof exportTape>[1]): Promise<void> {
  const tell = teller();
  const manifest = await exportTape(pool, { ...options, progress: (done) => tell('exported', done) });
  const rows = Object.values(manifest.rows).reduce((sum, count) => sum + count, 0);
  say(
    `${rows.toLocaleString('en-US')} rows of lane ${manifest.lane}, numbers ${manifest.fromSeq} … ${manifest.toSeq}, are in ${options.path}`,
  );
}

async function importHere(pool: Pool, path: string, lane: number | undefined): Promise<void> {
  say('· the whole archive is checked before anything is written');
  const result = await importTape(pool, { path, lane, now: Date.now(), progress: teller() });
  const { manifest, written, resumedAt, crossed } = result;
  if (written === 0) say(`lane ${result.lane} had all of it already; nothing was written`);
  else
    say(
      `${written.toLocaleString('en-US')} rows are in lane ${result.lane}${resumedAt > manifest.fromSeq ? `, from number ${resumedAt} on: the rest was there` : ''}`,
    );
  if (crossed > 0) say(`${crossed} events left a trusted book crossed, as they were recorded`);
}

async function moveHere(from: Pool, url: string, folder: string): Promise<void> {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new UserProblem(`say where to: a postgres:// address. Usage: ${USAGE}`);
  await migrate(url);
  const to = createPool(url, 4);
  try {
    const { lanes, rows } = await moveDatabase({
      from,
      to,
      folder,
      now: Date.now(),
      progress: teller(),
    });
    for (const { lane, written } of lanes) say(`${written.toLocaleString('en-US')} rows of lane ${lane} were written`);
    if (rows === null) say('all of it was there already; nothing was written');
    else
      say(
        `${Object.values(rows)
          .reduce((sum, count) => sum + count, 0)
          .toLocaleString('en-US')} rows of everything else are there; start the server with its address`,
      );
  } finally {
    await to.end();
  }
}

async function framesHere(pool: Pool, plugin: VenuePlugin, path: string, lane: number | undefined): Promise<void> {
  const content = await readFrames(path);
  const done = await importFrames(pool, plugin, content, lane, Date.now());
  for (const { line, reason } of done.refused) say(`${path}:${line}: refused, ${reason}`);
  say(
    done.written === 0
      ? `lane ${done.lane} had all of it already; nothing was written`
      : `${done.written.toLocaleString('en-US')} events are in lane ${done.lane}`,
  );
}

async function refsOf(pool: Pool, ids: readonly string[]): Promise<MarketRef[]> {
  const found = await pool.query<{ id: string; ref: number }>('SELECT id, ref FROM market_state WHERE id = ANY($1)', [
    ids,
  ]);
  const missing = ids.filter((id) => !found.rows.some((row) => row.id === id));
  if (missing.length > 0) throw new UserProblem(`there is no market ${missing.join(', ')} on this tape`);
  return found.rows.map((row) => row.ref as MarketRef);
}
