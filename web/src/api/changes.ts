/** What a feed of rows sends: `whole` is everything there is, later the newest of each that changed and who is gone. */
export interface Changes<Row> {
  readonly whole: boolean;
  readonly rows: readonly Row[];
  readonly gone: readonly string[];
}

/** Rows with what became of them, in the order of `before` (negative: the first stands higher). */
export function changed<Row extends { readonly id: string }>(
  rows: readonly Row[],
  { whole, rows: fresh, gone }: Changes<Row>,
  before: (a: Row, b: Row) => number,
): readonly Row[] {
  const byId = new Map(whole ? [] : rows.map((row) => [row.id, row]));
  for (const row of fresh) byId.set(row.id, row);
  for (const id of gone) byId.delete(id);
  return [...byId.values()].sort(before);
}

/** Newest first by when it was asked for. */
export const byAsked = (a: { readonly askedAt: number }, b: { readonly askedAt: number }): number =>
  b.askedAt - a.askedAt;
