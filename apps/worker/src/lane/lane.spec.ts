import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  DEFAULT_LIMITS,
  Defect,
  price,
  size,
  type AccountId,
  type JournalEntry,
  type MarketRef,
  type TapeEvent,
  type Unstamped,
} from '#core';
import {
  createLaneBuilds,
  createPool,
  createTapeStore,
  temporaryDatabase,
  type LaneBuild,
  type Pool,
  type TapeBatch,
  type TapeStore,
  type TemporaryDatabase,
} from '#data';
import { createKernel, type Kernel } from '#engine';
import { createLog } from '#host';
import { toyMarket } from '../venues/testing/toy.venue.js';
import { Lane } from './lane.js';
import { Recorder, RECORDER_PACE, type RecorderPace } from './recorder.js';
import { recover } from './recovery.js';

let database: TemporaryDatabase;
let pool: Pool;
let lanes = 0;

beforeAll(async () => {
  database = await temporaryDatabase();
  pool = createPool(database.url);
}, 60_000);
afterAll(async () => {
  await pool.end();
  await database.stop();
});

const newKernel = (lane: number): Kernel =>
  createKernel({ lane, plugins: { strategies: new Map(), models: new Map() }, orderLatencyMs: {} });

interface Bench {
  readonly lane: number;
  readonly kernel: Kernel;
  readonly tape: Lane;
  readonly recorder: Recorder;
  readonly batches: TapeBatch[];
  readonly stale: unknown[];
  readonly broken: unknown[];
}

async function bench(
  options: { store?: TapeStore; pace?: Partial<RecorderPace>; lane?: number; kernel?: Kernel } = {},
): Promise<Bench> {
  const lane = options.lane ?? ++lanes;
  const store = options.store ?? createTapeStore(pool);
  const { epoch } = await store.takeOver(lane, 'test');
  const kernel = options.kernel ?? newKernel(lane);
  const batches: TapeBatch[] = [];
  const stale: unknown[] = [];
  const broken: unknown[] = [];
  const recorder = new Recorder(
    {
      lane,
      epoch,
      build: 'test',
      store,
      kernel,
      now: Date.now,
      random: () => 0.5,
      log: createLog('error', {}, () => undefined),
      committed: (batch) => {
        batches.push(batch);
        tape.drain();
      },
      stale: (error) => stale.push(error),
      broken: (error) => broken.push(error),
    },
    { ...RECORDER_PACE, commitMs: 10, ...options.pace },
  );
  const tape = new Lane({ lane, kernel, recorder, now: Date.now });
  recorder.start();
  return { lane, kernel, tape, recorder, batches, stale, broken };
}

const market = (n: number): Unstamped<TapeEvent> => ({
  kind: 'market',
  ref: n as MarketRef,
  info: toyMarket(`lane${lanes}-${n}`),
});
const trusted = (n: number): Unstamped<TapeEvent> => ({
  kind: 'continuity',
  market: n as MarketRef,
  trusted: true,
  reason: 'snapshot',
  detail: '',
});
const book = (n: number, bid: number, snapshot = false): Unstamped<TapeEvent> => ({
  kind: 'book',
  market: n as MarketRef,
  snapshot,
  levels: Float64Array.of(0, bid, 500, 1, bid + 20_000, 700),
  merged: 1,
  venueAt: null,
  connection: 1,
  venueSeq: null,
});
const trade = (n: number, id: string): Unstamped<TapeEvent> => ({
  kind: 'trade',
  market: n as MarketRef,
  tradeId: id,
  price: price(400_000),
  size: size(100),
  taker: 'buy',
  venueAt: null,
  connection: 1,
  venueSeq: null,
});
const account: Unstamped<TapeEvent> = {
  kind: 'act',
  id: 'a1',
  by: 'test',
  act: {
    kind: 'account',
    account: {
      id: 'main' as AccountId,
      title: 'Main',
      openingCash: 10_000_000_000,
      limits: DEFAULT_LIMITS,
      kalshiPrecision: 'direct',
    },
  },
};

