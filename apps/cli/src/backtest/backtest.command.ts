import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { dollars, type FieldProblem } from '#core';
import type { PlayableTape } from '#data';
import {
  reportHtml,
  runBacktest,
  stressCases,
  stressResult,
  Traces,
  type BacktestHeader,
  type BacktestResult,
  type DecisionTrace,
  type StressResult,
} from '#engine';
import { buildId, headerFor, kernelPlugins, loadPlugins, madeOf, pluginConfig, type PluginRegistry } from '#host';
import { complainTogether, readArguments } from '../arguments.js';
import { ASKED, ASKED_USAGE, askedFor, askedOf, checkPlaces, workflowOf } from './asked.arguments.js';
import { withTape } from './lent-tape.js';
import { parity } from './parity.command.js';
import { ProgressBar } from './progress-bar.js';
import { sweep } from './sweep.command.js';

const USAGE = `npm run backtest -- ${ASKED_USAGE} [--no-stress] [--html OUT] | sweep … | --parity [--tape FILE | --data-dir DIR] [--lane N] [--json OUT]`;

/**
 * `npm run backtest`: plays a recorded tape under a workflow, without a server. Exit code 0 when the result may be believed,
 * 1 when it is refused or could not be had.
 */
export async function backtest(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'sweep') return sweep(argv.slice(1));
  const { values } = readArguments(
    argv,
    { ...ASKED, 'no-stress': { type: 'boolean' }, html: { type: 'string' }, parity: { type: 'boolean' } },
    USAGE,
  );
  const problems: FieldProblem[] = [];
  const args = askedOf(values, values['no-stress'] !== true, problems);
  if (values.workflow === undefined && values.parity !== true)
    problems.push({ path: '/workflow', message: `--workflow is missing. Usage: ${USAGE}` });
  checkPlaces(values, ['json', 'html'], problems);
  complainTogether(problems);
  if (values.parity === true) return parity(values.tape, values['data-dir'], args.lane, values.json);
  const workflow = await workflowOf(values.workflow!);
  const plugins = await loadPlugins(pluginConfig(process.env));
  return withTape(values.tape, values['data-dir'], args.lane, async (tape) => {
    const header = headerFor(askedFor(args, workflow, tape.lane), plugins);
    const startedAt = performance.now();
    const traces = new Traces();
    const { result, stress } = await play(header, tape, plugins, args.settings.stress, traces);
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
        `${JSON.stringify({ build, tape: span, seconds, header, ...result, stress, traces: told(result, traces) }, null, 2)}\n`,
      );
    if (values.html !== undefined)
      await writeFile(
        resolve(values.html),
        reportHtml({
          report: result.report,
          stress,
          refused: result.refused,
          made: madeOf(header, tape, build, plugins),
          traceOf: (signal) => traces.of(signal),
        }),
      );
    for (const line of sentences(result, stress, seconds)) process.stdout.write(`${line}\n`);
    return result.refused === '' ? 0 : 1;
  });
}

/** By signal: what each listed trade was decided by, and its journal. */
const told = ({ report }: BacktestResult, traces: Traces): Record<string, DecisionTrace | null> =>
  Object.fromEntries(report.trades.list.map(({ signalId }) => [signalId, traces.of(signalId)]));

async function play(
  header: BacktestHeader,
  tape: PlayableTape,
  plugins: PluginRegistry,
  stressed: boolean,
  traces: Traces,
): Promise<{
  readonly result: BacktestResult;
  readonly stress: readonly StressResult[];
}> {
  const cases = stressed ? stressCases(header) : [];
  const kernel = kernelPlugins(plugins);
  const bar = new ProgressBar(process.stderr, tape.toSeq * (1 + cases.length));
  let before = 0;
  const progress = (events: number): void => bar.show(before + events);
  const result = await runBacktest(header, tape, { plugins: kernel, progress, traces });
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
