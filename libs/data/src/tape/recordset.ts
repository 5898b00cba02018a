import { shownJson } from './storable.js';

export type Columns = readonly (readonly [name: string, type: string])[];

/** `row(…)`: the rows as a table of one statement. What text cannot hold is replaced (`shownJson`). */
export const recordset = (rows: readonly object[], columns: Columns): string =>
  `json_to_recordset(${literal(shownJson(rows))}) AS row (${columns.map((column) => column.join(' ')).join(', ')})`;

/** As the driver's own, which copies character by character: rows of a commit are tens of kilobytes. */
function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
