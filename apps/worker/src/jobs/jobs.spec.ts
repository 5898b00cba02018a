import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { groupId, price, UserProblem, type GroupInfo, type MarketInfo } from '#core';
import { createInbox, createPool, temporaryDatabase, type Inbox, type Pool, type TemporaryDatabase } from '#data';
import { createLog } from '#host';
import type { LifecycleMessage, VenuePlugin } from '#plugin-sdk';
import { TOY, toyMarket, toyVenue } from '../venues/testing/toy.venue.js';
import { syncCatalogue } from './catalogue.job.js';
import type { JobHouse, JobVenue } from './job.types.js';
import { KnownQuery } from './known.query.js';
import { syncLinks } from './links.job.js';
import { RunRepo } from './run.repo.js';
import { pollSettlements } from './settlement.job.js';

let database: TemporaryDatabase;
let pool: Pool;
let inbox: Inbox;
let lane = 0;
let folder: string;

beforeAll(async () => {
  database = await temporaryDatabase();
  pool = createPool(database.url);
  inbox = createInbox(pool);
  folder = mkdtempSync(join(tmpdir(), 'arbintel-links-'));
}, 60_000);
afterAll(async () => {
  await pool.end();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  lane += 1;
  await pool.query('TRUNCATE market_state, group_state, link_state, account_state, run, run_line');
});

const listed = (name: string, more: Partial<MarketInfo> = {}): MarketInfo => ({ ...toyMarket(name), ...more });

function venue(
  markets: readonly MarketInfo[],
  groups: readonly GroupInfo[] = [],
  life: readonly LifecycleMessage[] = [],
) {
  const asked: string[] = [];
  const plugin: VenuePlugin = {
    ...toyVenue(),
    async *listMarkets() {
      yield { groups, markets, refused: [] };
    },
    resolve: (_io, infos) => {
      asked.push(...infos.map((info) => info.title));
      return Promise.resolve(life.filter((one) => infos.some((info) => info.title === one.native)));
    },
  };
  const one: JobVenue = {
    plugin,
    io: { config: {}, now: Date.now, get: () => Promise.resolve(null), post: () => Promise.resolve(null) },
  };
  return { one, asked };
}

const house = (one: JobVenue, config: Partial<JobHouse['config']> = {}): JobHouse => ({
  lane,
  config: { marketsPerVenue: 10, linksFile: null, ...config },
  venues: [one],
  inbox,
  known: new KnownQuery(pool),
  now: () => 1_000_000,
  log: createLog('error', {}, () => undefined),
});

const put = async (): Promise<string[]> =>
  (await inbox.pending(lane, 0, 1000)).map((row) =>
    `${row.kind} ${(row.body as { title?: string; a?: string }).title ?? (row.body as { a?: string }).a ?? ''}`.trim(),
  );

async function onTape(infos: readonly MarketInfo[], trusted = true): Promise<void> {
  for (const [ref, info] of infos.entries())
    await pool.query(
      `INSERT INTO market_state (lane, ref, id, venue, category, title, status, info, trusted) VALUES ($1, $2, $3, 'toy', '', $4, $5, $6, $7)`,
      [lane, ref, info.id, info.title, info.status, JSON.stringify(info), trusted],
    );
}

describe('catalogue sync', () => {
  it('puts what is new and, later, only what has changed', async () => {
    const first = venue([listed('a'), listed('b')]);
    await syncCatalogue(house(first.one), first.one, 's1');
    expect(await put()).toEqual(['market a', 'market b']);
    await onTape([listed('a'), listed('b')]);
    lane += 0;
    const second = venue([listed('a'), listed('b', { status: 'paused' })]);
    await pool.query('DELETE FROM inbox');
    expect(await syncCatalogue(house(second.one), second.one, 's2')).toContain('1 markets');
    expect(await put()).toEqual(['market b']);
    await pool.query('DELETE FROM inbox');
    expect(await syncCatalogue(house(first.one), first.one, 's3')).toContain('nothing has changed');
  });

  it('puts a change back too, however often it happens', async () => {
    await onTape([listed('a', { status: 'paused' })]);
    const one = venue([listed('a')]).one;
    await syncCatalogue(house(one), one, 's1');
    await pool.query('UPDATE inbox SET seq = 1');
    await syncCatalogue(house(one), one, 's2');
    expect(await put()).toEqual(['market a']);
  });

  it('takes linked markets first and exclusive groups whole or not at all', async () => {
    const group = (name: string, members: readonly string[]): GroupInfo => ({
      id: groupId(TOY, name),
      title: name,
      markets: members.map((member) => toyMarket(member).id),
      exclusive: true,
      exhaustive: true,
      augmented: false,
    });
    const member = (name: string, of: string): MarketInfo => listed(name, { group: groupId(TOY, of) });
    const links = join(folder, 'first.json');
    writeFileSync(links, JSON.stringify([{ a: 'toy:z', b: 'other:z', polarity: 'same' }]));
    const { one } = venue(
      [
        member('a1', 'A'),
        member('a2', 'A'),
        member('a3', 'A'),
        listed('x'),
        member('b1', 'B'),
        member('b2', 'B'),
        listed('z'),
      ],
      [group('A', ['a1', 'a2', 'a3']), group('B', ['b1', 'b2'])],
    );
    await syncCatalogue(house(one, { marketsPerVenue: 4, linksFile: links }), one, 's1');
    expect(await put()).toEqual(['market z', 'market a1', 'market a2', 'market a3', 'group A']);
    lane += 1;
    await syncCatalogue(house(one, { marketsPerVenue: 3, linksFile: links }), one, 's1');
    expect(await put()).toEqual(['market z', 'market x']);
  });

  it('does not let an old listing take a result back', async () => {
    await onTape([listed('a', { status: 'settled' })]);
    const { one } = venue([listed('a')]);
    await syncCatalogue(house(one), one, 's1');
    expect(await put()).toEqual([]);
  });
});

