/** Eight buckets per doubling: a quantile is right to about 9 %. */
const PER_DOUBLING = 8;
const BUCKETS = 40 * PER_DOUBLING;

/** Durations of about the last two windows, without keeping them. */
export class Quantiles {
  private current = new Uint32Array(BUCKETS);
  private previous = new Uint32Array(BUCKETS);

  /** `value` in any unit, at least 1 counts. */
  add(value: number): void {
    const bucket = value <= 1 ? 0 : Math.min(BUCKETS - 1, Math.floor(Math.log2(value) * PER_DOUBLING));
    this.current[bucket] += 1;
  }

  /** Begins a new window; the one before the last is forgotten. */
  turn(): void {
    const oldest = this.previous;
    this.previous = this.current;
    this.current = oldest.fill(0);
  }

  /** `null` without any value. */
  at(quantile: number): number | null {
    let total = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) total += this.current[bucket] + this.previous[bucket];
    if (total === 0) return null;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.current[bucket] + this.previous[bucket];
      if (seen >= quantile * total) return Math.round(2 ** ((bucket + 0.5) / PER_DOUBLING) * 100) / 100;
    }
    return null;
  }
}
