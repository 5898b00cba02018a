import type { Instant } from './units.js';

/**
 * What a venue charges a fill of `C` contracts at price `P`, all rates in parts per million.
 *
 * - `kalshi`: ceil to $0.0001 of rate × multiplier × C × P × (1 − P) per fill; then the account's balance change is
 *   floored to its precision (`AccountRecord.kalshiPrecision`). Source: Kalshi fee schedule and rounding page, 2026.
 * - `polymarket`: rate × C × (P (1 − P))^exponent, 5 decimals, takers only.
 */
export type FeeRule =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'kalshi';
      readonly takerRate: number;
      /** 0 unless the series charges makers. */
      readonly makerRate: number;
      readonly multiplier: number;
    }
  | {
      readonly kind: 'polymarket';
      readonly rate: number;
      readonly exponent: number;
      readonly rounding: 'floor' | 'half-up' | 'ceil';
    };

/** Effective-dated: the last period whose `from` is not after the moment holds. Ascending by `from`, never empty. */
export type FeeSchedule = readonly { readonly from: Instant; readonly rule: FeeRule }[];
