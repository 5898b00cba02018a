/** Reading JSON from outside: shapes are looked at, never believed. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Decimal spelling of what may come as a number or as text; `''` when it is neither. */
export const spelling = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' && Number.isFinite(value) ? String(value) : '';

/** A number that may be spelled as text; `NaN` for anything else (an object may not even convert). */
export const numeric = (value: unknown): number =>
  typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : NaN;

/** A string that holds JSON (Gamma's `outcomes`, `clobTokenIds`), or the array itself. */
export function embeddedList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return [];
  try {
    return list(JSON.parse(value));
  } catch {
    return [];
  }
}

/** Sane moments only: 2020 … 2036, ms. */
const EARLIEST = 1_577_836_800_000;
const LATEST = 2_082_758_400_000;
export const saneInstant = (ms: number): number | null => (ms >= EARLIEST && ms <= LATEST ? Math.round(ms) : null);

/** ISO 8601, also with a space and a two-digit offset (`2026-09-27 03:00:00+00`), which `Date.parse` may read or not. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string' || value === '') return null;
  const iso = value.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00');
  return saneInstant(Date.parse(iso));
}

/** Milliseconds since the epoch as text or number. */
export const instantOfMs = (value: unknown): number | null => saneInstant(numeric(value));
export const instantOfSeconds = (value: unknown): number | null => saneInstant(numeric(value) * 1000);
