import {
  DEFAULT_LIMITS,
  MONEY_ONE,
  UserProblem,
  type AccountId,
  type AccountRecord,
  type FieldProblem,
  type RiskLimits,
  type WorkflowRecord,
} from '#core';
import { HEADER_DEFAULTS, type BacktestHeader, type KernelPlugins, type LatencyRule } from '#engine';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { ORDER_LATENCY_MS } from '../order-latency.js';
import type { PluginRegistry } from '../registry/registry.types.js';
import { recordOf, type WorkflowDraft } from '../workflows/workflow-draft.js';

const delay = (title: string) => Type.Integer({ title, unit: 'ms', minimum: 0, maximum: 600_000 });

/** Of one venue; what is not said is as it is for all of them. */
const VenueSettingsSchema = Type.Object(
  {
    feedMs: Type.Optional(delay('Delay of the feed')),
    decisionMs: Type.Optional(delay('Time to decide')),
    latencyMs: Type.Optional(delay('Latency, constant or median')),
    latencyP95Ms: Type.Optional(delay('Latency that one order in twenty exceeds, sampled')),
  },
  { additionalProperties: false },
);
type VenueSettings = Static<typeof VenueSettingsSchema>;

/** What a person chooses of a backtest besides its workflow. */
export const BacktestSettingsSchema = Type.Object(
  {
    openingCash: Type.Number({
      title: 'Opening cash',
      unit: 'dollars',
      minimum: 1,
      maximum: 1e9,
      default: 10_000,
    }),
    latency: Type.Union([Type.Literal('recorded'), Type.Literal('constant'), Type.Literal('sampled')], {
      title: 'Order latency',
      default: 'recorded',
    }),
    latencyMs: Type.Integer({
      title: 'Latency, constant or median',
      unit: 'ms',
      minimum: 0,
      maximum: 600_000,
      default: 250,
    }),
    latencyP95Ms: Type.Integer({
      title: 'Latency that one order in twenty exceeds, sampled',
      unit: 'ms',
      minimum: 0,
      maximum: 600_000,
      default: 800,
    }),
    decisionMs: Type.Integer({
      title: 'Time to decide',
      unit: 'ms',
      minimum: 0,
      maximum: 600_000,
      default: 0,
    }),
    feedMs: Type.Integer({
      title: 'Delay of the feeds that the tape lacks',
      unit: 'ms',
      minimum: 0,
      maximum: 600_000,
      default: 0,
    }),
    venues: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]*$' }), VenueSettingsSchema, {
      title: 'The same by venue',
      default: {},
    }),
    feesPercent: Type.Number({
      title: 'Fees',
      unit: '% of the venues’ own',
      minimum: 0,
      maximum: 1_000,
      default: 100,
    }),
    capitalRate: Type.Number({
      title: 'Cost of capital',
      unit: '% a year',
      minimum: 0,
      maximum: 100,
      default: 5,
    }),
    minCoverage: Type.Number({
      title: 'Least coverage',
      unit: '%',
      minimum: 0,
      maximum: 100,
      default: 0,
    }),
    seed: Type.Integer({
      title: 'Seed',
      minimum: 0,
      maximum: 2_147_483_647,
      default: HEADER_DEFAULTS.seed,
    }),
    stress: Type.Boolean({
      title: 'Stress: latency 0, 1 and 5 s, fees × 1.5',
      default: true,
    }),
  },
  { additionalProperties: false },
);

export type BacktestSettings = Static<typeof BacktestSettingsSchema>;

/** Fills in defaults. @throws UserProblem with every complaint. */
export function settingsOf(given: unknown): BacktestSettings {
  const filled = Value.Default(BacktestSettingsSchema, structuredClone(given ?? {}));
  if (Value.Check(BacktestSettingsSchema, filled)) return filled;
  const fields = [...Value.Errors(BacktestSettingsSchema, filled)].map(({ instancePath, message }) => ({
    path: `/settings${instancePath}`,
    message: `${instancePath.slice(1) || 'The settings'} ${message}`,
  }));
  throw new UserProblem('The settings of the backtest cannot be used.', fields);
}

