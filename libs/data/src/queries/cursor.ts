import { UserProblem } from '#core';

/** Where a page ended: the sort key of its last row, opaque to who holds it. */
export const encodeCursor = (key: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** Throws `UserProblem` when the text is no cursor of this shape (one of `s` string, `n` number per part). */
export function decodeCursor(cursor: string, shape: string): (string | number)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (
      Array.isArray(key) &&
      key.length === shape.length &&
      key.every((part, index) => (shape[index] === 's' ? typeof part === 'string' : Number.isSafeInteger(part)))
    )
      return key as (string | number)[];
  } catch {
    // falls through to the one complaint
  }
  throw new UserProblem('This page marker is not one of ours; start from the first page.', [
    { path: '/after', message: 'unknown page marker' },
  ]);
}

/** Pages hold 1 to 500 rows. */
export const pageSize = (first: number): number => Math.min(500, Math.max(1, Math.trunc(first) || 1));

export interface Page<Row> {
  readonly items: readonly Row[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

/** Makes a page of rows that were read with one more than asked for. */
export function pageOf<Row>(
  rows: readonly Row[],
  size: number,
  key: (row: Row) => readonly (string | number)[],
): Page<Row> {
  const items = rows.slice(0, size);
  const last = items.at(-1);
  return { items, endCursor: last ? encodeCursor(key(last)) : null, hasNextPage: rows.length > size };
}
