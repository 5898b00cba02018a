/** Rows that came anew replace their older selves in place; unknown ones are appended. */
export function mergeById<T extends { readonly id: string }>(rows: readonly T[], fresh: readonly T[]): T[] {
  const byId = new Map(fresh.map((row) => [row.id, row]));
  const kept = rows.map((row) => {
    const newer = byId.get(row.id);
    byId.delete(row.id);
    return newer ?? row;
  });
  return [...kept, ...byId.values()];
}

/** Newest first, bounded: a row that came again moves up only when `at` says so. */
export function mergeNewest<T extends { readonly id: string }>(
  rows: readonly T[],
  fresh: readonly T[],
  at: (row: T) => number,
  most: number,
): T[] {
  const byId = new Map<string, T>();
  for (const row of rows) byId.set(row.id, row);
  for (const row of fresh) byId.set(row.id, row);
  return [...byId.values()].sort((a, b) => at(b) - at(a)).slice(0, most);
}
