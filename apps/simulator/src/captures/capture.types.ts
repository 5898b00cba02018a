import type { FeedEvent, Market } from '../model/market.js';

/** One captured frame, ready to be played: what it does to its market's book, and what is to be told. */
export interface CaptureStep {
  /** ms since the first frame of its file. */
  readonly at: number;
  readonly play: (at: number) => FeedEvent | null;
}

/** What a file gave. Steps are in the file's order. */
export interface CaptureTrack {
  readonly file: string;
  readonly steps: readonly CaptureStep[];
  readonly lengthMs: number;
}

/** What could not be used, by file, with a sentence each. */
export interface CaptureReading {
  readonly markets: readonly Market[];
  readonly tracks: readonly CaptureTrack[];
  readonly refused: readonly string[];
}

export type Json = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** "0.4100" → 410; `null` when it is not a whole mil strictly between 0 and 1. */
export function milsOf(text: unknown): number | null {
  const value = Math.round(Number(text) * 1_000_000);
  return typeof text === 'string' && value % 1_000 === 0 && value > 0 && value < 1_000_000 ? value / 1_000 : null;
}

/** "304193.97" → 30419397; `null` when it is not a decimal with at most two places. */
export function hundredthsOf(text: unknown): number | null {
  return typeof text === 'string' && /^-?\d+(\.\d{1,2}0*)?$/.test(text) ? Math.round(Number(text) * 100) : null;
}
