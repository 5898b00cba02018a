import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { OutsideProblem } from '#core';
import { writeReplayFile } from '#data';
import { builtInPlugins, fileOf, scopeOf } from '#host';
import { say } from '../launch/console.js';
import { crossVenueTape } from './backtest.tape.js';

/** Of a tape's beginning: one plugin's setting, in one window, in training and test. */
const SWEEP_EVENTS = 1_000_000;
const SETS = 24;
/** In turns, the quicker of each: then it matters less who else was there. */
const ROUNDS = 2;
const LOOP = 600_000_000;
/** What `npm run` does, less the look at the build. */
const ENTRY =
  'import(process.argv[1]).then(({ main }) => main(process.argv.slice(2))).then((code) => { process.exitCode = code })';

export interface SweptPace {
  readonly events: number;
  readonly runs: number;
  /** The whole command, from its start to its end, by as many processes, s. */
  readonly oneS: number;
  readonly twoS: number;
  readonly times: number;
  /** What two threads of bare arithmetic do at the same time, by what one does: more cannot be had here. */
  readonly machineTimes: number;
  /** Whether both gave the same result, to the byte. */
  readonly same: boolean;
}

/** `npm run backtest -- sweep` by one process and by two, starting them included. Who shares the machine is in these figures. */
export async function sweptBench(
  folder: string,
  of: { readonly seed: number; readonly events: number; readonly startAt: number },
): Promise<SweptPace> {
  const events = Math.min(of.events, SWEEP_EVENTS);
  const tape = join(folder, 'sweep.replay');
  const workflow = join(folder, 'workflow.json');
  await writeReplayFile(tape, 0, `made up with seed ${of.seed}`, crossVenueTape({ ...of, events }));
  const plugin = 'fair-value-edge';
  const pluginVersion = builtInPlugins().find(plugin)!.plugin.manifest.version;
  const record = { title: 'Sweep', plugin, pluginVersion, config: {}, scope: scopeOf({}), limits: {}, models: [] };
  await writeFile(workflow, JSON.stringify(fileOf(record as never)));
  const seconds: Record<number, number> = { 1: Infinity, 2: Infinity };
  const told: string[] = [];
  for (const workers of Array.from({ length: ROUNDS }, () => [1, 2]).flat()) {
    const out = join(folder, `sweep-${workers}.json`);
    const vary = `minEdge=0.005..0.06/${SETS}`;
    const from = performance.now();
    await command(
      ['sweep', '--workflow', workflow, '--tape', tape, '--vary', vary, '--windows', '1', '--goal', 'profit'],
      {
        '--workers': workers,
        '--json': out,
      },
    );
    seconds[workers] = Math.min(seconds[workers], (performance.now() - from) / 1_000);
    const { plan, runs, choices, outOfSample } = JSON.parse(await readFile(out, 'utf8')) as Record<string, unknown>;
    told.push(JSON.stringify({ plan, runs, choices, outOfSample }));
  }
  const { 1: oneS, 2: twoS } = seconds;
  const machineTimes = (2 * (await arithmetic(1))) / (await arithmetic(2));
  const { runs } = JSON.parse(told[0]) as { runs: readonly unknown[] };
  const pace = {
    events,
    runs: runs.length,
    oneS,
    twoS,
    times: oneS / twoS,
    machineTimes,
    same: new Set(told).size === 1,
  };
  say(
    `· a sweep of ${pace.runs}: ${oneS.toFixed(1)} s by one process, ${twoS.toFixed(1)} s by two: ${pace.times.toFixed(2)} ×; bare arithmetic: ${machineTimes.toFixed(2)} ×`,
  );
  return pace;
}

function command(args: readonly string[], options: Readonly<Record<string, string | number>>): Promise<void> {
  const main = new URL('../main.js', import.meta.url).href;
  const given = Object.entries(options).flatMap(([name, value]) => [name, String(value)]);
  const child = spawn(process.execPath, ['-e', ENTRY, main, 'backtest', ...args, ...given], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // 1: a window in which nothing was chosen; that costs as much.
    child.once('close', (code) =>
      (code === 0 || code === 1) && said.includes('backtests in ')
        ? resolve()
        : reject(new OutsideProblem(`the sweep ended with ${code}: ${said}`, false)),
    );
  });
}

/** Seconds that a loop takes in so many threads at once. */
async function arithmetic(threads: number): Promise<number> {
  const loop = `let x = 1; for (let i = 0; i < ${LOOP}; i++) x = Math.imul(x ^ i, 2654435761) >>> 1; require('node:worker_threads').parentPort.postMessage(x)`;
  const from = performance.now();
  await Promise.all(
    Array.from(
      { length: threads },
      () =>
        new Promise<void>((resolve, reject) => {
          const worker = new Worker(loop, { eval: true });
          worker.once('error', reject);
          worker.once('exit', () => resolve());
        }),
    ),
  );
  return (performance.now() - from) / 1_000;
}
