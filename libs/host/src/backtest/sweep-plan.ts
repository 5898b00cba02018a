import { UserProblem, type FieldProblem } from '#core';
import {
  configWith,
  gridSets,
  gridSize,
  randomSets,
  SWEEP_GOALS,
  walkForward,
  type BacktestHeader,
  type Span,
  type SweepAxis,
  type SweepGoal,
  type SweepSet,
  type SweepValue,
  type SweepWindow,
} from '#engine';
import { mulberry32 } from '#quant';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { configFields, type ConfigField } from '../registry/config-fields.js';
import type { PluginRegistry } from '../registry/registry.types.js';
import { headerFor, type BacktestAsked } from './backtest-settings.js';

/** Runs of one sweep. More would keep every worker busy for days. */
const MOST_RUNS = 2_000;
const MOST_AXES = 6;
const MINUTE_MS = 60_000;

const AxisSchema = Type.Object(
  {
    path: Type.String(),
    from: Type.Optional(Type.Number()),
    to: Type.Optional(Type.Number()),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    values: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { minItems: 1, maxItems: 200 }),
    ),
  },
  { additionalProperties: false },
);

/** What a person chooses of a sweep besides its backtest. */
export const SweepSettingsSchema = Type.Object(
  {
    axes: Type.Array(AxisSchema, { minItems: 1, maxItems: MOST_AXES }),
    search: Type.Union([Type.Literal('grid'), Type.Literal('random')], { default: 'grid' }),
    /** Of a random search. */
    draws: Type.Integer({ minimum: 1, maximum: MOST_RUNS, default: 20 }),
    goal: Type.Union(
      SWEEP_GOALS.map((one) => Type.Literal(one)),
      { default: 'sharpe' },
    ),
    windows: Type.Integer({ minimum: 1, maximum: 50, default: 4 }),
    trainRatio: Type.Number({ minimum: 0.25, maximum: 20, default: 3 }),
    purgeMinutes: Type.Number({ minimum: 0, maximum: 1e6, default: 0 }),
    embargoMinutes: Type.Number({ minimum: 0, maximum: 1e6, default: 0 }),
    anchored: Type.Boolean({ default: false }),
  },
  { additionalProperties: false },
);
export type SweepSettings = Static<typeof SweepSettingsSchema>;

/** Everything a sweep runs by: what is kept of it, so that it can be gone on with and shown. */
export interface SweepPlan {
  readonly goal: SweepGoal;
  readonly axes: readonly SweepAxis[];
  readonly sets: readonly SweepSet[];
  readonly windows: readonly SweepWindow[];
}

/** One backtest of a sweep. */
export interface SweepRunPlan {
  readonly set: number;
  readonly window: number;
  readonly part: 'train' | 'test';
  readonly header: BacktestHeader;
}

/** Fills in defaults. @throws UserProblem with every complaint. */
export function sweepSettingsOf(given: unknown): SweepSettings {
  const filled = Value.Default(SweepSettingsSchema, structuredClone(given ?? {}));
  if (Value.Check(SweepSettingsSchema, filled)) return filled;
  const fields = [...Value.Errors(SweepSettingsSchema, filled)].map(({ instancePath, message }) => ({
    path: `/sweep${instancePath}`,
    message: `${instancePath.slice(1) || 'The settings'} ${message}`,
  }));
  throw new UserProblem('The settings of the sweep cannot be used.', fields);
}

/**
 * The sets, windows and headers of a sweep over a workflow. Ranges that were not said are the plugin's own.
 *
 * @param span of the tape that is to be divided into windows.
 * @throws UserProblem with every complaint; also when a set is none that the plugin takes.
 */
export function sweepPlanOf(
  asked: BacktestAsked,
  span: Span,
  settings: SweepSettings,
  plugins: PluginRegistry,
): { readonly plan: SweepPlan; readonly runs: readonly SweepRunPlan[] } {
  const plugin = plugins.strategies.find(({ manifest }) => manifest.id === asked.workflow.plugin);
  const axes = axesOf(plugin === undefined ? [] : configFields(plugin.configSchema), settings);
  const windows = walkForward(span, {
    windows: settings.windows,
    trainRatio: settings.trainRatio,
    purgeMs: Math.round(settings.purgeMinutes * MINUTE_MS),
    embargoMs: Math.round(settings.embargoMinutes * MINUTE_MS),
    anchored: settings.anchored,
  });
  const size = settings.search === 'grid' ? gridSize(axes) : settings.draws;
  const count = size * windows.length * 2;
  if (count > MOST_RUNS)
    throw wrong(
      '/sweep/axes',
      `That would be ${count} backtests; ${MOST_RUNS} are the most. Try fewer values or windows.`,
    );
  const sets =
    settings.search === 'grid' ? gridSets(axes) : randomSets(axes, settings.draws, mulberry32(asked.settings.seed));
  // What an older version of the plugin saved is carried over first.
  const { config } = headerFor(asked, plugins).workflows[0];
  const runs = sets.flatMap((values, set) => {
    const workflow = { ...asked.workflow, pluginVersion: null, config: configWith(config, values) };
    const header = headerFor({ ...asked, workflow }, plugins);
    return windows.flatMap((window, number) =>
      (['train', 'test'] as const).map((part) => ({
        set,
        window: number,
        part,
        header: { ...header, ...window[part] },
      })),
    );
  });
  return { plan: { goal: settings.goal, axes, sets, windows }, runs };
}

function axesOf(fields: readonly ConfigField[], { axes, search }: SweepSettings): readonly SweepAxis[] {
  const problems: FieldProblem[] = [];
  const seen = new Set<string>();
  const made = axes.flatMap((axis, i): readonly SweepAxis[] => {
    const complain = (name: string, message: string): readonly SweepAxis[] => {
      problems.push({ path: `/sweep/axes/${i}/${name}`, message });
      return [];
    };
    const { path, from, to, count = 5, values } = axis;
    const field = fields.find((one) => one.path === path);
    if (field === undefined) return complain('path', `The plugin has no setting ${path}.`);
    if (seen.has(path)) return complain('path', `${field.title} is varied twice.`);
    seen.add(path);
    if (field.type === 'array' || field.type === 'object') return complain('path', `${field.title} cannot be varied.`);
    if (values !== undefined) return [{ kind: 'choice', path, values }];
    const choices = field.type === 'boolean' ? [false, true] : field.enum;
    if (choices !== null) return [{ kind: 'choice', path, values: choices as readonly SweepValue[] }];
    if (field.type === 'string') return complain('values', `Say which values of ${field.title} to try.`);
    const [low, high] = [from ?? field.minimum, to ?? field.maximum];
    if (low === null) return complain('from', `${field.title} has no least value of its own; say one.`);
    if (high === null) return complain('to', `${field.title} has no greatest value of its own; say one.`);
    if (low > high) return complain('to', 'The end must not be below the beginning.');
    if (field.minimum !== null && low < field.minimum) return complain('from', `The least is ${field.minimum}.`);
    if (field.maximum !== null && high > field.maximum) return complain('to', `The most is ${field.maximum}.`);
    const step = field.step ?? (field.type === 'integer' ? 1 : null);
    if (step !== null && Math.floor(high / step + 1e-9) < Math.ceil(low / step - 1e-9))
      return complain('to', `There is no multiple of ${step} between.`);
    return [{ kind: 'range', path, from: low, to: high, step, count: search === 'grid' ? count : 1 }];
  });
  if (problems.length > 0) throw new UserProblem('The sweep cannot be run.', problems);
  return made;
}

const wrong = (path: string, message: string): UserProblem => new UserProblem(message, [{ path, message }]);
