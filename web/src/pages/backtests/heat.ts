import { configText, duration } from '../../format';
import type { PluginFieldsFragment, SweepWholeQuery } from '../../generated/graphql';

type Field = PluginFieldsFragment['fields'][number];
type Value = string | number | boolean;
export type SweepSet = Readonly<Record<string, Value>>;
export type Cell = Pick<
  NonNullable<SweepWholeQuery['sweep']>['cells'][number],
  'set' | 'part' | 'state' | 'profit' | 'sharpe'
>;

export interface Heat {
  readonly x: readonly string[];
  readonly y: readonly string[];
  /** Column, row and the mean over windows and the other settings; without those of which nothing is known. */
  readonly cells: readonly (readonly [x: number, y: number, value: number])[];
}

/** More values than this of a number are put together in as many stretches of equal length. */
const MOST_COLUMNS = 12;

/** A map of two settings; `y` is empty when only one varies. */
export function heatOf(
  of: { readonly sets: readonly SweepSet[]; readonly cells: readonly Cell[]; readonly fields: readonly Field[] },
  shown: {
    readonly x: string;
    readonly y: string;
    readonly part: string;
    readonly measure: 'profit' | 'sharpe';
  },
): Heat {
  const columns = scaleFor(of.sets, of.fields, shown.x);
  const rows = shown.y === '' ? { labels: [''], at: () => 0 } : scaleFor(of.sets, of.fields, shown.y);
  const sums = new Map<string, { x: number; y: number; sum: number; count: number }>();
  for (const cell of of.cells) {
    const value = cell[shown.measure];
    if (cell.part !== shown.part || cell.state !== 'done' || value === null || value === undefined) continue;
    const set = of.sets[cell.set];
    if (set === undefined) continue;
    const [x, y] = [columns.at(set), rows.at(set)];
    const known = sums.get(`${x} ${y}`) ?? { x, y, sum: 0, count: 0 };
    known.sum += value;
    known.count++;
    sums.set(`${x} ${y}`, known);
  }
  return {
    x: columns.labels,
    y: rows.labels,
    cells: [...sums.values()].map(({ x, y, sum, count }) => [x, y, sum / count] as const),
  };
}

interface Window {
  readonly trainTo: number;
  readonly testFrom: number;
  readonly testTo: number;
}

/** What is left out, so that nothing of a test is known to a training: `purge 3 s after training, embargo 3 s after a test`. */
export function leftOutText(windows: readonly Window[]): string {
  const [first, second] = windows;
  if (first === undefined) return '';
  const said = (ms: number): string => (ms > 0 ? duration(ms) : 'none');
  const purge = `purge ${said(first.testFrom - first.trainTo)} after training`;
  return second === undefined ? purge : `${purge}, embargo ${said(second.testFrom - first.testTo)} after a test`;
}

/** `Least edge 0.5 ¢ a contract, Most contracts 50`. */
export const setText = (set: SweepSet | undefined, fields: readonly Field[]): string =>
  Object.entries(set ?? {})
    .map(([path, value]) => `${titleOf(fields, path)} ${textOf(fields, path, value)}`)
    .join(', ');

export const titleOf = (fields: readonly Field[], path: string): string =>
  fields.find((one) => one.path === path)?.title ?? path.slice(1);

const textOf = (fields: readonly Field[], path: string, value: Value): string =>
  configText({ unit: fields.find((one) => one.path === path)?.unit ?? null }, value);

interface Scale {
  readonly labels: readonly string[];
  at(set: SweepSet): number;
}

function scaleFor(sets: readonly SweepSet[], fields: readonly Field[], path: string): Scale {
  const values = [...new Set(sets.map((set) => set[path]).filter((one) => one !== undefined))];
  const numbers = values.filter((one): one is number => typeof one === 'number').toSorted((a, b) => a - b);
  const low = numbers[0] ?? 0;
  const width = ((numbers.at(-1) ?? 0) - low) / MOST_COLUMNS;
  if (numbers.length < values.length || numbers.length <= MOST_COLUMNS) {
    const sorted = numbers.length < values.length ? values : numbers;
    return {
      labels: sorted.map((value) => textOf(fields, path, value)),
      at: (set) => sorted.indexOf(set[path] as Value),
    };
  }
  const rounded = (value: number): string => textOf(fields, path, Number(value.toPrecision(3)));
  return {
    labels: Array.from({ length: MOST_COLUMNS }, (_, i) => `from ${rounded(low + i * width)}`),
    at: (set) => Math.min(MOST_COLUMNS - 1, Math.floor(((set[path] as number) - low) / width)),
  };
}
