export interface BookLevel {
  readonly price: number;
  readonly size: number;
}
export interface DepthRow extends BookLevel {
  /** Everything from the best level to this one, hundredths. */
  readonly total: number;
}

/** Levels best first with the running total. */
export function cumulative(levels: readonly BookLevel[]): DepthRow[] {
  let total = 0;
  return levels.map((level) => ({ ...level, total: (total += level.size) }));
}
