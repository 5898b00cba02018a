import { NONE } from './price';

/** Money is integer micro-dollars; may be negative. */
const MINUS = '\u2212';
const formatters = new Map<number, Intl.NumberFormat>();

function dollars(amount: number, digits: number): string {
  let formatter = formatters.get(digits);
  if (!formatter) {
    formatter = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formatters.set(digits, formatter);
  }
  return formatter.format(amount);
}

/** `$1,234.56`, `−$12.30`. */
export function money(micros: number | null | undefined, digits = 2): string {
  if (micros === null || micros === undefined) return NONE;
  const text = dollars(Math.abs(micros) / 1e6, digits);
  const negative = micros < 0 && /[1-9]/.test(text);
  return `${negative ? MINUS : ''}$${text}`;
}

/** With a plus for gains: `+$3.20`; zero has no sign. */
export function signedMoney(micros: number | null | undefined, digits = 2): string {
  const text = money(micros, digits);
  return micros !== null && micros !== undefined && micros > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Fees and edges: four decimals below a dollar, two above. */
export function fineMoney(micros: number | null | undefined): string {
  return money(
    micros,
    micros !== null && micros !== undefined && Math.abs(micros) < 1e6 && micros % 10_000 !== 0 ? 4 : 2,
  );
}

/** Decimals that show every one of these amounts exactly, the same for all: 2 to 6. */
export function exactDigits(amounts: readonly number[]): number {
  for (let digits = 2; digits < 6; digits += 1)
    if (amounts.every((micros) => Math.abs(micros) % 10 ** (6 - digits) === 0)) return digits;
  return 6;
}

/** As `fineMoney`, with a plus for gains. */
export function signedFineMoney(micros: number | null | undefined): string {
  const text = fineMoney(micros);
  return micros !== null && micros !== undefined && micros > 0 ? `+${text}` : text;
}

/** CSS class of a gain or a loss; none for zero. */
export function tone(micros: number | null | undefined): 'gain' | 'loss' | '' {
  if (!micros) return '';
  return micros > 0 ? 'gain' : 'loss';
}

/** Change against a base, `+1.24 %`; `–` without a base. */
export function change(now: number, base: number): string {
  if (!base) return NONE;
  const percent = ((now - base) / base) * 100;
  const text = Math.abs(percent).toFixed(2);
  const sign = /[1-9]/.test(text) ? (percent > 0 ? '+' : MINUS) : '';
  return `${sign}${text}\u202f%`;
}
