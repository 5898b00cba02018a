import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type pg from 'pg';
import { migrations } from '../../../migrations/index.js';
import { dataSource, migrate, migrationState, revertMigration } from './data-source.js';
import { AppUserEntity, RunEntity } from './entities/rows.entity.js';
import { ensurePartitions, storageLayout } from './layout/storage-layout.js';
import { STREAMS } from './layout/stream-tables.js';
import { createPool } from './pool.js';
import { temporaryDatabase, type TemporaryDatabase } from './testing/temporary-database.js';

let database: TemporaryDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await temporaryDatabase({ migrated: false });
  pool = createPool(database.url);
});
afterAll(async () => {
  await pool?.end();
  await database?.stop();
});

describe('migrate', () => {
  it('works once when three processes boot at the same time', async () => {
    await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
    const ran = await pool.query('SELECT name FROM migration');
    expect(ran.rows).toEqual(migrations.map(({ name }) => ({ name })));
    expect((await pool.query('SELECT layout FROM storage_layout')).rows).toEqual([{ layout: 'plain' }]);
  });

  it('is a no-op the second time', async () => {
    await migrate(database.url);
    expect(await storageLayout(database.url)).toEqual({ layout: 'plain' });
  });

  it('serves rows through TypeORM with bigints as numbers', async () => {
    const source = await dataSource(database.url).initialize();
    try {
      const users = source.getRepository(AppUserEntity);
      const saved = await users.save({
        name: 'Ada',
        role: 'admin',
        passwordHash: null,
        createdAt: 1_795_392_000_123,
        disabledAt: null,
      });
      expect(await users.findOneByOrFail({ id: saved.id })).toEqual({
        ...saved,
        createdAt: 1_795_392_000_123,
        disabledAt: null,
      });
      const runs = source.getRepository(RunEntity);
      await runs.save({
        id: 'lane:0',
        kind: 'lane',
        title: 'Lane 0',
        state: 'running',
        startedAt: 5,
        endedAt: null,
        progress: 0.5,
        note: '',
      });
      expect((await runs.findOneByOrFail({ id: 'lane:0' })).progress).toBe(0.5);
    } finally {
      await source.destroy();
    }
  });
});

describe('the migrations one by one', () => {
  it('says which have run, takes the newest back and runs it again, but never the first', async () => {
    expect((await migrationState(database.url)).every(({ ran }) => ran)).toBe(true);
    for (const { name } of migrations.slice(1).toReversed()) {
      expect(await revertMigration(database.url)).toBe(name);
      expect((await migrationState(database.url)).find((one) => one.name === name)).toEqual({ name, ran: false });
    }
    await expect(revertMigration(database.url)).rejects.toThrow('no migration to revert');
    await migrate(database.url);
    expect((await migrationState(database.url)).every(({ ran }) => ran)).toBe(true);
  });
});

describe('the plain layout', () => {
  const day = 86_400_000;
  const partitions = async (table: string): Promise<string[]> => {
    const found = await pool.query<{ name: string }>(
      'SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1',
      [table],
    );
    return found.rows.map((row) => row.name);
  };

  it('has a partition for yesterday, today, the coming week and the unforeseen', async () => {
    for (const { name } of STREAMS) expect(await partitions(name)).toHaveLength(10);
  });

  it('keeps a row of an unforeseen day and moves it when the day gets its partition', async () => {
    const far = Date.UTC(2031, 0, 1, 12);
    await pool.query('INSERT INTO pulse (seq, at, lane, market) VALUES (1, $1, 9, NULL)', [far]);
    expect((await pool.query('SELECT tableoid::regclass::text AS part FROM pulse WHERE lane = 9')).rows).toEqual([
      { part: 'pulse_rest' },
    ]);
    await ensurePartitions(pool, 1, far);
    expect((await pool.query('SELECT tableoid::regclass::text AS part FROM pulse WHERE lane = 9')).rows).toEqual([
      { part: 'pulse_20310101' },
    ]);
    const before = await partitions('pulse');
    await ensurePartitions(pool, 1, far + day / 4);
    expect(await partitions('pulse')).toEqual(before);
  });
});

describe('the audit log', () => {
  const add = (action: string) =>
    pool.query(
      `INSERT INTO audit (at, "by", action, target, detail) VALUES (1, 'ada', $1, 'account:main', '{"on":true}')`,
      [action],
    );

  it('chains its lines, also when several are written at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, i) => add(`act ${i}`)));
    const checked = await pool.query<{ linked: boolean; sound: boolean }>(
      `SELECT previous = lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY id) AS linked,
              hash = audit_hash(previous, id, at, "by", action, target, detail) AS sound FROM audit ORDER BY id`,
    );
    expect(checked.rows).toHaveLength(8);
    expect(checked.rows.every((row) => row.linked && row.sound)).toBe(true);
  });

  it('refuses every change', async () => {
    await expect(pool.query(`UPDATE audit SET "by" = 'eve'`)).rejects.toThrow('append-only');
    await expect(pool.query('DELETE FROM audit')).rejects.toThrow('append-only');
    await expect(pool.query('TRUNCATE audit')).rejects.toThrow('append-only');
  });
});
