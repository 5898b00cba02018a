/**
 * What one subscriber has yet to be sent. A slow reader costs one merged value, never a growing queue. Ends with
 * `return`, which graphql calls when the subscriber leaves.
 */
export class Mailbox<T> implements AsyncIterableIterator<T> {
  #pending: { readonly value: T } | null = null;
  #wake: (() => void) | null = null;
  #closed = false;

  constructor(
    private readonly merge: (pending: T, next: T) => T,
    private readonly left: () => void = () => undefined,
  ) {}

  put(value: T): void {
    if (this.#closed) return;
    this.#pending = { value: this.#pending ? this.merge(this.#pending.value, value) : value };
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<T>> {
    while (!this.#pending && !this.#closed) await new Promise<void>((wake) => (this.#wake = wake));
    this.#wake = null;
    const pending = this.#pending;
    this.#pending = null;
    return pending && !this.#closed ? { done: false, value: pending.value } : { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<T>> {
    if (!this.#closed) {
      this.#closed = true;
      this.#pending = null;
      this.#wake?.();
      this.left();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** For values that restate the whole: only the newest counts. */
export const newest = <T>(_pending: T, next: T): T => next;

/** For lists of rows with a key: the newest of each key by `age`, however they arrive. */
export function newestBy<T>(
  key: (row: T) => string,
  age: (row: T) => number,
): (pending: readonly T[], next: readonly T[]) => readonly T[] {
  return (pending, next) => {
    const rows = new Map(pending.map((row) => [key(row), row]));
    for (const row of next) {
      const held = rows.get(key(row));
      if (!held || age(row) >= age(held)) rows.set(key(row), row);
    }
    return [...rows.values()];
  };
}

/** For lines that must not merge: all of them, the newest `most` when nobody reads. */
export const lastLines =
  (most: number) =>
  <T>(pending: readonly T[], next: readonly T[]): readonly T[] =>
    [...pending, ...next].slice(-most);
