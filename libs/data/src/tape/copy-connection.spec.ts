import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool } from '../pool.js';
import { temporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.js';
import { copyOut } from './copy-connection.js';

let database: TemporaryDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await temporaryDatabase({ migrated: false });
  pool = createPool(database.url, 1);
});
afterAll(async () => {
  await pool?.end();
  await database?.stop();
});

describe('rows copied out', () => {
  it('arrive once and whole, however they are cut on their way and however long they are', async () => {
    const client = await pool.connect();
    try {
      const got: string[] = [];
      // Rows of nothing to a megabyte: of a few bytes, longer than what is joined at a cut, longer than a chunk of a socket.
      const sizes = 'SELECT n, (n * n * 37) % CASE n % 50 WHEN 0 THEN 1000000 WHEN 1 THEN 90000 ELSE 300 END AS size';
      const select = (more: string): string => `${sizes} FROM generate_series(1, 3000) AS n${more}`;
      await copyOut(
        client,
        ['', ' WHERE n < 0', ' WHERE n < 40']
          .map((more) => `COPY (SELECT n, repeat('x', size) FROM (${select(more)}) AS rows) TO STDOUT (FORMAT binary)`)
          .join('; '),
        ...[0, 1, 2].map((copy) => (row: { int32(): number; text(): string }) => {
          got.push(`${copy} ${row.int32()} ${row.text().length}`);
        }),
      );
      const of = async (copy: number, more: string): Promise<string[]> =>
        (await client.query<{ n: number; size: number }>(select(more))).rows.map(
          ({ n, size }) => `${copy} ${n} ${size}`,
        );
      expect(got).toEqual([...(await of(0, '')), ...(await of(2, ' WHERE n < 40'))]);
    } finally {
      client.release();
    }
  });

  it('that end in a failure of the server say so, and the connection goes on', async () => {
    const client = await pool.connect();
    try {
      let rows = 0;
      const failing = 'COPY (SELECT 1 / (900 - n) FROM generate_series(1, 1000) AS n) TO STDOUT (FORMAT binary)';
      await expect(copyOut(client, failing, () => void rows++)).rejects.toThrow('division by zero');
      expect(rows).toBe(899);
      expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    } finally {
      client.release();
    }
  });
});
