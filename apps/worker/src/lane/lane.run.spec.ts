import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JournalEntry } from '#core';
import {
  createInbox,
  createLaneBuilds,
  createPool,
  createTapeStore,
  temporaryDatabase,
  type Inbox,
  type Pool,
  type TapeStore,
  type TemporaryDatabase,
} from '#data';
import { createKernel, journalLine } from '#engine';
import { createLog } from '#host';
import { strategies } from '#plugins';
import type { BusMessage, LiveBus } from '#queue';
import { LIVE_PACE } from '../venues/feed.types.js';
import { toyMarket, toyVenue, ToyServer } from '../venues/testing/toy.venue.js';
import { HealthStore } from './health.store.js';
import { runLane, type LaneParts } from './lane.run.js';
import { RECORDER_PACE } from './recorder.js';

let database: TemporaryDatabase;
let pool: Pool;
let inbox: Inbox;
let server: ToyServer;
let lane = 0;

beforeAll(async () => {
  database = await temporaryDatabase();
  pool = createPool(database.url);
}, 60_000);
afterAll(async () => {
  await pool.end();
  await database.stop();
});
beforeEach(async () => {
  lane += 1;
  await pool.query('TRUNCATE market_state, account_state, session_state');
  server = await ToyServer.start();
  return () => server.stop();
});

