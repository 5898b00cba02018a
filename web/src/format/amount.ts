import { NONE } from './price';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const hundredth = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** Contracts from hundredths: `1,250`, `12.5`. */
export function size(hundredths: number | null | undefined): string {
  return hundredths === null || hundredths === undefined ? NONE : hundredth.format(hundredths / 100);
}

/** In a sentence: `1 contract`, `12.5 contracts`. */
export const contracts = (hundredths: number): string =>
  `${size(hundredths)} ${hundredths === 100 ? 'contract' : 'contracts'}`;

/** Contracts in a narrow column: `12.3k`, `1.2M`. */
export function shortSize(hundredths: number | null | undefined): string {
  return hundredths === null || hundredths === undefined ? NONE : short(hundredths / 100);
}

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : whole.format(value);
}

/** Three significant digits with a letter: `999`, `12.3k`, `4.56M`. */
export function short(value: number): string {
  const absolute = Math.abs(value);
  if (absolute < 1_000) return hundredth.format(Math.round(value * 100) / 100);
  for (const [limit, letter] of [
    [1e6, 'k'],
    [1e9, 'M'],
    [1e12, 'G'],
  ] as const) {
    const scaled = (value / limit) * 1_000;
    if (Number(Math.abs(scaled).toPrecision(3)) < 1_000) return `${Number(scaled.toPrecision(3))}${letter}`;
  }
  return value.toExponential(2);
}

/** Per second: `0.4`, `12`, `1.25k`. */
export function rate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined) return NONE;
  return perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : short(Math.round(perSecond));
}

/** Binary multiples: `812 B`, `4.1 MiB`. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  let rest = value;
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (rest < 1_024) return `${unit === 'B' ? Math.round(rest) : rest.toFixed(1)} ${unit}`;
    rest /= 1_024;
  }
  return `${rest.toFixed(1)} TiB`;
}

/** From parts per million: `2 %`, `12.5 %`. */
export function share(ppm: number | null | undefined): string {
  return ppm === null || ppm === undefined ? NONE : `${hundredth.format(ppm / 10_000)}\u202f%`;
}
