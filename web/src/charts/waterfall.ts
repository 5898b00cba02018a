export interface Step {
  readonly label: string;
  readonly amount: number;
}
export interface Bar extends Step {
  /** Where the bar begins and ends, 0…1 of the drawn range. */
  readonly start: number;
  readonly end: number;
  readonly kind: 'total' | 'gain' | 'cost';
}
export interface Waterfall {
  readonly bars: readonly Bar[];
  /** Where zero lies, 0…1. */
  readonly zero: number;
  /** What the steps miss the last line by; 0 when they add up. */
  readonly off: number;
}

/**
 * Lays out gross → net. Each step begins where the one before ended; the first and the last are drawn from zero. The
 * last line is the sum of the others: what it misses by is reported, never hidden.
 */
export function waterfall(steps: readonly Step[]): Waterfall {
  if (steps.length === 0) return { bars: [], zero: 0, off: 0 };
  const last = steps.length - 1;
  const spans: { from: number; to: number }[] = [];
  let running = 0;
  for (const [index, step] of steps.entries()) {
    if (index === last && last > 0) spans.push({ from: 0, to: step.amount });
    else {
      spans.push({ from: running, to: running + step.amount });
      running += step.amount;
    }
  }
  const values = [0, ...spans.flatMap((span) => [span.from, span.to])];
  const low = Math.min(...values);
  const room = Math.max(...values) - low || 1;
  const place = (value: number): number => (value - low) / room;
  return {
    bars: steps.map((step, index) => ({
      ...step,
      start: place(Math.min(spans[index]!.from, spans[index]!.to)),
      end: place(Math.max(spans[index]!.from, spans[index]!.to)),
      kind: index === 0 || index === last ? 'total' : step.amount >= 0 ? 'gain' : 'cost',
    })),
    zero: place(0),
    off: last > 0 ? steps[last]!.amount - running : 0,
  };
}
