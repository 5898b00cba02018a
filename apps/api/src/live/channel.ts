import { Mailbox } from './mailbox.js';

interface Seat<T, Filter> {
  readonly box: Mailbox<T>;
  readonly filter: Filter;
}

/** Subscribers to one subject, each with a filter. Due at most every `everyMs`, and only while somebody listens. */
export class Channel<T, Filter> {
  readonly #seats = new Set<Seat<T, Filter>>();
  #nextAt = 0;

  constructor(
    private readonly everyMs: number,
    private readonly merge: (pending: T, next: T) => T,
  ) {}

  get size(): number {
    return this.#seats.size;
  }

  get filters(): readonly Filter[] {
    return [...this.#seats].map(({ filter }) => filter);
  }

  open(filter: Filter, left: () => void): Mailbox<T> {
    const box = new Mailbox<T>(this.merge, () => {
      this.#seats.delete(seat);
      left();
    });
    const seat = { box, filter };
    this.#seats.add(seat);
    return box;
  }

  /** Whether it is time again; saying yes starts the next wait. */
  due(now: number): boolean {
    if (this.#seats.size === 0 || now < this.#nextAt) return false;
    this.#nextAt = now + this.everyMs;
    return true;
  }

  /** `pick` makes each subscriber's share; `null` is nothing for them. */
  send(pick: (filter: Filter) => T | null): void {
    for (const { box, filter } of this.#seats) {
      const share = pick(filter);
      if (share !== null) box.put(share);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#seats].map(({ box }) => box.return()));
  }
}
