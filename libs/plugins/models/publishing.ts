import type { Instant } from '#core';
import { Type, type Static } from 'typebox';

/** How often a fair value is written down; every model of one shares it. */
export const publishingFields = {
  publishMs: Type.Integer({
    title: 'Publish at most every',
    description: 'Estimates of one market are this far apart, unless the value moves more than the next field says.',
    unit: 'ms',
    minimum: 0,
    maximum: 600_000,
    default: 1_000,
  }),
  publishMove: Type.Number({
    title: 'Publish at once when moved by',
    description: 'A fair value that moved this far since the last estimate does not wait.',
    unit: 'probability',
    minimum: 0,
    maximum: 1,
    default: 0.005,
  }),
  quietMs: Type.Integer({
    title: 'Publish a quiet market every',
    description: 'A market nothing is heard of still has its band widened and written down this often.',
    unit: 'ms',
    minimum: 1_000,
    maximum: 3_600_000,
    default: 60_000,
  }),
};

const publishing = Type.Object(publishingFields);
type Publishing = Static<typeof publishing>;

/** When a market's estimate was last published, and where it stood: what a move is measured from. */
export interface Published {
  publishedAt: Instant;
  publishedValue: number;
}

export const neverPublished = (): Published => ({ publishedAt: -Infinity, publishedValue: NaN });

/** Whether an estimate is due, after something was heard or on a beat. */
export function isDue(last: Published, now: Instant, value: number, heard: boolean, config: Publishing): boolean {
  const waited = now - last.publishedAt;
  if (!heard) return waited >= config.quietMs;
  return waited >= config.publishMs || Math.abs(value - last.publishedValue) >= config.publishMove;
}

export function notePublished(last: Published, now: Instant, value: number): void {
  last.publishedAt = now;
  last.publishedValue = value;
}