export interface BacktestAsked {
  readonly title: string;
  readonly lane: number;
  readonly fromAt: number | null;
  readonly toAt: number | null;
  readonly workflow: WorkflowDraft;
  /** Id and version its sessions get. */
  readonly id: string;
  readonly version: number;
  /** Limits of the account; the house's defaults without. */
  readonly limits?: RiskLimits | undefined;
  readonly kalshiPrecision?: AccountRecord['kalshiPrecision'] | undefined;
  readonly settings: BacktestSettings;
}

/** The header of what was asked for. @throws UserProblem with every complaint about the workflow. */
export function headerFor(asked: BacktestAsked, plugins: PluginRegistry): BacktestHeader {
  const { settings } = asked;
  const limits = asked.limits ?? DEFAULT_LIMITS;
  const draft = { ...asked.workflow, mode: 'paper' };
  const { record, problems } = recordOf(draft, asked.id, asked.version, plugins, limits);
  if (problems.length > 0) throw new UserProblem('The workflow cannot be tested.', problems as FieldProblem[]);
  return headerOfRecord(asked, record, limits, settings);
}

function headerOfRecord(
  asked: BacktestAsked,
  workflow: WorkflowRecord,
  limits: RiskLimits,
  settings: BacktestSettings,
): BacktestHeader {
  const account: AccountRecord = {
    id: workflow.account || ('backtest' as AccountId),
    title: 'Backtest',
    openingCash: Math.round(settings.openingCash * MONEY_ONE),
    limits,
    kalshiPrecision: asked.kalshiPrecision ?? 'direct',
  };
  return {
    title: asked.title,
    lane: asked.lane,
    fromAt: asked.fromAt,
    toAt: asked.toAt,
    accounts: [account],
    workflows: [{ ...workflow, account: account.id }],
    placed: [],
    latency: latencyRule(settings),
    decisionMs: settings.decisionMs,
    ...ofVenues('decisionMsOf', settings, ({ decisionMs }) => decisionMs),
    ...ofVenues('feedMs', settings, ({ feedMs }) => feedMs, settings.feedMs),
    feesPpm: Math.round(settings.feesPercent * 10_000),
    seed: settings.seed,
    minCoverage: settings.minCoverage / 100,
    capitalRatePpm: Math.round(settings.capitalRate * 10_000),
  };
}

/** What venues have of their own, and of all others where that is something; nothing where nobody said anything. */
function ofVenues<N extends string>(
  name: N,
  { venues }: BacktestSettings,
  read: (of: VenueSettings) => number | undefined,
  all = 0,
): Partial<Record<N, Record<string, number>>> {
  const by = Object.fromEntries(
    Object.entries(venues).flatMap(([venue, of]) => {
      const ms = read(of);
      return ms === undefined ? [] : [[venue, ms] as const];
    }),
  );
  if (all > 0) by['*'] = all;
  return Object.keys(by).length === 0 ? {} : ({ [name]: by } as Partial<Record<N, Record<string, number>>>);
}

function latencyRule(settings: BacktestSettings): LatencyRule {
  const { latency, latencyMs, latencyP95Ms, venues } = settings;
  switch (latency) {
    case 'recorded':
      return { kind: 'recorded', ms: ORDER_LATENCY_MS };
    case 'constant': {
      const own = ofVenues('ms', settings, (of) => of.latencyMs).ms;
      return { kind: 'constant', ms: { ...own, '*': latencyMs } };
    }
    case 'sampled': {
      const sampled = (of: VenueSettings) => {
        const medianMs = of.latencyMs ?? latencyMs;
        return { medianMs, p95Ms: Math.max(medianMs, of.latencyP95Ms ?? latencyP95Ms) };
      };
      const named = Object.entries(venues).filter(([, of]) => (of.latencyMs ?? of.latencyP95Ms) !== undefined);
      const own = Object.fromEntries(named.map(([venue, of]) => [venue, sampled(of)]));
      return { kind: 'sampled', venues: { ...own, '*': sampled({}) } };
    }
  }
}

/** The plugins as a kernel takes them. */
export const kernelPlugins = ({ strategies, models }: PluginRegistry): KernelPlugins => ({
  strategies: new Map(strategies.map((one) => [one.manifest.id, one])),
  models: new Map(models.map((one) => [one.manifest.id, one])),
});
