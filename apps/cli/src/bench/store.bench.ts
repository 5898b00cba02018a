import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { UserProblem, type FieldProblem, type MarketRef } from '#core';
import {
  bookAt,
  copyIn,
  copyOut,
  copySql,
  createPool,
  createTapeStore,
  ensureSpan,
  keepStorage,
  quoteCandles,
  readTapeBlocks,
  rollUpCandles,
  storageTables,
  tapeBatch,
  TapeRows,
  temporaryDatabase,
  temporaryTimescale,
  TIMESCALE_URL,
  type Pool,
  type BatchParts,
  type TapeStore,
} from '#data';
import { complainTogether, readArguments, wholeNumber } from '../arguments.js';
import { median } from './samples.js';
import { madeUpTape, MARKETS } from './store.tape.js';

const USAGE = 'npm run bench -- store [--json FILE] [--rows N] [--on plain|timescale|both]';
const ROUNDS = 5;
const FIRST_APPEND_LANE = 100;
const ROWS_PER_BATCH = 2_000;
const DAY = 86_400_000;
const YEAR = 365 * DAY;
const SAY_EVERY_SEQS = 2_000_000;
const MOST_READ_SEQS = 1_000_000;
const LOOKS = 300;
const PIXELS = 1_000;

/** What storage gives and what it costs over what the database itself allows: the same rows, the same run. */
export async function storeBench(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(
    argv,
    { json: { type: 'string' }, rows: { type: 'string' }, on: { type: 'string' } },
    USAGE,
  );
  const problems: FieldProblem[] = [];
  const rows = wholeNumber(values.rows, 'rows', { min: 20_000, max: 100_000_000, fallback: 3_000_000 }, problems);
  complainTogether(problems);
  const on = values.on ?? 'both';
  if (!['plain', 'timescale', 'both'].includes(on)) throw new UserProblem(`--on is one of plain, timescale, both`);
  if (on === 'timescale' && TIMESCALE_URL === '')
    throw new UserProblem('--on timescale needs ARBINTEL_TIMESCALE_URL, a server with TimescaleDB');
  const report: Record<string, unknown> = {
    machine: { node: process.version, cpu: cpus()[0]?.model ?? '', cores: availableParallelism() },
    rows,
    rowsPerBatch: ROWS_PER_BATCH,
    markets: MARKETS,
  };
  if (on !== 'timescale') report.plain = await onDatabase('plain', rows);
  if (on !== 'plain')
    report.timescale =
      TIMESCALE_URL === '' ? 'skipped: ARBINTEL_TIMESCALE_URL is not set' : await onDatabase('timescale', rows);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return 0;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function onDatabase(layout: 'plain' | 'timescale', rows: number): Promise<Record<string, unknown>> {
  const database = layout === 'plain' ? await temporaryDatabase({ durable: true }) : await temporaryTimescale();
  const pool = createPool(database.url, 4);
  const now = Date.now();
  const startAt = now - 3 * DAY;
  try {
    await ensureSpan(pool, startAt, now);
    const store = createTapeStore(pool);
    say(`${layout}: append against COPY`);
    const append = await appendAgainstCopy(pool, store, Math.min(rows, 1_000_000), startAt);
    say(`${layout}: ${rows.toLocaleString('en-US')} rows to read`);
    const { epoch } = await store.takeOver(1, 'bench');
    let toSeq = 0;
    let endAt = startAt;
    for (const { batch } of madeUpTape({ lane: 1, epoch, afterSeq: 0, startAt, rows, rowsPerBatch: 10_000, seed: 5 })) {
      await store.append(tapeBatch(batch));
      toSeq += batch.events.length;
      if (toSeq % SAY_EVERY_SEQS < batch.events.length) say(`${layout}: ${toSeq.toLocaleString('en-US')} events`);
      endAt = batch.events[batch.events.length - 1].at;
    }
    await pool.query('ANALYZE');
    // Reading goes window by window: some millions of rows tell what many would.
    const lastRead = Math.min(toSeq, MOST_READ_SEQS);
    const read = await readAgainstCopy(pool, lastRead);
    const pastBook = await pastBooks(pool, startAt, endAt);
    let compressed: Record<string, unknown> | null = null;
    if (layout === 'timescale') {
      say(`${layout}: the same after compression`);
      const from = performance.now();
      await keepStorage(pool, now);
      const tookMs = Math.round(performance.now() - from);
      const table = (await storageTables(pool)).tables.find(({ name }) => name === 'book_change');
      if (!table || table.bytesAfter === 0) throw new UserProblem('nothing was compressed');
      compressed = {
        tookMs,
        bookChangeMbBefore: Math.round(table.bytesBefore / 1e5) / 10,
        bookChangeMbAfter: Math.round(table.bytesAfter / 1e5) / 10,
        ratio: Number((table.bytesBefore / table.bytesAfter).toFixed(2)),
        read: await readAgainstCopy(pool, lastRead),
        pastBook: await pastBooks(pool, startAt, endAt),
      };
    }
    say(`${layout}: a year of one market`);
    const candles = await yearOfCandles(pool, store, now);
    return { server: await version(pool), append, read, pastBook, candles, ...(compressed ? { compressed } : {}) };
  } finally {
    await pool.end();
    await database.stop();
  }
}

async function version(pool: Pool): Promise<string> {
  const found = await pool.query<{ version: string }>(
    `SELECT 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1) || ', fsync ' || current_setting('fsync')
       || ', synchronous_commit ' || current_setting('synchronous_commit') AS version`,
  );
  return found.rows[0].version;
}

/**
 * Book rows through the store, and the same rows encoded beforehand by bare COPY into the same table, by turns. Every turn
 * has the highest lane there is, so that both write at the end of the index, as a lane that records does.
 */
async function appendAgainstCopy(pool: Pool, store: TapeStore, rows: number, startAt: number) {
  const took = { append: [] as number[], copy: [] as number[] };
  let lane = FIRST_APPEND_LANE;
  let written = 0;
  const client = await pool.connect();
  const batchesOf = async (round: number): Promise<BatchParts[]> => {
    const { epoch } = await store.takeOver(++lane, 'bench');
    return bookBatches({
      lane,
      epoch,
      afterSeq: 0,
      startAt,
      rows: Math.ceil(rows / ROUNDS),
      rowsPerBatch: ROWS_PER_BATCH,
      seed: 1 + round,
    });
  };
  const append = async (round: number): Promise<number> => {
    const batches = await batchesOf(round);
    const [one, other] = [new TapeRows(lane), new TapeRows(lane)];
    const from = performance.now();
    // As the recorder does it: rows become bytes while the batch before is on its way, in the buffers of the one before that.
    let before: Promise<void> = Promise.resolve();
    for (const [i, parts] of batches.entries()) {
      const batch = tapeBatch(parts, i % 2 === 0 ? one : other);
      await before;
      before = store.append(batch);
    }
    await before;
    return performance.now() - from;
  };
  const copy = async (round: number): Promise<number> => {
    const wires = (await batchesOf(round)).map((parts) => tapeBatch(parts).streams[0]);
    written = wires.reduce((sum, wire) => sum + wire.rows, 0);
    const from = performance.now();
    for (const { wire } of wires) await copyIn(client, copySql.book_change, [wire]);
    return performance.now() - from;
  };
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const turn: Partial<Record<keyof typeof took, number>> = {};
      if (round % 2 === 0) turn.append = await append(round);
      turn.copy = await copy(round);
      turn.append ??= await append(round);
      if (round === 0) continue;
      took.append.push(turn.append);
      took.copy.push(turn.copy);
    }
  } finally {
    client.release();
  }
  const perS = (times: readonly number[]): number => Math.round((written / median(times)) * 1_000);
  return {
    rowsPerRound: written,
    rounds: ROUNDS,
    appendRowsPerS: perS(took.append),
    copyRowsPerS: perS(took.copy),
    ratio: Number((median(took.copy) / median(took.append)).toFixed(3)),
  };
}