describe('links of the configured file', () => {
  it('are put once, when both markets are on the tape', async () => {
    const links = join(folder, 'links.json');
    writeFileSync(
      links,
      JSON.stringify([
        { a: 'toy:a', b: 'toy:b', polarity: 'inverse', mismatch: 0.01, differences: ['close'] },
        { a: 'toy:a', b: 'toy:nowhere', polarity: 'same' },
      ]),
    );
    await onTape([listed('a'), listed('b')]);
    const jobs = house(venue([]).one, { linksFile: links });
    expect(await syncLinks(jobs)).toBe('1 links put on the tape; 1 wait for their markets');
    await syncLinks(jobs);
    const rows = await inbox.pending(lane, 0, 10);
    expect(rows.length).toBe(1);
    expect(rows[0].body).toMatchObject({
      a: 'toy:a',
      polarity: 'inverse',
      state: 'reviewed',
      reviewedBy: 'config',
      mismatch: 0.01,
    });
  });

  it('are refused with a sentence when the file is not as it should be', async () => {
    const links = join(folder, 'bad.json');
    writeFileSync(links, '[{"a":"toy:a","b":"b","polarity":"maybe"}]');
    await expect(syncLinks(house(venue([]).one, { linksFile: links }))).rejects.toThrow(UserProblem);
    writeFileSync(links, '{');
    await expect(syncLinks(house(venue([]).one, { linksFile: links }))).rejects.toThrow('cannot be read');
  });
});

describe('settlement polling', () => {
  const over = (native: string): LifecycleMessage => ({
    kind: 'lifecycle',
    native,
    status: 'settled',
    resolution: { outcome: { kind: 'value', yesPays: price(1_000_000) }, final: true },
    venueAt: null,
  });

  it('asks for markets past their close, held or unheard, and for all of them now and then', async () => {
    await onTape([
      listed('past', { closesAt: 999_000 }),
      listed('open'),
      listed('held'),
      listed('done', { status: 'settled' }),
    ]);
    await pool.query(`INSERT INTO account_state (id, lane, seq, at, state) VALUES ('main', $1, 1, 1, $2)`, [
      lane,
      JSON.stringify({ positions: [{ market: 'toy:held' }] }),
    ]);
    const some = venue([]);
    await pollSettlements(house(some.one), some.one, '1', false);
    expect(some.asked).toEqual(['past', 'held']);
    const all = venue([]);
    await pollSettlements(house(all.one), all.one, '2', true);
    expect(all.asked).toEqual(['past', 'open', 'held']);
  });

  it('asks now and then whether the venue still says what was paid, and takes only a final word for another', async () => {
    await onTape(['paid', 'other', 'long-ago', 'unsure'].map((name) => listed(name, { status: 'settled' })));
    const now = 1_000_000 + 4 * 86_400_000;
    const paid = (name: string, at: number) =>
      pool.query(
        `INSERT INTO journal (seq, at, lane, ordinal, kind, session, workflow, account, market, body)
         VALUES ($1, $1, $2, 0, 'settlement', '', '', 'main', $3, $4)`,
        [at, lane, [`toy:${name}`], JSON.stringify({ market: `toy:${name}` })],
      );
    await paid('long-ago', 1_000_000);
    await paid('paid', now - 1_000);
    await paid('unsure', now - 1_000);
    const unsure = { ...over('unsure'), status: 'determined' as const };
    const { one, asked } = venue(
      [],
      [],
      [over('paid'), { ...unsure, resolution: { ...unsure.resolution!, final: false } }],
    );
    const later = { ...house(one), now: () => now };
    await pollSettlements(later, one, '1', false);
    expect(asked).toEqual([]);
    await pollSettlements(later, one, '2', true);
    expect(asked).toEqual(['paid', 'unsure']);
    expect((await inbox.pending(lane, 0, 10)).map(({ body }) => body)).toMatchObject([
      { messages: [{ native: 'paid', resolution: { final: true } }] },
    ]);
  });

  it('puts a result once, whichever poll finds it', async () => {
    await onTape([listed('a', { closesAt: 1 })]);
    const { one } = venue([], [], [over('a')]);
    await pollSettlements(house(one), one, '1', false);
    await pollSettlements(house(one), one, '2', false);
    const rows = await inbox.pending(lane, 0, 10);
    expect(rows.map((row) => row.kind)).toEqual(['lifecycle']);
    expect(rows[0].body).toMatchObject({ venue: 'toy', messages: [{ native: 'a', status: 'settled' }] });
  });
});

describe('run rows', () => {
  it('keep one line for a job that finds the same each time, and every failure once', async () => {
    const published: string[] = [];
    const bus = {
      publish: (message: { topic: string }) => Promise.resolve(void published.push(message.topic)),
      subscribe: () => () => undefined,
      close: () => Promise.resolve(),
    };
    let now = 0;
    const runs = new RunRepo(pool, bus, () => ++now);
    for (const [id, note] of [
      ['1', 'same'],
      ['2', 'same'],
      ['3', 'other'],
      ['4', 'same'],
    ] as const) {
      await runs.begin(id, 'catalogue', 'toy: catalogue');
      await runs.end(id, id === '3' ? 'failed' : 'done', note);
    }
    const { rows } = await pool.query('SELECT id, state, progress FROM run ORDER BY started_at');
    expect(rows).toEqual([
      { id: '3', state: 'failed', progress: null },
      { id: '4', state: 'done', progress: 1 },
    ]);
    expect(published).toContain('run');
  });
});
