import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { dollars, UserProblem, type FieldProblem } from '#core';
import { choicesOf, outOfSampleOf, sharpeOf, sweepPeriod, type OutOfSample, type SweepChoice } from '#engine';
import {
  buildId,
  kernelPlugins,
  loadPlugins,
  pluginConfig,
  sweepPlanOf,
  sweepSettingsOf,
  type SweepPlan,
  type SweepRunPlan,
} from '#host';
import { complainTogether, readArguments, wholeNumber } from '../arguments.js';
import { ASKED, ASKED_USAGE, askedFor, askedOf, checkPlaces, workflowOf } from './asked.arguments.js';
import { withTape } from './lent-tape.js';
import { ProgressBar } from './progress-bar.js';
import { playAll } from './sweep.workers.js';
import type { SweepCell } from './sweep.run.js';

const USAGE = `npm run backtest -- sweep ${ASKED_USAGE} --vary SETTING[=FROM..TO[/COUNT]|=A,B,…] … [--search grid|random] [--draws N] [--goal sharpe|profit] [--windows N] [--train-ratio N] [--purge MINUTES] [--embargo MINUTES] [--anchored] [--workers N]`;

/**
 * `npm run backtest -- sweep`: one backtest many times over, by the very plan and judgement of the server's sweeps, without a
 * server. Exit code 0 when every window's choice was tested and nothing was refused.
 */
export async function sweep(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(
    argv,
    {
      ...ASKED,
      vary: { type: 'string', multiple: true },
      search: { type: 'string' },
      draws: { type: 'string' },
      goal: { type: 'string' },
      windows: { type: 'string' },
      'train-ratio': { type: 'string' },
      purge: { type: 'string' },
      embargo: { type: 'string' },
      anchored: { type: 'boolean' },
      workers: { type: 'string' },
    },
    USAGE,
  );
  const problems: FieldProblem[] = [];
  const args = askedOf(values, false, problems);
  if (values.workflow === undefined)
    problems.push({ path: '/workflow', message: `--workflow is missing. Usage: ${USAGE}` });
  if (values.vary === undefined) problems.push({ path: '/vary', message: '--vary is missing: what is to be tried?' });
  const cores = { min: 1, max: 256, fallback: availableParallelism() };
  const workers = wholeNumber(values.workers, 'workers', cores, problems);
  checkPlaces(values, ['json'], problems);
  complainTogether(problems);
  const settings = sweepSettingsOf({
    axes: values.vary!.map(axisOf),
    ...said('search', values.search),
    ...said('goal', values.goal),
    ...saidNumber('draws', values.draws),
    ...saidNumber('windows', values.windows),
    ...saidNumber('trainRatio', values['train-ratio']),
    ...saidNumber('purgeMinutes', values.purge),
    ...saidNumber('embargoMinutes', values.embargo),
    anchored: values.anchored === true,
  });
  const workflow = await workflowOf(values.workflow!);
  const plugins = await loadPlugins(pluginConfig(process.env));
  return withTape(values.tape, values['data-dir'], args.lane, async (tape, place) => {
    const span = {
      fromAt: Math.max(args.fromAt ?? -Infinity, tape.fromAt),
      toAt: Math.min(args.toAt ?? Infinity, tape.toAt),
    };
    const { plan, runs } = sweepPlanOf(askedFor(args, workflow, tape.lane), span, settings, plugins);
    const startedAt = performance.now();
    const bar = new ProgressBar(process.stderr, runs.length, undefined, 'backtests');
    const headers = runs.map(({ header }) => header);
    const done = (count: number): void => bar.show(count);
    const cells = await playAll({ headers, place, plugins: kernelPlugins(plugins), workers, done });
    bar.end();
    const seconds = (performance.now() - startedAt) / 1_000;
    const told = judged(plan, runs, cells);
    if (values.json !== undefined) {
      const shown = runs.map(({ set, window, part }, i) => {
        const { curve: _, ...cell } = cells[i];
        return { set, window, part, ...cell };
      });
      const made = { build: buildId(plugins.fingerprint), tape: { lane: tape.lane, toSeq: tape.toSeq, ...span } };
      const whole = { ...made, seconds, workers, asked: settings, plan, ...told, runs: shown };
      await writeFile(resolve(values.json), `${JSON.stringify(whole, null, 2)}\n`);
    }
    for (const line of sentences(plan, told, cells, seconds)) process.stdout.write(`${line}\n`);
    return told.choices.length === plan.windows.length && cells.every(({ refused }) => refused === '') ? 0 : 1;
  });
}

