import { UserProblem } from '#core';
import type { Random } from '#quant';

export type SweepValue = string | number | boolean;

/** What a sweep varies of a plugin's config: a field, by its JSON pointer, and the values it may take. */
export type SweepAxis =
  | {
      readonly kind: 'range';
      readonly path: string;
      readonly from: number;
      readonly to: number;
      /** Values are whole multiples of it; `null` is any number between. */
      readonly step: number | null;
      /** How many values of a grid, evenly spread, both ends among them. */
      readonly count: number;
    }
  | { readonly kind: 'choice'; readonly path: string; readonly values: readonly SweepValue[] };

/** One value for every axis, by its path. */
export type SweepSet = Readonly<Record<string, SweepValue>>;

/** More draws than this per set that is wanted say that there are no others left. */
const DRAWS_PER_SET = 50;

/**
 * Every combination of the axes' values, the last axis changing fastest.
 *
 * @throws UserProblem for an axis without a value, or with its ends the wrong way round.
 */
export function gridSets(axes: readonly SweepAxis[]): readonly SweepSet[] {
  return axes
    .map((axis) => ({ path: axis.path, values: gridValues(axis) }))
    .reduce<readonly SweepSet[]>(
      (sets, { path, values }) => sets.flatMap((set) => values.map((value) => ({ ...set, [path]: value }))),
      [{}],
    );
}

/** How many combinations `gridSets` gives, without making them. */
export const gridSize = (axes: readonly SweepAxis[]): number =>
  axes.reduce((product, axis) => product * gridValues(axis).length, 1);

/** Different combinations drawn evenly from the axes; fewer than asked for when there are no more. */
export function randomSets(axes: readonly SweepAxis[], count: number, random: Random): readonly SweepSet[] {
  const found = new Map<string, SweepSet>();
  for (let draws = 0; found.size < count && draws < count * DRAWS_PER_SET; draws++) {
    const set = Object.fromEntries(axes.map((axis) => [axis.path, drawn(axis, random)]));
    found.set(JSON.stringify(set), set);
  }
  return [...found.values()];
}

/** A config with a set's values at their places; the given one stays as it is. */
export function configWith(config: unknown, set: SweepSet): unknown {
  const whole = structuredClone(config ?? {}) as Record<string, unknown>;
  for (const [path, value] of Object.entries(set)) {
    const names = path
      .slice(1)
      .split('/')
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    let at = whole;
    for (const name of names.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
    at[names[names.length - 1]] = value;
  }
  return whole;
}

function gridValues(axis: SweepAxis): readonly SweepValue[] {
  if (axis.kind === 'choice') return checked(axis.path, [...new Set(axis.values)]);
  const { from, to, count } = axis;
  const values = Array.from({ length: count }, (_, i) =>
    snapped(axis, count === 1 ? (from + to) / 2 : from + ((to - from) * i) / (count - 1)),
  );
  return checked(axis.path, from <= to ? [...new Set(values)] : []);
}

function checked(path: string, values: readonly SweepValue[]): readonly SweepValue[] {
  if (values.length > 0) return values;
  const message = 'There is no value to try.';
  throw new UserProblem(message, [{ path, message }]);
}

function drawn(axis: SweepAxis, random: Random): SweepValue {
  return axis.kind === 'choice'
    ? axis.values[Math.floor(random() * axis.values.length)]
    : snapped(axis, axis.from + (axis.to - axis.from) * random());
}

/** The nearest multiple of the step that is not outside the ends, without what binary fractions add to it. */
function snapped({ from, to, step }: Extract<SweepAxis, { kind: 'range' }>, value: number): number {
  if (step === null) return Number(value.toPrecision(6));
  const low = Math.ceil(from / step - 1e-9);
  const high = Math.floor(to / step + 1e-9);
  return Number((Math.min(high, Math.max(low, Math.round(value / step))) * step).toPrecision(12));
}
