import pg from 'pg';
import { shownJson } from './storable.js';

export type Columns = readonly (readonly [name: string, type: string])[];

/** `row(…)`: the rows as a table of one statement. What text cannot hold is replaced (`shownJson`). */
export const recordset = (rows: readonly object[], columns: Columns): string =>
  `json_to_recordset(${pg.escapeLiteral(shownJson(rows))}) AS row (${columns.map((column) => column.join(' ')).join(', ')})`;
