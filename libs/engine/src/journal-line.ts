import type { JournalEntry } from '#core';

/** Canonical JSON of an entry: keys in alphabetical order at every depth. Equal entries give equal bytes. */
export function journalLine(entry: JournalEntry): string {
  return JSON.stringify(entry, (_key, value: unknown) => (isPlain(value) ? sorted(value) : value));
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function sorted(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) result[key] = value[key];
  return result;
}
