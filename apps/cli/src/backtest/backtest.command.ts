import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { dollars, UserProblem, type FieldProblem } from '#core';
import { createPool, fileTape, lanes, laneTape, migrate, ReplayFile, type PlayableTape } from '#data';
import {
  reportHtml,
  runBacktest,
  stressCases,
  stressResult,
  type BacktestHeader,
  type BacktestResult,
  type StressResult,
} from '#engine';
import {
  buildId,
  draftOfFile,
  headerFor,
  kernelPlugins,
  loadPlugins,
  pluginConfig,
  settingsOf,
  type PluginRegistry,
} from '#host';
import { complainTogether, readArguments, wholeNumber } from '../arguments.js';
import { withStoredDatabase } from '../launch/stored-database.js';
import { parity } from './parity.command.js';
import { ProgressBar } from './progress-bar.js';

const USAGE =
  'npm run backtest -- --workflow FILE [--from TIME] [--to TIME] [--tape FILE | --data-dir DIR] [--lane N] [--cash DOLLARS] [--latency recorded|MS] [--decision MS] [--fees PERCENT] [--min-coverage PERCENT] [--seed N] [--no-stress] [--json OUT] [--html OUT] | --parity [--data-dir DIR] [--lane N] [--json OUT]';

/**
 * `npm run backtest`: plays a recorded tape under a workflow, without a server. Exit code 0 when the result may be believed,
 * 1 when it is refused or could not be had.
 */
export async function backtest(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(
    argv,
    {
      workflow: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      tape: { type: 'string' },
      'data-dir': { type: 'string' },
      lane: { type: 'string' },
      cash: { type: 'string' },
      latency: { type: 'string' },
      decision: { type: 'string' },
      fees: { type: 'string' },
      'min-coverage': { type: 'string' },
      seed: { type: 'string' },
      'no-stress': { type: 'boolean' },
      json: { type: 'string' },
      html: { type: 'string' },
      parity: { type: 'boolean' },
    },
    USAGE,
  );
  const problems: FieldProblem[] = [];
  const fromAt = instant(values.from, 'from', problems);
  const toAt = instant(values.to, 'to', problems);
  const most = Number.MAX_SAFE_INTEGER;
  const lane = wholeNumber(values.lane, 'lane', { min: 0, max: most, fallback: -1 }, problems);
  if (values.workflow === undefined && values.parity !== true)
    problems.push({
      path: '/workflow',
      message: `--workflow is missing. Usage: ${USAGE}`,
    });
  const constant = values.latency !== undefined && values.latency !== 'recorded';
  const settings = settingsOf({
    ...number(values.cash, 'cash', 'openingCash', problems),
    ...(constant
      ? {
          latency: 'constant',
          ...number(values.latency, 'latency', 'latencyMs', problems),
        }
      : {}),
    ...number(values.decision, 'decision', 'decisionMs', problems),
    ...number(values.fees, 'fees', 'feesPercent', problems),
    ...number(values['min-coverage'], 'min-coverage', 'minCoverage', problems),
    ...number(values.seed, 'seed', 'seed', problems),
    stress: values['no-stress'] !== true,
  });
  complainTogether(problems);
  if (values.parity === true) return parity(values['data-dir'], lane, values.json);
  const workflow = draftOfFile(await json(values.workflow!), 'backtest');
  const plugins = await loadPlugins(pluginConfig(process.env));
  return withTape(values.tape, values['data-dir'], lane, async (tape) => {
    const asked = {
      title: workflow.title,
      lane: tape.lane,
      fromAt,
      toAt,
      workflow,
      id: 'backtest',
      version: 1,
      settings,
    };
    const header = headerFor(asked, plugins);
    const startedAt = performance.now();
    const { result, stress } = await play(header, tape, plugins, settings.stress);
    const seconds = (performance.now() - startedAt) / 1_000;
    const build = buildId(plugins.fingerprint);
    const span = {
      lane: tape.lane,
      toSeq: tape.toSeq,
      fromAt: tape.fromAt,
      toAt: tape.toAt,
    };
    if (values.json !== undefined)
      await writeFile(
        resolve(values.json),
        `${JSON.stringify({ build, tape: span, seconds, header, ...result, stress }, null, 2)}\n`,
      );
    if (values.html !== undefined)
      await writeFile(
        resolve(values.html),
        reportHtml({
          report: result.report,
          stress,
          refused: result.refused,
          made: madeOf(header, build, tape),
        }),
      );
    for (const line of sentences(result, stress, seconds)) process.stdout.write(`${line}\n`);
    return result.refused === '' ? 0 : 1;
  });
}

