import type { Instant } from '../units.js';

/** Midnight of every zone falls on a quarter of an hour, so one answer holds for all of it. */
const QUARTER = 900_000;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  quarter: number;
  day: string;
}

/** Formatters are dear to make; what they answer depends on the arguments alone. */
const zones = new Map<string, Zone>();

/** Local date `YYYY-MM-DD` of a moment in an IANA zone; days of 23 and 25 hours included. Throws `RangeError` on an unknown zone. */
export function localDay(at: Instant, zone: string): string {
  let known = zones.get(zone);
  if (known === undefined) {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    known = { format, quarter: NaN, day: '' };
    zones.set(zone, known);
  }
  const quarter = Math.floor(at / QUARTER);
  if (quarter !== known.quarter) {
    const parts = known.format.formatToParts(at);
    const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
    known.day = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
    known.quarter = quarter;
  }
  return known.day;
}

export function isZone(zone: string): boolean {
  try {
    localDay(0, zone);
    return true;
  } catch {
    return false;
  }
}
