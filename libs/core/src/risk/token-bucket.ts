import type { Instant } from '../units.js';

/** Tokens in millionths, so that refilling by milliseconds stays exact. */
export interface TokenBucket {
  micros: number;
  at: Instant;
}

const ONE = 1_000_000;

export const fullBucket = (burst: number, at: Instant): TokenBucket => ({ micros: burst * ONE, at });

/** Whole tokens there are now. */
export const tokensAt = (bucket: TokenBucket, rate: number, burst: number, at: Instant): number =>
  Math.floor(level(bucket, rate, burst, at) / ONE);

export function takeTokens(bucket: TokenBucket, count: number, rate: number, burst: number, at: Instant): void {
  bucket.micros = Math.max(0, level(bucket, rate, burst, at) - count * ONE);
  bucket.at = at;
}

const level = (bucket: TokenBucket, rate: number, burst: number, at: Instant): number =>
  Math.min(burst * ONE, bucket.micros + Math.max(0, at - bucket.at) * rate * 1000);
