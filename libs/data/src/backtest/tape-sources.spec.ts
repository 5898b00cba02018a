import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserProblem, type TapeEvent } from '#core';
import { chunksFrom, type TapeSource } from '#engine';
import { writeReplayFile } from '../archive/events-file.js';
import { importEvents } from '../archive/events-import.js';
import { ReplayFile } from '../archive/replay.file.js';
import { exportTape } from '../archive/tape-export.js';
import { createPool } from '../pool.js';
import { createTapeStore } from '../tape/tape.store.js';
import { STORE_KINDS, type TemporaryDatabase } from '../testing/temporary-database.js';
import { actsOfFile, fileTape, journalOfFile, laneTape, recordedActs } from './tape-sources.js';

const COUNT = 12_000;
const start = Date.now() - 3_600_000;

const events = Array.from({ length: COUNT }, (_, i): TapeEvent => {
  const stamp = { lane: 3, seq: i + 1, at: start + i * 7 };
  const source = {
    venueAt: i % 2 ? stamp.at - 5 : null,
    connection: 1,
    venueSeq: i % 3 ? i : null,
  };
  const market = (i % 5) as never;
  const text = `€ "${i}"`;
  if (i < 5)
    return {
      kind: 'market',
      ...stamp,
      ref: i as never,
      info: { id: `kalshi:m${i}`, title: text } as never,
    };
  if (i === 15)
    return { kind: 'act', ...stamp, id: 'a', by: text, act: { kind: 'workflow-archived', workflow: 'w' as never } };
  if (i % 40 === 6) return { kind: 'beat', ...stamp };
  if (i % 40 === 7) return { kind: 'probe', ...stamp, market };
  if (i % 40 === 8)
    return {
      kind: 'continuity',
      ...stamp,
      market,
      trusted: i % 80 === 8,
      reason: 'gap',
      detail: text,
    };
  const price = 410_000 as never;
  if (i % 40 === 9)
    return {
      kind: 'trade',
      ...stamp,
      ...source,
      market,
      tradeId: text,
      price,
      size: 100 as never,
      taker: i % 3 ? 'buy' : null,
    };
  const levels = i % 40 === 10 ? [] : [0, 10_000 * (1 + (i % 40)), 100 * (i % 9), 1, 500_000, 100];
  return {
    kind: 'book',
    ...stamp,
    ...source,
    market,
    snapshot: i % 50 === 1,
    levels: Float64Array.from(levels),
    merged: 1,
  };
});