/** The books' part of a made-up tape; trades left out, the numbers close up again. */
function bookBatches(options: Parameters<typeof madeUpTape>[0]): BatchParts[] {
  let seq = 0;
  return [...madeUpTape(options)].map(({ batch }) => ({
    ...batch,
    events: batch.events.filter(({ kind }) => kind === 'book').map((event) => ({ ...event, seq: ++seq })),
    quotes: [],
    checkpoints: [],
  }));
}

/** The span as events, against the same tables' rows in the same order by COPY, bytes looked at by nobody. */
async function readAgainstCopy(pool: Pool, toSeq: number) {
  const took = { read: [] as number[], copy: [] as number[] };
  let rows = 0;
  const client = await pool.connect();
  try {
    const span = `WHERE lane = 1 AND seq BETWEEN 1 AND ${toSeq} ORDER BY seq) TO STDOUT (FORMAT binary)`;
    const count = (): void => void rows++;
    for (let round = 0; round <= ROUNDS; round++) {
      rows = 0;
      let from = performance.now();
      await copyOut(
        client,
        `COPY (SELECT seq, at, market, ord, flags, side, price, size, venue_at, conn, venue_seq FROM book_change ${span}; COPY (SELECT seq, at, market, venue_at, conn, venue_seq, price, size, taker, trade_id FROM trade ${span}`,
        count,
        count,
      );
      const copy = performance.now() - from;
      from = performance.now();
      for await (const block of readTapeBlocks(pool, 1, 1, toSeq)) if (block.length === 0) rows = -1;
      const read = performance.now() - from;
      if (round === 0) continue;
      took.copy.push(copy);
      took.read.push(read);
    }
  } finally {
    client.release();
  }
  const perS = (times: readonly number[]): number => Math.round((rows / median(times)) * 1_000);
  return {
    rows,
    readRowsPerS: perS(took.read),
    copyOutRowsPerS: perS(took.copy),
    ratio: Number((median(took.copy) / median(took.read)).toFixed(3)),
    peakMemoryMb: Math.round(process.memoryUsage().rss / 1_048_576),
  };
}

