import type { Cell } from './columns.js';

/**
 * How a column of numbers lies in a block of a replay file: whole numbers of `width` bytes, of which each stands for
 * `base + unit × it`. With width 0 every row is `base`; `null` for base: every row is NULL.
 */
export interface Narrow {
  readonly width: 0 | 1 | 2 | 4;
  readonly base: number | null;
  readonly unit: number;
}

export type NarrowNumbers = Uint8Array | Uint16Array | Uint32Array;
export type WideNumbers = Float64Array | Int32Array;

const NULLS: Narrow = { width: 0, base: null, unit: 1 };

/** The fewest bytes that keep every value as it is; `null` where only the wide form does. */
export function narrowest(values: readonly Cell[]): Narrow | null {
  if (values.length === 0) return null;
  if (values[0] === null) return values.every((value) => value === null) ? NULLS : null;
  let low = Infinity;
  let high = -Infinity;
  for (const cell of values) {
    const value = Number(cell);
    // A zero with a sign is no whole number: it would come back without.
    if (cell === null || !Number.isSafeInteger(value) || Object.is(value, -0)) return null;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!Number.isSafeInteger(high - low)) return null;
  const unit = unitOf(values, low);
  const most = (high - low) / unit;
  if (most === 0) return { width: 0, base: low, unit: 1 };
  const width = most < 2 ** 8 ? 1 : most < 2 ** 16 ? 2 : most < 2 ** 32 ? 4 : null;
  return width === null ? null : { width, base: low, unit };
}

/** The largest number that divides what all values are above `low`. */
function unitOf(values: readonly Cell[], low: number): number {
  let unit = 0;
  for (const cell of values) {
    let rest = Number(cell) - low;
    while (rest !== 0) [unit, rest] = [rest, unit % rest];
    if (unit === 1) break;
  }
  return unit === 0 ? 1 : unit;
}

const arrayOf = {
  1: (buffer: ArrayBufferLike, at: number, rows: number) => new Uint8Array(buffer, at, rows),
  2: (buffer: ArrayBufferLike, at: number, rows: number) => new Uint16Array(buffer, at, rows),
  4: (buffer: ArrayBufferLike, at: number, rows: number) => new Uint32Array(buffer, at, rows),
} as const;

/** The numbers as they lie, little-endian. */
export function narrowed(values: readonly Cell[], { width, base, unit }: Narrow): Uint8Array {
  if (width === 0 || base === null) return new Uint8Array(0);
  const bytes = new Uint8Array(values.length * width);
  const numbers = arrayOf[width](bytes.buffer, 0, values.length);
  for (let i = 0; i < values.length; i++) numbers[i] = (Number(values[i]) - base) / unit;
  return bytes;
}

/** A column as it lies at `at`; nothing where all rows are the same. */
export const narrowAt = (buffer: ArrayBufferLike, at: number, rows: number, { width }: Narrow): NarrowNumbers | null =>
  width === 0 ? null : arrayOf[width](buffer, at, rows);

/** Puts the values of rows `from` to before `to` at the beginning of `into`. */
export function widen(
  numbers: NarrowNumbers | null,
  { base, unit }: Narrow,
  from: number,
  to: number,
  into: WideNumbers,
): void {
  if (numbers === null || base === null) {
    into.fill(base ?? NaN, 0, to - from);
    return;
  }
  into.set(numbers.subarray(from, to));
  if (base === 0 && unit === 1) return;
  if (into instanceof Float64Array) scaleDoubles(into, to - from, base, unit);
  else scaleInts(into, to - from, base, unit);
}

// The same loop for either array: one that meets both is several times as slow.
function scaleDoubles(values: Float64Array, count: number, base: number, unit: number): void {
  for (let i = 0; i < count; i++) values[i] = base + unit * values[i];
}

function scaleInts(values: Int32Array, count: number, base: number, unit: number): void {
  for (let i = 0; i < count; i++) values[i] = base + unit * values[i];
}