async function stored(lane: number): Promise<{ events: TapeEvent[]; journal: JournalEntry[] }> {
  const store = createTapeStore(pool);
  const events: TapeEvent[] = [];
  const { rows } = await pool.query<{ head: number }>('SELECT head_seq AS head FROM lane WHERE id = $1', [lane]);
  const { head } = rows[0];
  for await (const event of store.read(lane, 1, head)) events.push(event);
  const journal: JournalEntry[] = [];
  for await (const entry of store.readJournal(lane, 1, head)) journal.push(entry);
  return { events, journal };
}

/** Recovers the lane as `build`; `wrote`: that very build wrote all of it. */
async function recoverBy(build: string, lane: number, wrote = false) {
  const store = createTapeStore(pool);
  const { headSeq } = await store.takeOver(lane, 'replay');
  const builds = createLaneBuilds(pool);
  const row: LaneBuild = { build, afterSeq: 0, how: 'first', at: 0, note: '' };
  return recover({
    lane,
    headSeq,
    build,
    store,
    builds: { ...builds, list: () => Promise.resolve(wrote ? [row] : []) },
    newKernel: () => newKernel(lane),
    now: Date.now,
  });
}

describe('the lane', () => {
  it('stamps without a gap, never back in time, and commits a prefix', async () => {
    const { lane, tape, recorder, kernel, batches } = await bench();
    tape.emit(account);
    tape.emit(market(0));
    for (let n = 0; n < 50; n++) {
      tape.emit(book(0, 400_000 + (n % 5) * 10_000, n === 0));
      tape.emit(trade(0, `t${n}`));
      if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 15));
    }
    await recorder.stop();
    const { events } = await stored(lane);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, at) => at + 1));
    expect(events.length).toBe(102);
    expect(events.every((event, at) => at === 0 || event.at >= events[at - 1].at)).toBe(true);
    expect(kernel.seq).toBe(102);
    expect(batches.length).toBeGreaterThan(2);
    expect(batches.at(-1)?.snapshot).not.toBeNull();
  });

  it('gives the same journal live, replayed and recovered from a snapshot', async () => {
    const { lane, tape, recorder } = await bench({ pace: { snapshotEvents: 20 } });
    tape.emit(account);
    for (let n = 0; n < 3; n++) {
      tape.emit(market(n));
      tape.emit(book(n, 400_000, true));
      tape.emit(trusted(n));
    }
    for (let n = 0; n < 40; n++) {
      tape.emit(book(n % 3, 300_000 + n * 1000));
      if (n % 15 === 0) await new Promise((resolve) => setTimeout(resolve, 15));
    }
    tape.emit({
      kind: 'act',
      id: 'a2',
      by: 'test',
      act: { kind: 'kill-switch', on: true, account: null, reason: 'test' },
    });
    await recorder.stop();
    const { journal } = await stored(lane);
    expect(journal.length).toBeGreaterThan(0);

    const whole = await recoverBy('another build', lane);
    expect(whole).toMatchObject({ fromSnapshot: 0, replayed: whole.kernel.seq, compared: journal.length });
    expect(whole.began).toMatchObject({ how: 'same', afterSeq: whole.kernel.seq });
    const tail = await recoverBy('test', lane, true);
    expect(tail.began).toBeNull();
    expect(tail.fromSnapshot).toBeGreaterThan(0);
    expect(tail.kernel.seq).toBe(whole.kernel.seq);
    expect(tail.kernel.look.accounts()).toEqual(whole.kernel.look.accounts());
  });

  it('refuses to go on when the stored journal is not what its own build makes of the tape', async () => {
    const { lane, tape, recorder } = await bench({ pace: { snapshotMs: 1e9 } });
    tape.emit(account);
    tape.emit({
      kind: 'act',
      id: 'a3',
      by: 'test',
      act: { kind: 'kill-switch', on: true, account: null, reason: 'test' },
    });
    await recorder.stop();
    await pool.query('DELETE FROM lane_snapshot WHERE lane = $1', [lane]);
    await pool.query(`UPDATE journal SET body = jsonb_set(body::jsonb, '{reason}', '"forged"')::json WHERE lane = $1`, [
      lane,
    ]);
    await expect(recoverBy('test', lane, true)).rejects.toThrow(Defect);
    await expect(recoverBy('test', lane, true)).rejects.toThrow('forged');
    expect((await recoverBy('another build', lane)).began).toMatchObject({
      how: 'adopted',
      note: 'goes on from what is stored: event 2 now gives another journal than the stored one',
    });
  });

  it('publishes nothing that is not committed, and goes on when the database is back', async () => {
    const real = createTapeStore(pool);
    let away = false;
    const flaky: TapeStore = {
      takeOver: (lane, owner) => real.takeOver(lane, owner),
      append: (batch) => (away ? Promise.reject(new Error('the database is away')) : real.append(batch)),
      read: (...range) => real.read(...range),
      readJournal: (...range) => real.readJournal(...range),
      newestSnapshot: (lane, build) => real.newestSnapshot(lane, build),
    };
    const { lane, tape, recorder, batches, broken } = await bench({ store: flaky, pace: { mostUncommitted: 10 } });
    tape.emit(market(0));
    tape.emit(book(0, 400_000, true));
    await vi.waitFor(() => expect([batches.length > 0, broken]).toEqual([true, []]));
    away = true;
    const before = batches.length;
    for (let n = 0; n < 100; n++) {
      tape.emit(book(0, 400_000 + n * 1000));
      if (n % 10 === 0) tape.emit(trade(0, `t${n}`));
    }
    await vi.waitFor(() => expect(recorder.failure).not.toBeNull());
    expect(batches.length).toBe(before);
    expect(tape.held.size).toBeGreaterThan(0);
    away = false;
    await vi.waitFor(() => expect(tape.held.size).toBe(0), { timeout: 5000 });
    await recorder.stop();
    expect(recorder.failure).toBeNull();
    const { events } = await stored(lane);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, at) => at + 1));
    const books = events.filter((event) => event.kind === 'book');
    expect(books.reduce((sum, event) => sum + event.merged, 0)).toBe(101);
    expect(books.some((event) => event.merged > 1)).toBe(true);
    expect(events.filter((event) => event.kind === 'trade').length).toBe(10);
  });

  it('stops at once when another worker has taken the lane', async () => {
    const first = await bench();
    first.tape.emit(market(0));
    await vi.waitFor(() => expect(first.batches.length).toBe(1));
    await createTapeStore(pool).takeOver(first.lane, 'another');
    first.tape.emit(book(0, 400_000, true));
    await vi.waitFor(() => expect(first.stale.length).toBe(1));
    first.tape.emit(book(0, 410_000));
    await first.recorder.stop();
    expect((await stored(first.lane)).events.length).toBe(1);
    expect(first.broken).toEqual([]);
  });

  it('answers an inbox row with its event, or with the head when nothing changed', async () => {
    const { lane, tape, recorder } = await bench();
    for (const id of ['row-1', 'row-2'])
      await pool.query(
        `INSERT INTO inbox (id, position, lane, kind, body, "by", created_at) VALUES ($1, nextval('inbox_position'), $2, 'act', '{}', 'test', 0)`,
        [id, lane],
      );
    tape.answering('row-1', () => tape.emit(account));
    tape.answering('row-2', () => undefined);
    await recorder.stop();
    const { rows } = await pool.query(`SELECT id, seq FROM inbox WHERE lane = $1 ORDER BY id`, [lane]);
    expect(rows).toEqual([
      { id: 'row-1', seq: 1 },
      { id: 'row-2', seq: 1 },
    ]);
  });

  it('pauses a workflow by the very next event when one of its hooks fails', async () => {
    const { kernel, recorder } = await bench();
    const failures: Unstamped<TapeEvent>[] = [];
    const seen: string[] = [];
    const tape = new Lane({
      lane: lanes,
      kernel,
      recorder,
      now: Date.now,
      failed: () => failures.shift() as Extract<Unstamped<TapeEvent>, { kind: 'paused' }> | undefined,
      applied: (event) => seen.push(event.kind),
    });
    failures.push({ kind: 'paused', workflow: 'w', cause: 1, reason: 'threw' } as Unstamped<TapeEvent>);
    tape.emit({ kind: 'beat' });
    expect(seen).toEqual(['beat', 'paused']);
    await recorder.stop();
  });
});
