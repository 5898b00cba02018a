/** Exact quantiles of many numbers, in flat memory: past `most` each new one replaces an earlier one in turn. */
export class Samples {
  private readonly values: Float64Array;
  private taken = 0;

  constructor(most = 1 << 20) {
    this.values = new Float64Array(most);
  }

  add(value: number): void {
    this.values[this.taken++ % this.values.length] = value;
  }

  /** `null` without any value; three digits are kept. */
  at(quantile: number): number | null {
    const count = Math.min(this.taken, this.values.length);
    if (count === 0) return null;
    const sorted = this.values.slice(0, count).sort();
    return Number(sorted[Math.min(count - 1, Math.floor(quantile * count))].toPrecision(4));
  }

  get p50p99(): { readonly p50: number | null; readonly p99: number | null } {
    return { p50: this.at(0.5), p99: this.at(0.99) };
  }
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];
