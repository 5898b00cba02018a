import type { Instant } from '#core';

/** What a timer wakes: an order reaching its venue, a group that looks again at its naked leg, the end of a resting order. */
export type TimerKind = 'arrival' | 'group' | 'expiry';

export interface Timer {
  readonly due: Instant;
  readonly id: number;
  readonly kind: TimerKind;
  /** Id of the order or group. */
  readonly key: string;
}

/** Timers on tape time as a binary heap; they come out in order (due, id). */
export class Timers {
  private heap: Timer[] = [];
  private nextId = 1;
  /** When the first one is due; `Infinity` without any. */
  due: Instant = Infinity;

  add(due: Instant, kind: TimerKind, key: string): void {
    const timer: Timer = { due, id: this.nextId++, kind, key };
    const heap = this.heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(timer, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = timer;
    this.due = heap[0].due;
  }

  /** The first timer due at or before `at`, taken out. */
  take(at: Instant): Timer | null {
    const heap = this.heap;
    if (heap.length === 0 || heap[0].due > at) return null;
    const first = heap[0];
    const last = heap.pop()!;
    if (heap.length > 0) this.sink(last);
    this.due = heap.length === 0 ? Infinity : heap[0].due;
    return first;
  }

  save(): { readonly heap: readonly Timer[]; readonly nextId: number } {
    return { heap: this.heap, nextId: this.nextId };
  }

  load(saved: ReturnType<Timers['save']>): void {
    this.heap = [...saved.heap];
    this.due = this.heap.length === 0 ? Infinity : this.heap[0].due;
    this.nextId = saved.nextId;
  }

  private sink(timer: Timer): void {
    const heap = this.heap;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], timer)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = timer;
  }
}

const before = (a: Timer, b: Timer): boolean => a.due < b.due || (a.due === b.due && a.id < b.id);
