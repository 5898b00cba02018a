/**
 * Attempts per address within a sliding window. Kept in memory: a restart forgives, and the cost of a hash bounds what a
 * guesser gains by it.
 */
export class AttemptLimit {
  readonly #attempts = new Map<string, number[]>();

  constructor(
    private readonly most: number,
    private readonly windowMs: number,
  ) {}

  /** Counts an attempt; answers 0, or in how many ms the next one is welcome. */
  take(address: string, now: number): number {
    const recent = (this.#attempts.get(address) ?? []).filter((at) => at > now - this.windowMs);
    if (recent.length >= this.most) {
      this.#attempts.set(address, recent);
      return recent[0] + this.windowMs - now;
    }
    recent.push(now);
    this.#attempts.set(address, recent);
    if (this.#attempts.size > 10_000) this.#forget(now);
    return 0;
  }

  /** A success clears the address. */
  clear(address: string): void {
    this.#attempts.delete(address);
  }

  #forget(now: number): void {
    for (const [address, attempts] of this.#attempts)
      if (!attempts.some((at) => at > now - this.windowMs)) this.#attempts.delete(address);
  }
}
