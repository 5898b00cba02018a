import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { createInbox } from '../inbox.store.js';
import { createPool } from '../pool.js';
import { LANE, writeSampleLane } from '../queries/sample-lane.spec-support.js';
import { createTapeStore } from '../tape/tape.store.js';
import { batchOf } from '../testing/batches.js';
import { STORE_KINDS, temporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.js';
import { moveDatabase } from './database-move.js';
import { exportTape } from './tape-export.js';

let database: TemporaryDatabase;
let from: pg.Pool;
let scratch: string;
beforeAll(async () => {
  database = await temporaryDatabase();
  from = createPool(database.url, 4);
  scratch = mkdtempSync(join(tmpdir(), 'arbintel-move-'));
  await writeSampleLane(from, Date.now());
  await from.query(`
    INSERT INTO app_user (name, role, password_hash, created_at) VALUES ('Ada', 'admin', 'x', 1);
    INSERT INTO audit (at, "by", action, target, detail) VALUES (1, 'Ada', 'look', 'x', '{}'), (2, 'Ada', 'look', 'y', '{}');
    INSERT INTO run (id, kind, title, state, started_at) VALUES ('r', 'links', 'links', 'done', 1);
    INSERT INTO run_line (run, at, kind, line) SELECT 'r', n, 'state', 'line "' || n || E'\\n€' FROM generate_series(1, 5000) n;
  `);
});
afterAll(async () => {
  await from?.end();
  await database?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`a database that moves to another ${kind.title}`, () => {
    let target: TemporaryDatabase;
    let to: pg.Pool;
    const folder = (): string => join(scratch, kind.layout);
    beforeAll(async () => {
      target = await kind.open();
      to = createPool(target.url, 4);
    });
    afterAll(async () => {
      await to?.end();
      await target?.stop();
    });

    /** Every row of every ordinary table, as text. */
    const rowsOf = async (pool: pg.Pool, tables: readonly string[]): Promise<Record<string, string>> => {
      const all: Record<string, string> = {};
      for (const table of tables)
        all[table] = (
          await pool.query<{ rows: string }>(
            `SELECT coalesce(string_agg(row::text, E'\\n' ORDER BY row::text), '') AS rows FROM ${table} AS row`,
          )
        ).rows[0].rows;
      return all;
    };
    const digest = async (pool: pg.Pool, name: string): Promise<string> =>
      (await exportTape(pool, { lane: LANE, format: 'replay', path: join(scratch, `${kind.layout}-${name}`) })).digest;

    it('brings the tape and every row, goes on after it was stopped, and writes nothing a second time', async () => {
      const stop = new Error('stopped');
      const halfway = moveDatabase({
        from,
        to,
        folder: folder(),
        now: 5,
        progress: (doing) => {
          if (doing.startsWith('rows of run')) throw stop;
        },
      });
      await expect(halfway).rejects.toThrow('stopped');
      expect((await to.query('SELECT 1 FROM app_user')).rowCount).toBe(0);
      const { lanes, rows } = await moveDatabase({ from, to, folder: folder(), now: 6 });
      expect(lanes).toEqual([{ lane: LANE, written: 0 }]);
      expect(rows).toMatchObject({ app_user: 1, run: 1, run_line: 5_000 });
      expect(rows?.market_state).toBeGreaterThan(1);
      expect(Object.keys(rows ?? {})).not.toContain('book_change');
      expect(existsSync(folder())).toBe(false);
      const tables = Object.keys(rows ?? {});
      expect(tables.length).toBeGreaterThan(25);
      expect(await rowsOf(to, tables)).toEqual(await rowsOf(from, tables));
      expect(await digest(to, 'there')).toBe(await digest(from, 'here'));
      expect(await moveDatabase({ from, to, folder: folder(), now: 7 })).toEqual({ lanes: [], rows: null });
    });

    it('is recorded on and numbered on behind what came', async () => {
      const { rows } = await to.query<{ n: number }>(
        `INSERT INTO run_line (run, at, kind, line) VALUES ('r', 1, 'state', 'x') RETURNING n`,
      );
      expect(rows[0].n).toBe((await from.query<{ n: number }>('SELECT max(n) AS n FROM run_line')).rows[0].n + 1);
      await expect(to.query('DELETE FROM audit')).rejects.toThrow('append-only');
      await createInbox(to).put({ id: 'later', lane: LANE, kind: 'act', body: {}, by: 'Ada' });
      const store = createTapeStore(to);
      const { epoch, headSeq, headAt } = await store.takeOver(LANE, 'spec');
      await store.append(batchOf([{ kind: 'beat', lane: LANE, seq: headSeq + 1, at: headAt + 1 }], { epoch }));
      await expect(moveDatabase({ from, to, folder: folder(), now: 8 })).rejects.toThrow(UserProblem);
    });
  });
}
