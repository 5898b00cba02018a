import { computed, shallowRef, type ComputedRef } from 'vue';

export interface Held<Row> {
  readonly rows: readonly Row[];
  /** How many newer ones wait above. */
  readonly waiting: number;
}

/**
 * Rows in the order of `order`, each as it is now: what is newer waits, what was loaded below is added. `null` holds
 * nothing.
 */
export function heldRows<Row extends { readonly id: string }>(
  rows: readonly Row[],
  order: readonly string[] | null,
): Held<Row> {
  if (order === null) return { rows, waiting: 0 };
  const known = new Set(order);
  const now = new Map(rows.map((row) => [row.id, row]));
  const kept = order.flatMap((id) => now.get(id) ?? []);
  const last = rows.findLastIndex(({ id }) => known.has(id));
  const below = last < 0 ? [] : rows.slice(last + 1);
  return { rows: [...kept, ...below], waiting: rows.length - kept.length - below.length };
}

/** A list that stands still while a person points into it or has the focus there: nobody clicks a row that moved. */
export function useHeldRows<Row extends { readonly id: string }>(
  rows: () => readonly Row[],
): { held: ComputedRef<Held<Row>>; hold(): void; release(): void } {
  const order = shallowRef<readonly string[] | null>(null);
  return {
    held: computed(() => heldRows(rows(), order.value)),
    hold: () => void (order.value ??= rows().map(({ id }) => id)),
    release: () => void (order.value = null),
  };
}
