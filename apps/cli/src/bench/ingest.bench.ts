import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, createTapeStore, migrate, startEmbedded, copySql, type EncodedStream, type Pool } from '#data';
import type { FieldProblem } from '#core';
import { complainTogether, readArguments, wholeNumber } from '../arguments.js';
import { FRAMES_PER_MS, MIX } from './bench.frames.js';
import { FrameServer } from './frame-server.js';
import { bareFrames, copyRows, encodedCommit } from './ingest.bounds.js';
import { runRoad, type RoadRun } from './ingest.road.js';
import { stages } from './ingest.stages.js';
import { median } from './samples.js';

const USAGE = 'npm run bench -- ingest [--json FILE] [--seconds N] [--frames N] [--seed N]';
const ROUNDS = 3;
const MEMORY_EVERY_MS = 500;
const COPY_LANE = 200;

/** The road from socket to committed rows against what socket and database allow by themselves, in one run. */
export async function ingestBench(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(
    argv,
    { json: { type: 'string' }, seconds: { type: 'string' }, frames: { type: 'string' }, seed: { type: 'string' } },
    USAGE,
  );
  const problems: FieldProblem[] = [];
  const seconds = wholeNumber(values.seconds, 'seconds', { min: 1, max: 3600, fallback: 10 }, problems);
  const frames = wholeNumber(values.frames, 'frames', { min: 1000, max: 1_000_000, fallback: 600_000 }, problems);
  const seed = wholeNumber(values.seed, 'seed', { min: 0, max: 2 ** 31, fallback: 1 }, problems);
  complainTogether(problems);

  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const dataDir = mkdtempSync(join(tmpdir(), 'arbintel-bench-'));
  // mkdtemp closes the folder to all others; as root the server's user must pass through.
  chmodSync(dataDir, 0o711);
  const database = await startEmbedded({ dataDir, mode: 'bench', log: () => undefined });
  const pool = createPool(database.url, 4);
  let server: FrameServer | null = null;
  try {
    await migrate(database.url);
    server = await FrameServer.start();
    const store = createTapeStore(pool);
    const flat = { kind: 'flat', seed, startsAt: Date.now(), frames } as const;
    const bare: number[] = [];
    const copy: number[] = [];
    const copyAll: number[] = [];
    const roads: RoadRun[] = [];
    /** Of the first round; a worker does not keep them either. */
    const commits: (readonly EncodedStream[])[] = [];
    // The ways take turns, so that all meet the same machine; the first round only warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      say(round === 0 ? 'warming up' : `round ${round} of ${ROUNDS}`);
      let streams = await server.open();
      const bareRate = await bareFrames(streams, flat);
      streams.close();
      streams = await server.open();
      await forget(pool);
      const { order } = streams;
      const road = await runRoad({
        lane: 100 + round,
        store,
        streams,
        frames,
        backPressure: true,
        begin: () => order(flat),
        keep: round === 0 ? (commit) => commits.push(encodedCommit(commit, COPY_LANE)) : undefined,
      });
      closeQuietly(streams);
      await forget(pool);
      const books = commits.map((streams) => streams.filter(({ name }) => name === 'book_change'));
      const copyRate = await copyRows(pool, books);
      await forget(pool);
      const copyAllRate = await copyRows(pool, commits);
      if (round === 0) continue;
      bare.push(bareRate);
      roads.push(road);
      copy.push(copyRate);
      copyAll.push(copyAllRate);
    }
    say('each part by itself');
    const parts = await stages(seed, Math.min(frames, 100_000));

    const framesPerS = FRAMES_PER_MS * 1000;
    say(`paced at ${framesPerS} frames a second for ${seconds} s`);
    const streams = await server.open();
    await forget(pool);
    const memory = watchMemory();
    const paced = await runRoad({
      lane: 300,
      store,
      streams,
      frames: framesPerS * seconds,
      backPressure: false,
      begin: () => streams.order({ kind: 'paced', seed, framesPerS, seconds }),
    });
    closeQuietly(streams);
    const report = {
      machine: { node: process.version, cpu: cpus()[0]?.model ?? '', cores: availableParallelism() },
      mix: MIX,
      frames,
      rounds: ROUNDS,
      seed,
      ...bounds(bare, copy, copyAll, roads),
      stages: parts,
      paced: {
        askedFramesPerS: framesPerS,
        sentFramesPerS: Math.round(paced.framesPerS ?? 0),
        seconds,
        ...counts(paced),
        frameToDecisionUs: paced.frameToDecisionUs.p50p99,
        dueToDecisionMs: paced.dueToDecisionMs.p50p99,
        frameToRowMs: paced.frameToRowMs.p50p99,
        memoryMb: memory(),
      },
    };
    if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
    print(report);
    return 0;
  } finally {
    server?.stop();
    await pool.end();
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A market belongs to one lane; every run is a lane of its own, and each finds the same empty tables. */
export async function forget(pool: Pool): Promise<void> {
  const tables = ['market_state', 'account_state', 'session_state', 'group_state', 'link_state', 'opportunity'];
  await pool.query(`TRUNCATE ${[...tables, ...Object.keys(copySql)].join(', ')}`);
}

export function closeQuietly(streams: Awaited<ReturnType<FrameServer['open']>>): void {
  for (const socket of Object.values(streams.sockets)) socket.removeAllListeners('close');
  streams.close();
}

const counts = (road: RoadRun) => ({
  events: road.events,
  bookRows: road.bookRows,
  allRows: road.rows,
  journal: road.journal,
  commits: road.batches,
  merged: road.merged,
  waitedForStorageMs: road.pausedMs,
  gaps: road.gaps,
  refused: road.rejected,
  trustedMarkets: road.trusted,
});

function bounds(
  bare: readonly number[],
  copy: readonly number[],
  copyAll: readonly number[],
  roads: readonly RoadRun[],
) {
  const perS = (of: (road: RoadRun) => number): number =>
    Math.round(median(roads.map((road) => (of(road) / road.ms) * 1000)));
  const bareFramesPerS = Math.round(median(bare));
  const copyRowsPerS = Math.round(median(copy));
  const copyAllRowsPerS = Math.round(median(copyAll));
  const pipelineFramesPerS = perS((road) => road.frames);
  const last = roads[roads.length - 1];
  const against = (copyFramesPerS: number) => {
    const boundFramesPerS = Math.round(Math.min(bareFramesPerS, copyFramesPerS));
    return {
      boundFramesPerS,
      slowerBound: bareFramesPerS < copyFramesPerS ? 'socket and JSON' : 'COPY',
      ratio: Number((pipelineFramesPerS / boundFramesPerS).toFixed(3)),
    };
  };
  return {
    bareFramesPerS,
    copyRowsPerS: copyAllRowsPerS,
    pipelineFramesPerS,
    /** Every row that the road commits, of book changes, quotes and journal, as in `copyRowsPerS`. */
    persistRowsPerS: perS((road) => road.rows),
    ...against((copyAllRowsPerS * last.frames) / last.rows),
    /** The harder reading: the road with all it writes, against COPY of rows of `book_change` alone. */
    bookRowsOnly: {
      copyRowsPerS,
      persistRowsPerS: perS((road) => road.bookRows),
      ...against((copyRowsPerS * last.frames) / last.bookRows),
    },
    pipeline: counts(last),
  };
}

/** Looks at this process's memory until asked. */
function watchMemory(): () => Record<
  'rssFirst' | 'rssLast' | 'rssMost' | 'heapFirst' | 'heapLast' | 'heapMost',
  number
> {
  const seen = [process.memoryUsage()];
  const timer = setInterval(() => seen.push(process.memoryUsage()), MEMORY_EVERY_MS);
  const mb = (bytes: number): number => Math.round(bytes / 1_048_576);
  return () => {
    clearInterval(timer);
    const rss = seen.map((one) => mb(one.rss));
    const heap = seen.map((one) => mb(one.heapUsed));
    const last = seen.length - 1;
    return {
      rssFirst: rss[0],
      rssLast: rss[last],
      rssMost: Math.max(...rss),
      heapFirst: heap[0],
      heapLast: heap[last],
      heapMost: Math.max(...heap),
    };
  };
}

function print(report: object, indent = ''): void {
  for (const [name, value] of Object.entries(report) as [string, unknown][]) {
    if (typeof value === 'object' && value !== null) {
      process.stdout.write(`${indent}${name}\n`);
      print(value, `${indent}  `);
    } else
      process.stdout.write(
        `${`${indent}${name}`.padEnd(26)} ${typeof value === 'number' ? value.toLocaleString('en-US') : String(value)}\n`,
      );
  }
}