interface Judged {
  readonly outOfSample: OutOfSample | null;
  readonly choices: readonly SweepChoice[];
}

/** Refused runs say nothing that is to be believed. */
function judged({ windows, goal }: SweepPlan, runs: readonly SweepRunPlan[], cells: readonly SweepCell[]): Judged {
  const period = sweepPeriod(windows);
  const facts = runs.flatMap(({ set, window, part }, i) =>
    cells[i].refused === ''
      ? [{ set, window, part, profit: cells[i].profit, moments: cells[i].moments[period.name] ?? null }]
      : [],
  );
  const choices = choicesOf(facts, goal);
  const curves = choices.flatMap(({ window, set, test }) =>
    test === null
      ? []
      : [cells[runs.findIndex((run) => run.part === 'test' && run.window === window && run.set === set)].curve],
  );
  return { choices, outOfSample: curves.length === 0 ? null : outOfSampleOf(curves, facts, period) };
}

function sentences(
  { sets, windows }: SweepPlan,
  { outOfSample, choices }: Judged,
  cells: readonly SweepCell[],
  seconds: number,
): readonly string[] {
  const refused = cells.filter((cell) => cell.refused !== '');
  return [
    `${cells.length} backtests in ${seconds.toFixed(1)} s: ${sets.length} sets in ${windows.length} windows`,
    outOfSample === null
      ? 'out of sample: nothing was chosen, so nothing can be said'
      : `out of sample: profit ${dollars(outOfSample.profit)}, deepest drawdown ${percent(outOfSample.drawdown)}, Sharpe ${ratio(outOfSample.sharpe)} a ${outOfSample.period}, better than luck over all ${outOfSample.tried} tried: ${share(outOfSample.deflated)}`,
    ...choices.map(
      ({ window, set, train, test, deflated, tried }) =>
        `window ${window + 1}: ${JSON.stringify(sets[set])} chosen of ${tried} (profit ${dollars(train.profit)}, Sharpe ${ratio(sharpeOf(train))}, better than luck: ${share(deflated)}), then ${test === null ? 'not tested' : `profit ${dollars(test.profit)}, Sharpe ${ratio(sharpeOf(test))}`}`,
    ),
    ...(refused.length === 0 ? [] : [`${refused.length} backtests were refused: ${refused[0].refused}`]),
  ];
}

const percent = (value: number): string => `${(value * 100).toFixed(2)} %`;
const ratio = (value: number | null): string => (value === null ? 'undefined' : value.toFixed(3));
const share = (value: number | null): string => (value === null ? 'undefined' : `${(value * 100).toFixed(0)} %`);

/** `minEdge`, `minEdge=0.01..0.05/5`, `side=both,yes`; a nested setting is written with slashes. */
function axisOf(text: string): unknown {
  const [, name, given] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  if (name === undefined) throw unreadable(text);
  const path = name.startsWith('/') ? name : `/${name}`;
  if (given === undefined) return { path };
  const range = /^([^,]+)\.\.([^,/]+)(?:\/(\d+))?$/.exec(given);
  if (range === null) return { path, values: given.split(',').map(valueOf) };
  const [from, to] = [Number(range[1]), Number(range[2])];
  if (!Number.isFinite(from) || !Number.isFinite(to)) throw unreadable(text);
  return { path, from, to, ...(range[3] === undefined ? {} : { count: Number(range[3]) }) };
}

const unreadable = (text: string): UserProblem =>
  new UserProblem('the arguments are not usable', [
    { path: '/vary', message: `--vary is ${JSON.stringify(text)}; write minEdge, minEdge=0.01..0.05/5 or side=yes,no` },
  ]);

const valueOf = (text: string): string | number | boolean =>
  text === 'true' || text === 'false'
    ? text === 'true'
    : text.trim() !== '' && Number.isFinite(Number(text))
      ? Number(text)
      : text;

const said = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value };
const saidNumber = (name: string, value: string | undefined): Record<string, number> =>
  value === undefined ? {} : { [name]: Number(value) };
