import { venueName } from '../../format';
import { toTyped, valueAt } from '../../format/config-value';
import type { PluginFieldsFragment } from '../../generated/graphql';

type Field = PluginFieldsFragment['fields'][number];

export const field = (path: string, title: string, description: string, more: Partial<Field>): Field =>
  ({
    path,
    title,
    description,
    type: 'number',
    unit: null,
    enum: null,
    minimum: null,
    maximum: null,
    step: null,
    ...more,
  }) as Field;

/** What a person chooses of a backtest besides its workflow. The server checks all of it again. */
export const SETTINGS: readonly Field[] = [
  field('/openingCash', 'Opening cash', 'What the account begins with.', {
    unit: 'dollars',
    minimum: 1,
    default: 10_000,
  }),
  field('/latency', 'Order latency', 'As it was measured live, always the same, or drawn with the seed.', {
    type: 'string',
    enum: ['recorded', 'constant', 'sampled'],
    default: 'recorded',
  }),
  field('/latencyMs', 'Latency', 'The constant, or the middle of the drawn ones; what was recorded needs none.', {
    type: 'integer',
    unit: 'milliseconds',
    minimum: 0,
    maximum: 600_000,
    default: 250,
  }),
  field('/latencyP95Ms', 'Long latency', 'One drawn latency in twenty is longer.', {
    type: 'integer',
    unit: 'milliseconds',
    minimum: 0,
    maximum: 600_000,
    default: 800,
  }),
  field('/decisionMs', 'Time to decide', 'Before an order is on its way.', {
    type: 'integer',
    unit: 'milliseconds',
    minimum: 0,
    maximum: 600_000,
    default: 0,
  }),
  field('/feedMs', 'Delay of the feeds', 'Only for a tape that was imported or made up: a recorded one has it in it.', {
    type: 'integer',
    unit: 'milliseconds',
    minimum: 0,
    maximum: 600_000,
    default: 0,
  }),
  field('/feesPercent', 'Fees', 'Of the venues’ own.', { unit: '%', minimum: 0, maximum: 1_000, default: 100 }),
  field('/capitalRate', 'Cost of capital', 'What locked cash could earn elsewhere in a year.', {
    unit: '%',
    minimum: 0,
    maximum: 100,
    default: 5,
  }),
  field('/minCoverage', 'Least coverage', 'Refused when books could be trusted for less of the time.', {
    unit: '%',
    minimum: 0,
    maximum: 100,
    default: 0,
  }),
  field('/seed', 'Seed', 'Of everything that is drawn.', {
    type: 'integer',
    minimum: 0,
    maximum: 2_147_483_647,
    default: 1,
  }),
  field('/stress', 'Stress', 'Four more passes: latency 0, 1 and 5 s, and fees × 1.5.', {
    type: 'boolean',
    default: true,
  }),
];

const DELAYS = [
  ['feedMs', 'Delay of the feed'],
  ['decisionMs', 'Time to decide'],
  ['latencyMs', 'Latency'],
  ['latencyP95Ms', 'Long latency'],
] as const;

/** What a venue may have of its own; an empty field means as above. */
export const venueSettings = (venues: readonly string[]) =>
  venues.map((venue) => ({
    venue,
    title: venueName(venue),
    fields: DELAYS.map(([name, title]) =>
      field(`/venues/${venue}/${name}`, title, `${venueName(venue)}: ${title}`, {
        type: 'integer',
        unit: 'milliseconds',
        minimum: 0,
        maximum: 600_000,
      }),
    ),
  }));

/** Settings that mean nothing with this kind of latency. */
export function withoutMeaning(latency: string | undefined, fields: readonly Field[]): ReadonlySet<string> {
  const idle = latency === 'recorded' ? ['latencyMs', 'latencyP95Ms'] : latency === 'constant' ? ['latencyP95Ms'] : [];
  return new Set(fields.map(({ path }) => path).filter((path) => idle.includes(path.slice(path.lastIndexOf('/') + 1))));
}

/** Fields in which something is written. */
export const written = (fields: readonly Field[], typed: Readonly<Record<string, string>>): readonly Field[] =>
  fields.filter(({ path }) => (typed[path] ?? '').trim() !== '');

export interface Asked {
  readonly workflow: string;
  readonly title: string;
  readonly config: unknown;
  readonly fromAt: number | null;
  readonly toAt: number | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The form of an earlier run. */
export function askedOf(asked: unknown): Asked {
  const given = (typeof asked === 'object' && asked !== null ? asked : {}) as Partial<Asked>;
  return {
    workflow: given.workflow ?? '',
    title: given.title ?? '',
    config: given.config ?? null,
    fromAt: given.fromAt ?? null,
    toAt: given.toAt ?? null,
    settings: given.settings ?? {},
  };
}

/** The form's texts: what an earlier run was asked with, else the defaults. */
export const typedSettings = (
  fields: readonly Field[],
  settings: Readonly<Record<string, unknown>> = {},
): Record<string, string> =>
  Object.fromEntries(fields.map((one) => [one.path, toTyped(one, valueAt(settings, one.path) ?? one.default ?? null)]));
