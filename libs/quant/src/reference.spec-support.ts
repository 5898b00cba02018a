import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the reference vectors; tests on them are skipped by name without it. */
export const REFERENCE = process.env['ARBINTEL_REFERENCE'];

export interface ReferenceCase<I = any, E = any> {
  readonly id: string;
  readonly input: I;
  readonly expected: E;
}

/** Cases of one reference file, `[id, case]` for `it.each`; one placeholder when there is no folder, so that it shows as skipped. */
export function referenceCases<I = any, E = any>(name: string): readonly (readonly [string, ReferenceCase<I, E>])[] {
  if (REFERENCE === undefined) return [[name, { id: name, input: {} as I, expected: {} as E }]];
  const file = JSON.parse(readFileSync(join(REFERENCE, `${name}.json`), 'utf8')) as { cases: ReferenceCase<I, E>[] };
  return file.cases.map((one) => [one.id, one]);
}

/** Largest |got − want| − rel × |want| of two lists; infinite when their lengths differ. */
export function worst(got: Iterable<number>, want: Iterable<number>, rel = 0): number {
  const [a, b] = [[...got], [...want]];
  if (a.length !== b.length) return Infinity;
  return a.reduce((most, value, i) => {
    const off = Math.abs(value - b[i]) - rel * Math.abs(b[i]);
    return off <= most ? most : Number.isNaN(off) ? Infinity : off;
  }, 0);
}