/** One process is enough here: listeners hear what is published. */
function oneProcessBus(): LiveBus & { readonly heard: BusMessage[] } {
  const listeners = new Set<(message: BusMessage) => void>();
  const heard: BusMessage[] = [];
  return {
    heard,
    publish: (message) => {
      heard.push(message);
      for (const listener of listeners) listener(message);
      return Promise.resolve();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
}

function start(options: { store?: TapeStore; build?: string; now?: () => number } = {}) {
  const stop = new AbortController();
  const bus = oneProcessBus();
  inbox = createInbox(pool, bus);
  const running = vi.fn<NonNullable<LaneParts['running']>>();
  const ended = runLane(
    {
      lane,
      owner: 'test',
      build: options.build ?? 'test',
      config: { mode: 'demo', marketsPerVenue: 50 },
      store: options.store ?? createTapeStore(pool),
      builds: createLaneBuilds(pool),
      inbox,
      bus,
      health: new HealthStore(pool),
      log: createLog('error', {}, () => undefined),
      venues: [{ plugin: toyVenue(), config: server.config }],
      strategies,
      models: [],
      pace: {
        ...LIVE_PACE,
        ...{ tickMs: 10, backOffFirstMs: 20, confirmAfterMs: 200 },
        ...(options.now ? { skewCheckMs: 50 } : {}),
      },
      recorderPace: { ...RECORDER_PACE, commitMs: 15, snapshotMs: 300 },
      now: options.now ?? Date.now,
      steady: () => performance.now(),
      random: Math.random,
      announced: () => undefined,
      running,
    },
    stop.signal,
  );
  ended.catch(() => undefined);
  return { stop: () => (stop.abort(), ended), ended, bus, running };
}

const putMarket = (name: string): Promise<void> =>
  inbox.put({ id: `market-${lane}-${name}`, lane, kind: 'market', body: toyMarket(name), by: 'test' });

async function tapeOf(): Promise<{ kinds: string[]; journal: JournalEntry[]; replayed: JournalEntry[] }> {
  const store = createTapeStore(pool);
  const { rows } = await pool.query<{ head: number }>('SELECT head_seq AS head FROM lane WHERE id = $1', [lane]);
  const head = rows[0].head;
  const kernel = createKernel({
    lane,
    plugins: { strategies: new Map(strategies.map((one) => [one.manifest.id, one])), models: new Map() },
    orderLatencyMs: { polymarket: 250, kalshi: 150 },
  });
  const replayed: JournalEntry[] = [];
  const kinds: string[] = [];
  for await (const event of store.read(lane, 1, head)) {
    kinds.push(event.kind);
    kernel.apply(event, {
      journal: (entry) => void replayed.push(entry),
      estimate: () => undefined,
      quote: () => undefined,
    });
  }
  const journal: JournalEntry[] = [];
  for await (const entry of store.readJournal(lane, 1, head)) journal.push(entry);
  return { kinds, journal, replayed };
}

const trustedMarkets = async (): Promise<number> =>
  (await pool.query<{ n: number }>('SELECT count(*) AS n FROM market_state WHERE lane = $1 AND trusted', [lane]))
    .rows[0].n;

describe('a running lane', () => {
  it('seeds an account, brings markets from the inbox, hears their books and says how it is', async () => {
    for (const name of ['a', 'b']) server.books.set(name, 400_000);
    const run = start();
    await putMarket('a');
    await putMarket('b');
    await vi.waitFor(async () => expect(await trustedMarkets()).toBe(2), { timeout: 5000 });
    server.books.set('a', 430_000);
    server.sendBook('a');
    await vi.waitFor(
      async () =>
        expect((await pool.query('SELECT bid FROM market_state WHERE lane = $1 ORDER BY ref', [lane])).rows).toEqual([
          { bid: 430_000 },
          { bid: 400_000 },
        ]),
      { timeout: 3000 },
    );
    await vi.waitFor(
      async () => {
        const { rows } = await pool.query<{ body: Record<string, unknown> }>('SELECT body FROM feed_health');
        expect(rows[0]?.body).toMatchObject({ state: 'streaming', markets: 2, trusted: 2, problem: null });
      },
      { timeout: 3000 },
    );
    expect(await run.stop()).toBe('stopped');
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM account_state');
    expect(rows.map((row) => row.id)).toEqual(['main']);
    const { health } = (
      await pool.query<{ health: Record<string, unknown> }>('SELECT health FROM lane WHERE id = $1', [lane])
    ).rows[0];
    expect(health).toMatchObject({ state: 'stopped', recording: true });
    const unanswered = await inbox.pending(lane, 0, 10);
    expect(unanswered).toEqual([]);
    expect(run.bus.heard.some((message) => message.topic === 'lane')).toBe(true);
  });

  it('recovers after being cut off at any point, with one journal', async () => {
    for (const name of ['a', 'b', 'c']) server.books.set(name, 400_000);
    let micros = 300_000;
    const traffic = setInterval(() => {
      micros = 300_000 + ((micros + 10_000) % 400_000);
      server.books.set('a', micros);
      server.sendBook('a');
    }, 3);
    try {
      for (let round = 0; round < 6; round++) {
        // Commits that take their time, so that the cut falls between batches, within one, and after one.
        const real = createTapeStore(pool);
        let dead = false;
        const store: TapeStore = {
          takeOver: (...args) => real.takeOver(...args),
          append: async (batch) => {
            if (dead) return new Promise(() => undefined);
            await real.append(batch);
            if (dead) return new Promise(() => undefined);
          },
          read: (...args) => real.read(...args),
          readJournal: (...args) => real.readJournal(...args),
          newestSnapshot: (...args) => real.newestSnapshot(...args),
        };
        const run = start({ store });
        await vi.waitFor(() => expect(run.running).toHaveBeenCalled(), { timeout: 5000 });
        await putMarket('abc'[round % 3]);
        await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 400));
        dead = true;
        // The successor takes the lane while the dead one still thinks that it lives.
        void run.stop();
      }
      const last = start();
      await vi.waitFor(async () => expect(await trustedMarkets()).toBe(3), { timeout: 5000 });
      await last.stop();
    } finally {
      clearInterval(traffic);
    }
    const { kinds, journal, replayed } = await tapeOf();
    expect(kinds.filter((kind) => kind === 'book').length).toBeGreaterThan(50);
    expect(replayed.map(journalLine)).toEqual(journal.map(journalLine));
    // The account and the three workflows of a first start, once.
    expect(kinds.filter((kind) => kind === 'act').length).toBe(4);
  });

  it('survives a clock that is set an hour ahead and back, a sleep, and a clock that was wrong before', async () => {
    const HOUR = 3_600_000;
    server.books.set('a', 400_000);
    let set = 0;
    const run = start({ now: () => Date.now() + set });
    const laneNow = async () =>
      (
        await pool.query<{ head_at: number; problem: string | null }>(
          `SELECT head_at, health ->> 'problem' AS problem FROM lane WHERE id = $1`,
          [lane],
        )
      ).rows[0];
    const problem = (what: RegExp | null) =>
      vi.waitFor(
        async () =>
          what === null
            ? expect((await laneNow()).problem).toBeNull()
            : expect((await laneNow()).problem).toMatch(what),
        { timeout: 5000 },
      );
    const doubted = (times: number) =>
      vi.waitFor(
        async () =>
          expect(
            (
              await pool.query(
                `SELECT count(*)::int AS n FROM continuity WHERE lane = $1 AND reason = 'clock-skew' AND detail LIKE '%leapt 60 min ahead%'`,
                [lane],
              )
            ).rows[0],
          ).toEqual({ n: times }),
        { timeout: 5000 },
      );
    const isTrusted = (n: number) =>
      vi.waitFor(async () => expect(await trustedMarkets()).toBe(n), { timeout: 5000, interval: 10 });
    await putMarket('a');
    await isTrusted(1);

    // Somebody sets the clock: the venues know better. No book is trusted until they have said so; no time is made up.
    set = HOUR;
    await doubted(1);
    await isTrusted(1);
    await problem(/60 min ahead of the venues’; the tape goes on by their time/);
    expect((await laneNow()).head_at).toBeLessThan(Date.now() + 1_000);
    set = 0;
    await problem(null);
    expect(await trustedMarkets()).toBe(1);

    // A sleep: the venues' clocks have gone on.
    server.restDate = new Date(Date.now() + HOUR);
    set = HOUR;
    await doubted(2);
    server.restDate = new Date(Date.now() + HOUR);
    await isTrusted(1);
    await problem(null);
    await vi.waitFor(async () => expect((await laneNow()).head_at).toBeGreaterThan(Date.now() + HOUR - 1_000));

    // It was no sleep but a wrong clock of theirs and ours: set right, the tape is ahead, and yet its time goes on.
    server.restDate = null;
    set = 0;
    await problem(/^the tape is 60 min ahead of the clock/);
    await isTrusted(1);
    const before = (await laneNow()).head_at;
    server.books.set('a', 430_000);
    server.sendBook('a');
    await vi.waitFor(async () => expect((await laneNow()).head_at).toBeGreaterThan(before + 500), { timeout: 5000 });
    await run.stop();
    const { journal, replayed } = await tapeOf();
    expect(replayed.map(journalLine)).toEqual(journal.map(journalLine));
  }, 20_000);

  it('takes up the tape of another build, and goes on from what is stored when its journal cannot be replayed', async () => {
    server.books.set('a', 400_000);
    const first = start();
    await putMarket('a');
    await vi.waitFor(async () => expect(await trustedMarkets()).toBe(1), { timeout: 5000 });
    await first.stop();
    const same = start({ build: 'rebuilt' });
    await vi.waitFor(() => expect(same.running).toHaveBeenCalled(), { timeout: 5000 });
    await same.stop();
    expect(same.running.mock.calls[0]?.[0].note).toMatch(/; build rebuilt replays all \d+ events/);

    // What a changed strategy would have said differently.
    await pool.query(
      `UPDATE journal SET body = jsonb_set(body::jsonb, '{reason}', '"of old"')::json WHERE lane = $1 AND kind = 'session'`,
      [lane],
    );
    const upgraded = start({ build: 'upgraded' });
    await vi.waitFor(() => expect(upgraded.running).toHaveBeenCalled(), { timeout: 5000 });
    expect(upgraded.running.mock.calls[0]?.[0].note).toMatch(
      /goes on from what is stored: event \d+ now gives another journal/,
    );
    const sessions = async (): Promise<string[]> =>
      (
        await pool.query<{ line: string }>(
          `SELECT session || ' ' || (body->>'state') AS line FROM journal WHERE lane = $1 AND kind = 'session' ORDER BY seq, ordinal`,
          [lane],
        )
      ).rows.map(({ line }) => line);
    await vi.waitFor(
      async () =>
        expect(await sessions()).toEqual([
          'arbitrage#1 started',
          'bundles#1 started',
          'ladders#1 started',
          'arbitrage#1 ended',
          'arbitrage#2 started',
          'bundles#1 ended',
          'bundles#2 started',
          'ladders#1 ended',
          'ladders#2 started',
        ]),
      { timeout: 5000 },
    );
    await vi.waitFor(async () => expect(await trustedMarkets()).toBe(1), { timeout: 5000 });
    await upgraded.stop();

    // The new build is at home now: its own snapshot and its own journal.
    const again = start({ build: 'upgraded' });
    await vi.waitFor(() => expect(again.running).toHaveBeenCalled(), { timeout: 5000 });
    expect(again.running.mock.calls[0]?.[0].note).toBe('');
    await again.stop();
    const builds = await createLaneBuilds(pool).list(lane);
    expect(builds.map(({ build, how }) => [build, how])).toEqual([
      ['test', 'first'],
      ['rebuilt', 'same'],
      ['upgraded', 'adopted'],
    ]);
    const { bytes } = (
      await pool.query<{ bytes: Buffer }>(
        `SELECT bytes FROM lane_snapshot WHERE lane = $1 AND seq = $2 AND build = 'upgraded'`,
        [lane, builds[2]!.afterSeq],
      )
    ).rows[0]!;
    expect(bytes.length).toBeGreaterThan(0);
  }, 30_000);

  it('ends as stale when another worker takes the lane', async () => {
    const first = start();
    await vi.waitFor(() => expect(first.running).toHaveBeenCalled(), { timeout: 5000 });
    const second = start();
    expect(await first.ended).toBe('stale');
    await second.stop();
  });

  it('says what it waits for while no market is known', async () => {
    const run = start();
    await vi.waitFor(
      async () => {
        const { rows } = await pool.query<{ body: { problem: string } }>('SELECT body FROM feed_health');
        expect(rows[0]?.body.problem).toContain('no market is known yet');
      },
      { timeout: 4000 },
    );
    await run.stop();
  });
});