async function pastBooks(pool: Pool, startAt: number, endAt: number) {
  const times: number[] = [];
  let levels = 0;
  for (let i = 0; i < LOOKS; i++) {
    const at = startAt + Math.floor(((endAt - startAt) * ((i * 7_919) % LOOKS)) / LOOKS);
    const from = performance.now();
    const { book } = await bookAt(pool, 1, ((i * 31) % MARKETS) as MarketRef, { at });
    times.push(performance.now() - from);
    levels += book.count(0) + book.count(1);
  }
  return { looks: LOOKS, meanLevels: Math.round(levels / LOOKS), ...p50p99(times) };
}

/** One quote a minute for a year, rolled up, asked for as a chart asks. */
async function yearOfCandles(pool: Pool, store: TapeStore, now: number) {
  const lane = 2;
  const { epoch } = await store.takeOver(lane, 'bench');
  const count = YEAR / 60_000;
  let seq = 0;
  for (let done = 0; done < count; done += 20_000) {
    const length = Math.min(20_000, count - done);
    const events = Array.from({ length }, (_, i) => ({
      kind: 'beat' as const,
      lane,
      seq: seq + i + 1,
      at: now - YEAR + (done + i) * 60_000,
    }));
    await store.append(
      tapeBatch({
        lane,
        epoch,
        events,
        quotes: events.map(({ seq: of, at }) => ({
          seq: of,
          quote: {
            market: 7,
            at,
            bid: 10_000 * (1 + (of % 97)),
            bidSize: 100,
            ask: 10_000 * (2 + (of % 97)),
            askSize: 100,
            trusted: true,
          } as never,
        })),
      }),
    );
    seq += length;
  }
  const from = performance.now();
  await rollUpCandles(pool, now, { from: now - YEAR, to: now });
  const rollUpMs = Math.round(performance.now() - from);
  await pool.query('ANALYZE');
  // What the server does by itself within a minute: an index that has all columns is read alone where all rows are known to stay.
  for (const table of await tablesBehind(pool, 'quote_1h')) await pool.query(`VACUUM ${table}`);
  const times: number[] = [];
  let shown = { stepMs: 0, candles: 0 };
  for (let i = 0; i < LOOKS; i++) {
    const began = performance.now();
    const { stepMs, candles } = await quoteCandles(pool, {
      lane,
      market: 7 as MarketRef,
      from: now - YEAR,
      to: now,
      pixels: PIXELS,
    });
    times.push(performance.now() - began);
    shown = { stepMs, candles: candles.length };
  }
  return { quotes: seq, rollUpMs, pixels: PIXELS, ...shown, ...p50p99(times) };
}

/** The table of these candles; on TimescaleDB the one behind their view. */
async function tablesBehind(pool: Pool, candles: string): Promise<readonly string[]> {
  const { rows: known } = await pool.query(`SELECT 1 FROM pg_extension WHERE extname = 'timescaledb'`);
  if (known.length === 0) return [candles];
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name) AS name
     FROM timescaledb_information.continuous_aggregates WHERE view_name = $1`,
    [candles],
  );
  return rows.map(({ name }) => name);
}

function p50p99(times: number[]): { readonly p50Ms: number; readonly p99Ms: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(2));
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
