/** Numbers as the venues spell them. Prices in mils, sizes in hundredths. */

const trim = (text: string): string => (text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text);

const SHORT = Array.from({ length: 1_001 }, (_, mils) => trim((mils / 1_000).toFixed(3)));
const LONG = Array.from({ length: 1_001 }, (_, mils) => `${(mils / 1_000).toFixed(3)}0`);

/** Polymarket: "0.41", "0.5". */
export const shortPrice = (mils: number): string => SHORT[mils];
/** Polymarket's last trade price: three decimals ("0.870"). */
export const tradePrice = (mils: number): string => (mils / 1_000).toFixed(3);
/** Kalshi: "0.4100". */
export const longPrice = (mils: number): string => LONG[mils];

/** Polymarket: "125", "304193.97". */
export function shortSize(hundredths: number): string {
  const cents = hundredths % 100;
  const whole = (hundredths - cents) / 100;
  if (cents === 0) return String(whole);
  return cents % 10 === 0 ? `${whole}.${cents / 10}` : `${whole}.${cents < 10 ? '0' : ''}${cents}`;
}

/** Kalshi: "125.00", "-54.00". */
export function longSize(hundredths: number): string {
  const size = Math.abs(hundredths);
  const cents = size % 100;
  return `${hundredths < 0 ? '-' : ''}${(size - cents) / 100}.${cents < 10 ? '0' : ''}${cents}`;
}

export const iso = (wall: number): string => new Date(wall).toISOString();
export const seconds = (wall: number): number => Math.floor(wall / 1_000);
