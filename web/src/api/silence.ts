/** Times in ms. */
export interface Patience {
  /** A line that says nothing for so long is dead, whatever it calls itself. */
  readonly limitMs: number;
  /** Whoever slept for longer than this first lets the line speak for as long. */
  readonly graceMs: number;
}

/**
 * Knows when an open line was last heard of. A network that goes away tells nobody: the socket stays open and silent. Asked
 * at a steady pace; a pace that stumbled means that this machine slept, and what came meanwhile waits to be read.
 */
export class SilenceWatch {
  #heardAt: number | null = null;
  #askedAt: number | null = null;
  #openedAt = 0;
  #graceUntil = 0;

  constructor(private readonly patience: Patience) {}

  /** When something was last heard; `null` when nothing ever was. */
  get heardAt(): number | null {
    return this.#heardAt;
  }

  /** A line is being opened: it has as long to answer as one that is open. */
  opening(now: number): void {
    this.#askedAt = now;
    this.#openedAt = now;
  }

  heard(now: number): void {
    this.#heardAt = now;
  }

  /** The line is closed: its silence means nothing. */
  closed(): void {
    this.#askedAt = null;
  }

  /** Whether the line is to be given up. */
  isDead(now: number): boolean {
    if (this.#askedAt === null) return false;
    const { limitMs, graceMs } = this.patience;
    if (now - this.#askedAt > graceMs) this.#graceUntil = now + graceMs;
    this.#askedAt = now;
    return now - Math.max(this.#heardAt ?? 0, this.#openedAt) > limitMs && now > this.#graceUntil;
  }
}
