import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { FieldProblem } from '#core';
import { complainTogether, readArguments, wholeNumber } from '../arguments.js';
import { liveUpdateTasks } from './live-updates.tasks.js';
import { modelTasks, type ModelTask } from './models.tasks.js';
import { median } from './samples.js';

const USAGE = 'npm run bench -- models [--json FILE] [--repeat N] [--only ID,…]';

export interface ModelTiming {
  readonly id: string;
  readonly work: string;
  /** Median of one run, ms. */
  readonly ms: number;
  /** What it takes when nothing else wants the machine. */
  readonly fastestMs: number;
  /** Median of the processor time one run took, collections included: hardly moved by what else the machine does. */
  readonly cpuMs: number;
  readonly repetitions: number;
  /** What the aim or the orientation is, in words; `''` without. */
  readonly aim: string;
  /** Speed by the unit of the work, such as updates a second. */
  readonly rates: Readonly<Record<string, number>>;
  /** What came out, beside what is known to be right: so that nothing is timed that is wrong. */
  readonly results: Readonly<Record<string, number>>;
}

/** Every model on the seeded workloads, one thread, the median after a warm-up. */
export async function modelsBench(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(
    argv,
    { json: { type: 'string' }, repeat: { type: 'string' }, only: { type: 'string' } },
    USAGE,
  );
  const problems: FieldProblem[] = [];
  const repeat = wholeNumber(values.repeat, 'repeat', { min: 5, max: 1000, fallback: 9 }, problems);
  const tasks = [...modelTasks(), ...liveUpdateTasks];
  const only = values.only?.split(',') ?? tasks.map((task) => task.id);
  for (const id of only)
    if (!tasks.some((task) => task.id === id))
      problems.push({
        path: '/only',
        message: `there is no work ${JSON.stringify(id)}; there are: ${tasks.map((task) => task.id).join(', ')}`,
      });
  complainTogether(problems);
  const report = {
    machine: { node: process.version, cpu: cpus()[0]?.model ?? '', cores: availableParallelism(), load: loadavg()[0] },
    timings: tasks.filter((task) => only.includes(task.id)).map((task) => time(task, repeat)),
  };
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  print(report.timings);
  return 0;
}

/** Runs that are over at once are repeated inside one measurement. */
const LEAST_MS = 5;
const WARM_UP_MS = 300;

/** Times one task: warm until compiled, then the median of `repeat` measurements. */
export function time(task: ModelTask, repeat: number): ModelTiming {
  const run = task.prepare();
  const began = performance.now();
  let runs = 0;
  while (runs < 3 || performance.now() - began < WARM_UP_MS) {
    run();
    runs++;
  }
  const inner = Math.max(1, Math.ceil(LEAST_MS / ((performance.now() - began) / runs)));
  const samples: number[] = [];
  const spent: number[] = [];
  let results: Readonly<Record<string, number>> = {};
  for (let i = 0; i < repeat; i++) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    for (let j = 0; j < inner; j++) results = run();
    samples.push((performance.now() - start) / inner);
    const { user, system } = process.cpuUsage(cpu);
    spent.push((user + system) / 1000 / inner);
  }
  const ms = median(samples);
  const rates = Object.fromEntries(
    Object.entries(task.units).map(([unit, count]) => [`${unit}PerS`, Math.round((count / ms) * 1000)]),
  );
  return {
    id: task.id,
    work: task.work,
    ms: Number(ms.toPrecision(4)),
    fastestMs: Number(Math.min(...samples).toPrecision(4)),
    cpuMs: Number(median(spent).toPrecision(4)),
    repetitions: repeat * inner,
    aim: task.aim,
    rates,
    results,
  };
}

function print(timings: readonly ModelTiming[]): void {
  for (const { id, work, ms, fastestMs, cpuMs, aim, rates, results } of timings) {
    const said = [
      `fastest ${fastestMs} ms`,
      `processor ${cpuMs} ms`,
      ...Object.entries(rates).map(([name, value]) => `${name} ${value.toLocaleString('en-US')}`),
      ...Object.entries(results).map(([name, value]) => `${name} ${value}`),
    ];
    const against = aim === '' ? '' : `  (${aim})`;
    process.stdout.write(`${id.padEnd(4)} ${String(ms).padStart(8)} ms  ${work}${against}\n`);
    process.stdout.write(`     ${said.join(' · ')}\n`);
  }
}
