interface Held {
  readonly size: number;
  /** Average cost per contract, fees included, micro-dollars. */
  readonly cost: number;
  /** Worth of the whole position at its mark. */
  readonly value: number;
}

/** What was paid for a whole position. */
export const paid = (held: Held): number => Math.round((held.cost * held.size) / 100);
export const result = (held: Held): number => held.value - paid(held);
export const openResult = (positions: readonly Held[]): number =>
  positions.reduce((sum, held) => sum + result(held), 0);
