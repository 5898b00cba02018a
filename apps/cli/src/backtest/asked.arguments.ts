import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UserProblem, type FieldProblem } from '#core';
import { draftOfFile, settingsOf, type BacktestAsked, type BacktestSettings, type WorkflowDraft } from '#host';
import { wholeNumber } from '../arguments.js';

/** What every kind of backtest is told: which workflow on which tape, and in which world. */
export const ASKED = {
  workflow: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  tape: { type: 'string' },
  'data-dir': { type: 'string' },
  lane: { type: 'string' },
  cash: { type: 'string' },
  latency: { type: 'string' },
  decision: { type: 'string' },
  feed: { type: 'string' },
  fees: { type: 'string' },
  'min-coverage': { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'string' },
} as const;

export const ASKED_USAGE =
  '--workflow FILE [--from TIME] [--to TIME] [--tape FILE | --data-dir DIR] [--lane N] [--cash DOLLARS] [--latency recorded|DELAY] [--decision DELAY] [--feed DELAY] [--fees PERCENT] [--min-coverage PERCENT] [--seed N] [--json OUT] where DELAY is MS or VENUE=MS,…';

type Values = { readonly [K in keyof typeof ASKED]?: string | undefined };

export interface AskedArguments {
  readonly fromAt: number | null;
  readonly toAt: number | null;
  /** -1: the first that has a tape. */
  readonly lane: number;
  readonly settings: BacktestSettings;
}

/** Reads them; complaints are pushed to `problems`. */
export function askedOf(values: Values, stress: boolean, problems: FieldProblem[]): AskedArguments {
  const constant = values.latency !== undefined && values.latency !== 'recorded';
  const venues: Venues = {};
  return {
    fromAt: instant(values.from, 'from', problems),
    toAt: instant(values.to, 'to', problems),
    lane: wholeNumber(values.lane, 'lane', { min: 0, max: Number.MAX_SAFE_INTEGER, fallback: -1 }, problems),
    settings: settingsOf({
      ...number(values.cash, 'cash', 'openingCash', problems),
      ...(constant ? { latency: 'constant', ...delay(values.latency, 'latency', 'latencyMs', venues, problems) } : {}),
      ...delay(values.decision, 'decision', 'decisionMs', venues, problems),
      ...delay(values.feed, 'feed', 'feedMs', venues, problems),
      ...number(values.fees, 'fees', 'feesPercent', problems),
      ...number(values['min-coverage'], 'min-coverage', 'minCoverage', problems),
      ...number(values.seed, 'seed', 'seed', problems),
      venues,
      stress,
    }),
  };
}

/** A result must have somewhere to go before it is made: complaints are pushed to `problems`. */
export function checkPlaces(
  values: Readonly<Record<string, unknown>>,
  names: readonly string[],
  problems: FieldProblem[],
): void {
  for (const name of names) {
    const path = values[name];
    if (typeof path !== 'string') continue;
    const folder = dirname(resolve(path));
    if (!existsSync(folder))
      problems.push({ path: `/${name}`, message: `--${name} is to go to ${folder}, which is not there` });
  }
}

/** What is asked of a workflow on a lane, as the server would be asked. */
export const askedFor = (
  { fromAt, toAt, settings }: AskedArguments,
  workflow: WorkflowDraft,
  lane: number,
): BacktestAsked => ({ title: workflow.title, lane, fromAt, toAt, workflow, id: 'backtest', version: 1, settings });

/** @throws UserProblem when the file cannot be read or is no workflow. */
export async function workflowOf(path: string): Promise<WorkflowDraft> {
  try {
    return draftOfFile(JSON.parse(await readFile(resolve(path), 'utf8')) as unknown, 'backtest');
  } catch (error) {
    if (error instanceof UserProblem) throw error;
    throw new UserProblem(`${path} cannot be read as JSON: ${(error as Error).message}`);
  }
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

type Venues = Record<string, Record<string, number>>;

/** `250` for all venues, `kalshi=100,polymarket=300` for some of them; what is of one venue goes into `venues`. */
function delay(
  given: string | undefined,
  name: string,
  field: string,
  venues: Venues,
  problems: FieldProblem[],
): Record<string, number> {
  if (given !== undefined && !given.includes('=') && !Number.isFinite(Number(given))) {
    problems.push({
      path: `/${name}`,
      message: `--${name} is ${JSON.stringify(given)}; write 250, or kalshi=100,polymarket=300`,
    });
    return {};
  }
  if (given === undefined || !given.includes('=')) return number(given, name, field, problems);
  for (const part of given.split(',')) {
    const [, venue, ms] = /^([a-z][a-z0-9-]*)=(\d+)$/.exec(part.trim()) ?? [];
    if (venue !== undefined) (venues[venue] ??= {})[field] = Number(ms);
    else
      problems.push({
        path: `/${name}`,
        message: `--${name} has ${JSON.stringify(part)}; write 250, or kalshi=100,polymarket=300`,
      });
  }
  return {};
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
  problems.push({ path: `/${name}`, message: `--${name} is ${JSON.stringify(given)}; it must be a number` });
  return {};
}
