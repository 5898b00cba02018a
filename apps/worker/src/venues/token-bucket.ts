import type { Instant } from '#core';
import type { RateBudget } from '#plugin-sdk';

/**
 * A venue's token bucket, in the venue's own units. It may be overdrawn: who overdraws waits until the debt is paid,
 * so callers are served in the order they came.
 */
export class TokenBucket {
  private tokens: number;
  private at: Instant;

  /** `share` (0…1] of the venue's budget: several processes read the same venue from the same address. */
  constructor(
    private readonly budget: RateBudget,
    private readonly share: number,
    now: Instant,
  ) {
    this.tokens = budget.burst * share;
    this.at = now;
  }

  /** Debits `cost` and returns the milliseconds to wait before sending. */
  reserve(cost: number, now: Instant): number {
    this.refill(now);
    this.tokens -= cost;
    return this.tokens >= 0 ? 0 : Math.ceil((-this.tokens / (this.budget.tokensPerSecond * this.share)) * 1000);
  }

  /** The venue said 429: what it counts and what we count differ, so the bucket is emptied. */
  drain(now: Instant): void {
    this.refill(now);
    this.tokens = Math.min(this.tokens, 0);
  }

  private refill(now: Instant): void {
    const earned = (Math.max(0, now - this.at) / 1000) * this.budget.tokensPerSecond * this.share;
    this.tokens = Math.min(this.budget.burst * this.share, this.tokens + earned);
    this.at = now;
  }
}
