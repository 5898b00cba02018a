import { fork } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createPool, createTapeStore, temporaryDatabase } from '#data';
import type { BacktestHeader } from '#engine';
import { lowerPriority } from '#host';
import type { FromWorker } from '../backtest/sweep.process.js';
import { say } from '../launch/console.js';
import { FrameServer } from './frame-server.js';
import { closeQuietly, forget } from './ingest.bench.js';
import { runRoad, type RoadRun } from './ingest.road.js';
import { median, type Samples } from './samples.js';

const FRAMES_PER_S = 5_000;
const SECONDS = 4;
/** In turns, so that both meet the same machine; what comes before them only warms up. */
const ROUNDS = 3;

interface Delays {
  /** Received → applied by the kernel, µs: median of the rounds' p50 and p99. */
  readonly frameToDecisionUs: readonly [number, number];
  /** Received → committed, ms. */
  readonly frameToRowMs: readonly [number, number];
}

export interface BesideFacts {
  readonly framesPerS: number;
  readonly alone: Delays;
  readonly beside: Delays;
  /** Backtests that were played meanwhile. */
  readonly played: number;
}

/**
 * The live road, paced, by itself and beside a process that plays one backtest after the other with the lowest priority, as
 * the jobs worker's does: how long a tick waits with it and without.
 */
export async function besideBench(of: {
  readonly path: string;
  readonly header: BacktestHeader;
  readonly seed: number;
}): Promise<BesideFacts> {
  const database = await temporaryDatabase({ durable: true });
  const pool = createPool(database.url, 4);
  const server = await FrameServer.start();
  const player = startPlayer(of.path, of.header);
  try {
    const store = createTapeStore(pool);
    let lane = 400;
    const road = async (): Promise<RoadRun> => {
      await forget(pool);
      const streams = await server.open();
      const order = { kind: 'paced', seed: of.seed, framesPerS: FRAMES_PER_S, seconds: SECONDS } as const;
      const begin = () => streams.order(order);
      const frames = FRAMES_PER_S * SECONDS;
      const run = await runRoad({ lane: lane++, store, streams, frames, backPressure: false, begin });
      closeQuietly(streams);
      return run;
    };
    await road();
    const alone: RoadRun[] = [];
    const beside: RoadRun[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      alone.push(await road());
      await player.go();
      beside.push(await road());
      await player.rest();
    }
    const facts = { framesPerS: FRAMES_PER_S, alone: delays(alone), beside: delays(beside), played: player.played() };
    const told = ({ frameToDecisionUs: [, decision], frameToRowMs: [, row] }: Delays): string =>
      `${decision.toFixed(0)} µs to a decision, ${row.toFixed(0)} ms to a row`;
    say(`· of ticks, p99: alone ${told(facts.alone)}; beside a backtest ${told(facts.beside)}`);
    return facts;
  } finally {
    player.end();
    server.stop();
    await pool.end();
    await database.stop();
  }
}

function delays(runs: readonly RoadRun[]): Delays {
  const both = (read: (run: RoadRun) => Samples): readonly [number, number] => {
    const all = runs.map((run) => read(run).p50p99);
    return [median(all.map(({ p50 }) => p50 ?? NaN)), median(all.map(({ p99 }) => p99 ?? NaN))];
  };
  return {
    frameToDecisionUs: both(({ frameToDecisionUs }) => frameToDecisionUs),
    frameToRowMs: both(({ frameToRowMs }) => frameToRowMs),
  };
}

/** A process that plays a backtest again and again while it is told to. */
function startPlayer(path: string, header: BacktestHeader) {
  const entry = fileURLToPath(new URL('../backtest/sweep.process.js', import.meta.url));
  const child = fork(entry, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  lowerPriority(constants.priority.PRIORITY_LOW, child.pid);
  let plays = false;
  let played = 0;
  let heard: () => void = () => undefined;
  child.on('message', (words: FromWorker) => {
    if ('cell' in words) played++;
    if (plays) child.send({ header });
    heard();
  });
  const next = (): Promise<void> => new Promise((resolve) => (heard = resolve));
  const ready = next();
  child.send({ place: { kind: 'file', path } });
  return {
    played: () => played,
    /** Resolves when the first backtest is through: then it is warm. */
    async go(): Promise<void> {
      await ready;
      plays = true;
      child.send({ header });
      await next();
    },
    async rest(): Promise<void> {
      plays = false;
      await next();
    },
    end: () => void child.kill(),
  };
}
