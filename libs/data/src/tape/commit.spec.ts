import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEntry, TapeEvent } from '#core';
import { createPool } from '../pool.js';
import { opportunityById } from '../queries/opportunity.query.js';
import { batchOf } from '../testing/batches.js';
import { STORE_KINDS, type TemporaryDatabase } from '../testing/temporary-database.js';
import { createTapeStore } from './tape.store.js';

const NOW = Date.now();
let lanes = 100;
const beats = (lane: number, from: number, count: number): TapeEvent[] =>
  Array.from({ length: count }, (_, i) => ({ kind: 'beat', lane, seq: from + i, at: NOW + from + i }));

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`the store ${kind.title}`, () => {
    let database: TemporaryDatabase;
    let pool: pg.Pool;
    beforeAll(async () => {
      database = await kind.open();
      pool = createPool(database.url);
    });
    afterAll(async () => {
      await pool?.end();
      await database?.stop();
    });

    describe('what commits with the events', () => {
      const stamp = { session: 'w#1', workflow: 'w', account: 'main', causes: [1] };

      it('is the journal, letter by letter', async () => {
        const lane = lanes++;
        const store = createTapeStore(pool);
        const { epoch } = await store.takeOver(lane, 'spec');
        const journal = Array.from({ length: 4_500 }, (_, i) => ({
          kind: 'integrity',
          lane,
          seq: 1 + Math.floor(i / 1_500),
          ordinal: i % 1_500,
          at: NOW,
          ...stamp,
          market: 'kalshi:"€\\',
          message: i === 0 ? 'NUL \0 and half \ud800 a pair, 1e21 ' : `line ${i}`,
          z: 0.1 + 0.2,
          a: null,
        })) as unknown as JournalEntry[];
        await store.append(batchOf(beats(lane, 1, 3), { epoch, journal }));
        const read = await all(store.readJournal(lane, 1, 3));
        expect(read.map((entry) => JSON.stringify(entry))).toEqual(journal.map((entry) => JSON.stringify(entry)));
        expect(await all(store.readJournal(lane, 2, 2))).toHaveLength(1_500);
      });

      it('is every row the screens read', async () => {
        const lane = lanes++;
        const store = createTapeStore(pool);
        const { epoch } = await store.takeOver(lane, 'spec');
        await pool.query(
          `INSERT INTO inbox (id, position, lane, kind, body, "by", created_at) VALUES ('act-1', nextval('inbox_position'), $1, 'act', '{}', 'ada', 0)`,
          [lane],
        );
        const info = {
          id: `kalshi:M${lane}`,
          group: 'kalshi:G',
          title: `Will it \0 rain on O'Neil's \\ "roof" \\'; SELECT 1 --?`,
          rules: 'r',
          category: 'weather',
          status: 'open',
        };
        const quote = { market: 0, at: NOW, bid: 410_000, bidSize: 100, ask: -1, askSize: 0, trusted: true };
        const opportunity = (phase: string, seq: number) => ({
          kind: 'opportunity',
          lane,
          seq,
          ordinal: 0,
          at: NOW + seq,
          ...stamp,
          opportunityId: `o${lane}`,
          phase,
          verdict: 'accepted',
          link: 'l',
          group: null,
          direction: 'a',
          markets: ['kalshi:A', 'polymarket:B,"'],
          openedAt: NOW,
          bestGross: 20_000,
          bestNet: 5_000,
          size: 100,
          waterfall: [{ label: 'gross', amount: 1 }],
          signalId: 'S1.0',
          reason: '',
          denials: seq,
          ended: phase === 'closed' ? 'The edge is gone.' : '',
        });
        const trade = (signalId: string, lockedIn: number | null, realised: number | null) => ({
          kind: 'group-state',
          lane,
          seq: 2,
          ordinal: 5,
          at: NOW + 3,
          ...stamp,
          signalId,
          opportunityId: `o${lane}`,
          state: realised === null ? 'complete' : 'settled',
          markets: ['kalshi:A'],
          naked: [],
          reason: '',
          cost: 0,
          lockedIn,
          realised,
        });
        const projection = (bid: number | null) => ({
          markets: [
            {
              ref: 0,
              id: info.id,
              info,
              quote: bid === null ? null : { ...quote, bid },
              quoteSeq: bid === null ? null : 2,
              freshAt: NOW,
              trusted: bid !== null,
              trustReason: bid === null ? 'gap' : '',
            },
          ],
          accounts: [{ id: `acc${lane}`, state: { equity: bid ?? 7, note: '\0' } }],
          sessions: [{ id: `w${lane}#3`, state: { id: 'x' } }],
        });
        const link = {
          kind: 'link',
          lane,
          seq: 2,
          at: NOW + 2,
          link: { id: `l${lane}`, version: 1, differences: ['\0'] },
        };
        const group = { kind: 'group', lane, seq: 3, at: NOW + 3, group: { id: `g${lane}`, title: 't' } };
        const events = [...beats(lane, 1, 1), link, group] as TapeEvent[];
        await store.append(
          batchOf(events, {
            epoch,
            journal: [
              opportunity('opened', 1),
              opportunity('changed', 2),
              trade('S1.0', 40, null),
              trade('S1.7', 9, null),
              trade('S1.0', null, 30),
              trade('S1.9', 1, null),
            ] as never,
            quotes: [{ quote, seq: 2 }] as never,
            inbox: [{ id: 'act-1', seq: 1 }],
            projection: projection(410_000) as never,
            estimates: [
              {
                lane,
                seq: 1,
                at: NOW,
                model: 'm',
                market: info.id as never,
                name: 'fair',
                value: 0.5,
                low: null,
                high: 0.75,
              },
            ],
          }),
        );
        const one = async (sql: string, value: unknown) => (await pool.query(sql, [value])).rows[0];
        expect(await one('SELECT * FROM market_state WHERE lane = $1', lane)).toMatchObject({
          ref: 0,
          id: info.id,
          venue: 'kalshi',
          group_id: 'kalshi:G',
          category: 'weather',
          title: `Will it \ufffd rain on O'Neil's \\ "roof" \\'; SELECT 1 --?`,
          bid: 410_000,
          ask: -1,
          quote_seq: 2,
          fresh_at: NOW,
          trusted: true,
        });
        expect(
          await one(
            'SELECT phase, markets, waterfall, updated_at, closed_at, denials, ended FROM opportunity WHERE id = $1',
            `o${lane}`,
          ),
        ).toEqual({
          phase: 'changed',
          markets: ['kalshi:A', 'polymarket:B,"'],
          waterfall: [{ label: 'gross', amount: 1 }],
          updated_at: NOW + 3,
          closed_at: null,
          denials: 2,
          ended: '',
        });
        expect(await opportunityById(pool, `o${lane}`)).toMatchObject({ denials: 2, lockedIn: 10, realised: 30 });
        expect(await one('SELECT seq FROM inbox WHERE lane = $1', lane)).toEqual({ seq: 1 });
        expect(await one('SELECT value, low, high FROM estimate WHERE lane = $1', lane)).toEqual({
          value: 0.5,
          low: null,
          high: 0.75,
        });
        expect(await one('SELECT bid, trusted FROM quote WHERE lane = $1', lane)).toEqual({
          bid: 410_000,
          trusted: true,
        });
        expect((await one('SELECT body FROM link_state WHERE id = $1', `l${lane}`)).body.differences).toEqual([
          '\ufffd',
        ]);
        expect((await one('SELECT body FROM group_state WHERE id = $1', `g${lane}`)).body.title).toBe('t');
        expect(await one('SELECT workflow, seq FROM session_state WHERE id = $1', `w${lane}#3`)).toEqual({
          workflow: `w${lane}`,
          seq: 3,
        });
        expect((await pool.query('SELECT equity FROM equity WHERE account = $1', [`acc${lane}`])).rows).toEqual([
          { equity: 410_000 },
        ]);

        await store.append(
          batchOf(beats(lane, 4, 1), {
            epoch,
            journal: [opportunity('closed', 4)] as never,
            projection: projection(null) as never,
          }),
        );
        expect(
          await one('SELECT bid, quote_seq, trusted, trust_reason, title FROM market_state WHERE lane = $1', lane),
        ).toMatchObject({ bid: null, quote_seq: 2, trusted: false, trust_reason: 'gap' });
        expect(await one('SELECT phase, closed_at FROM opportunity WHERE id = $1', `o${lane}`)).toEqual({
          phase: 'closed',
          closed_at: NOW + 4,
        });
      });

      it('is a snapshot of which the newest of a build is found and old ones go', async () => {
        const lane = lanes++;
        const store = createTapeStore(pool);
        const { epoch } = await store.takeOver(lane, 'spec');
        expect(await store.newestSnapshot(lane, 'b1')).toBeNull();
        for (let seq = 1; seq <= 6; seq++) {
          await store.append(
            batchOf(beats(lane, seq, 1), {
              epoch,
              snapshot: { build: seq < 6 ? 'b1' : 'b2', bytes: Uint8Array.of(0, 255, seq) },
            }),
          );
        }
        const found = await store.newestSnapshot(lane, 'b1');
        expect(found && { seq: found.seq, bytes: [...found.bytes] }).toEqual({ seq: 5, bytes: [0, 255, 5] });
        expect(
          (await pool.query('SELECT seq FROM lane_snapshot WHERE lane = $1 ORDER BY seq', [lane])).rows.map(
            (row) => row.seq,
          ),
        ).toEqual([4, 5, 6]);
      });
    });
  });
}
