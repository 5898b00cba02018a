/** Doubling waits with jitter: each is between half and the whole of the doubled one. `random` is in [0, 1). */
export class BackOff {
  private failures = 0;

  constructor(
    private readonly random: () => number,
    private readonly firstMs: number,
    private readonly mostMs: number,
  ) {}

  /** Milliseconds to wait after one more failure. */
  next(): number {
    const whole = Math.min(this.mostMs, this.firstMs * 2 ** Math.min(this.failures, 30));
    this.failures += 1;
    return Math.round(whole / 2 + (whole / 2) * this.random());
  }

  get count(): number {
    return this.failures;
  }

  reset(): void {
    this.failures = 0;
  }
}