async function play(
  header: BacktestHeader,
  tape: PlayableTape,
  plugins: PluginRegistry,
  stressed: boolean,
): Promise<{
  readonly result: BacktestResult;
  readonly stress: readonly StressResult[];
}> {
  const cases = stressed ? stressCases(header) : [];
  const kernel = kernelPlugins(plugins);
  const bar = new ProgressBar(process.stderr, tape.toSeq * (1 + cases.length));
  let before = 0;
  const progress = (events: number): void => bar.show(before + events);
  const result = await runBacktest(header, tape, { plugins: kernel, progress });
  const stress: StressResult[] = [];
  for (const one of cases) {
    before += tape.toSeq;
    const { report } = await runBacktest(one.header, tape, {
      plugins: kernel,
      progress,
      peekEvents: 0,
    });
    stress.push(stressResult(one.label, report));
  }
  bar.end();
  return { result, stress };
}

/** Lends the tape of a file, or of a lane in a data folder or `DATABASE_URL`. */
async function withTape(
  path: string | undefined,
  folder: string | undefined,
  lane: number,
  work: (tape: PlayableTape) => Promise<number>,
): Promise<number> {
  if (path !== undefined) {
    const file = await ReplayFile.open(resolve(path)).catch((error: unknown) => {
      if (error instanceof UserProblem) throw error;
      throw new UserProblem(`${path} cannot be read: ${(error as Error).message}`);
    });
    try {
      return await work(fileTape(file));
    } finally {
      await file.close();
    }
  }
  return withStoredDatabase(folder, async (url) => {
    await migrate(url);
    const pool = createPool(url, 4);
    try {
      const known = await lanes(pool);
      const found = known.find(({ id }) => lane < 0 || id === lane);
      if (found === undefined || found.headSeq === 0)
        throw new UserProblem(known.length === 0 ? 'there is no tape yet' : `there is no tape of lane ${lane}`);
      return await work(
        laneTape(pool, {
          lane: found.id,
          toSeq: found.headSeq,
          fromAt: 0,
          toAt: 0,
        }),
      );
    } finally {
      await pool.end();
    }
  });
}

const madeOf = (header: BacktestHeader, build: string, tape: PlayableTape): readonly (readonly [string, string])[] => [
  ['Build', build],
  ['Tape', `lane ${tape.lane}, events 1 … ${tape.toSeq}`],
  ...header.workflows.map(
    (one) => ['Workflow', `${one.plugin} ${one.pluginVersion} ${JSON.stringify(one.config)}`] as const,
  ),
  ['Latency', JSON.stringify(header.latency)],
  ['Time to decide', `${header.decisionMs} ms`],
  ['Fees', `${header.feesPpm / 10_000} % of the venues’ own`],
  ['Seed', String(header.seed)],
];

function sentences(
  { report, refused, peek }: BacktestResult,
  stress: readonly StressResult[],
  seconds: number,
): string[] {
  const { trades, returns, coverage } = report;
  const sharpe = returns.sharpeAnnual.value;
  return [
    `${report.events.toLocaleString('en-US')} events in ${seconds.toFixed(1)} s, ${trades.count} signals accepted, ${trades.filled} with fills`,
    `profit ${dollars(report.profit)} of ${dollars(report.openingCash)} (fees ${dollars(report.fees)}, slippage ${dollars(report.slippage)}, cost of capital ${dollars(report.capitalCost)})`,
    `deepest drawdown ${(report.drawdown.share * 100).toFixed(2)} %, Sharpe ${sharpe === null ? 'undefined' : `${sharpe.toFixed(2)} a year over ${returns.count} ${returns.period}s`}`,
    `books trusted ${(coverage.share * 100).toFixed(1)} % of the time, ${coverage.gaps} gaps`,
    ...stress.map((one) => `${one.label}: profit ${dollars(one.profit)}, ${one.fills} trades with fills`),
    refused === ''
      ? `nothing peeks: ${peek.lines} lines stay when the tape is cut after event ${peek.events}`
      : `refused: ${refused}`,
  ];
}

function instant(given: string | undefined, name: string, problems: FieldProblem[]): number | null {
  if (given === undefined) return null;
  const at = /^\d{10,}$/.test(given) ? Number(given) : Date.parse(given);
  if (Number.isFinite(at)) return at;
  problems.push({
    path: `/${name}`,
    message: `--${name} is ${JSON.stringify(given)}; write a time like 2026-11-01T00:00:00Z, or milliseconds`,
  });
  return null;
}

function number(
  given: string | undefined,
  name: string,
  field: string,
  problems: FieldProblem[],
): Record<string, number> {
  if (given === undefined) return {};
  const value = Number(given);
  if (given.trim() !== '' && Number.isFinite(value)) return { [field]: value };
  problems.push({
    path: `/${name}`,
    message: `--${name} is ${JSON.stringify(given)}; it must be a number`,
  });
  return {};
}

async function json(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(resolve(path), 'utf8')) as unknown;
  } catch (error) {
    throw new UserProblem(`${path} cannot be read as JSON: ${(error as Error).message}`);
  }
}
