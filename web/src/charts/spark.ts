export interface SparkShape {
  readonly line: string;
  readonly area: string;
  readonly baseY: number | null;
}

/** SVG paths of evenly spaced values, fitted into the box together with the base they are measured against. */
export function sparkPath(values: readonly number[], width: number, height: number, base?: number): SparkShape {
  if (values.length < 2) return { line: '', area: '', baseY: null };
  const all = base === undefined ? values : [...values, base];
  let low = Infinity;
  let high = -Infinity;
  for (const value of all) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const room = high - low || 1;
  const y = (value: number): number => Number((height - 3 - ((value - low) / room) * (height - 6)).toFixed(1));
  const points = values.map(
    (value, index) => `${Number(((index / (values.length - 1)) * width).toFixed(1))} ${y(value)}`,
  );
  const line = `M${points.join('L')}`;
  return { line, area: `${line}L${width} ${height}L0 ${height}Z`, baseY: base === undefined ? null : y(base) };
}