/** Every event of a source, book changes put together from their rows; what no kernel reads of a book is left out. */
async function heard(source: TapeSource, fromSeq = 1): Promise<readonly string[]> {
  const lines: [number, string][] = [];
  const line = (event: TapeEvent): void => {
    if (event.kind !== 'book') return void lines.push([event.seq, JSON.stringify(event)]);
    const { seq, at, market, snapshot, levels } = event;
    lines.push([seq, JSON.stringify({ seq, at, market, snapshot, levels: [...levels] })]);
  };
  for await (const { rows, events: others } of chunksFrom(source, fromSeq)) {
    for (const event of others) line(event);
    for (let from = 0; rows !== null && from < rows.rows;) {
      let to = from + 1;
      while (to < rows.rows && rows.seq[to] === rows.seq[from]) to++;
      const levels: number[] = [];
      if ((rows.flags[from] & rows.bits.empty) === 0)
        for (let i = from; i < to; i++) levels.push(rows.side[i], rows.price[i], rows.size[i]);
      const snapshot = (rows.flags[from] & rows.bits.snapshot) !== 0;
      const [seq, at, market] = [rows.seq[from], rows.at[from], rows.market[from]];
      lines.push([seq, JSON.stringify({ seq, at, market, snapshot, levels })]);
      from = to;
    }
  }
  return lines.sort(([a], [b]) => a - b).map(([, text]) => text);
}

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`a tape to be played ${kind.title}`, () => {
    let database: TemporaryDatabase;
    let pool: pg.Pool;
    let folder: string;
    const at = (name: string): string => join(folder, name);

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'arbintel-source-'));
      database = await kind.open();
      pool = createPool(database.url);
      await importEvents(pool, {
        lane: 3,
        digest: 'made up',
        events,
        now: Date.now(),
      });
    });
    afterAll(async () => {
      await pool.end();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('is the same out of the database, an export of it, and a file written without one', async () => {
      await exportTape(pool, { path: at('exported'), format: 'replay', lane: 3 });
      await writeReplayFile(at('written'), 3, 'made up', [events.slice(0, 5_000), events.slice(5_000)]);
      const stored = await heard(laneTape(pool, { lane: 3, toSeq: COUNT, fromAt: start, toAt: start }));
      expect(stored).toHaveLength(COUNT);
      const rest = laneTape(pool, { lane: 3, toSeq: COUNT, fromAt: start, toAt: start });
      expect(await heard(rest, 7_777)).toEqual(stored.slice(7_776));
      expect(JSON.parse(stored[5])).toMatchObject({
        seq: 6,
        at: start + 35,
        market: 0,
      });
      for (const name of ['exported', 'written']) {
        const file = await ReplayFile.open(at(name));
        const tape = fileTape(file);
        expect(tape).toMatchObject({
          lane: 3,
          toSeq: COUNT,
          fromAt: start,
          toAt: start + (COUNT - 1) * 7 + 1,
        });
        expect(await heard(tape)).toEqual(stored);
        // As often as asked, and from any event on.
        expect(await heard(tape)).toEqual(stored);
        for (const fromSeq of [2, 5_001, 11_990]) expect(await heard(tape, fromSeq)).toEqual(stored.slice(fromSeq - 1));
        await file.close();
      }
    });

    it('with a hole is told by the number that is missing, wherever it is', async () => {
      const kept = await pool.connect();
      try {
        for (const [table, seq] of [
          ['book_change', 12],
          ['pulse', 7],
          ['book_change', COUNT],
        ] as const) {
          await kept.query('CREATE TABLE kept AS SELECT * FROM ' + table + ' WHERE lane = 3 AND seq = ' + seq);
          await kept.query('DELETE FROM ' + table + ' WHERE lane = 3 AND seq = ' + seq);
          const tape = laneTape(pool, { lane: 3, toSeq: COUNT, fromAt: start, toAt: start });
          await expect(heard(tape)).rejects.toThrow(`has no event ${seq}`);
          await kept.query('INSERT INTO ' + table + ' SELECT * FROM kept');
          await kept.query('DROP TABLE kept');
        }
      } finally {
        kept.release();
      }
    });

    it('has the acts and the journal of its paper sessions with it, in a file as in the database', async () => {
      const entry = { lane: 3, seq: 16, ordinal: 0, at: start, kind: 'session', reason: '€', causes: [16] };
      const insert = `INSERT INTO journal (seq, at, lane, ordinal, kind, session, workflow, account, market, signal_id, body)
        VALUES (16, $1, 3, 0, 'session', 's', 'w', '', '{}', NULL, $2)`;
      await pool.query(insert, [start, JSON.stringify(entry)]);
      await exportTape(pool, { path: at('sessions'), format: 'replay', lane: 3 });
      const file = await ReplayFile.open(at('sessions'));
      const journal: unknown[] = [];
      for await (const one of journalOfFile(file)) journal.push(one);
      const stored: unknown[] = [];
      for await (const one of createTapeStore(pool).readJournal(3, 1, COUNT)) stored.push(one);
      expect(journal).toEqual(stored);
      expect(journal).toEqual([entry]);
      expect(await actsOfFile(file)).toEqual(await recordedActs(pool, 3, COUNT));
      expect(await actsOfFile(file)).toEqual([{ seq: 16, act: { kind: 'workflow-archived', workflow: 'w' } }]);
      await file.close();
    });

    it('is refused when it does not hold the beginning', async () => {
      await exportTape(pool, {
        path: at('late'),
        format: 'replay',
        lane: 3,
        fromSeq: 50,
      });
      const file = await ReplayFile.open(at('late'));
      expect(() => fileTape(file)).toThrow(UserProblem);
      await file.close();
    });
  });
}
