import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInPlugins, createLog } from '#host';
import { openTasks, type StorageTask } from '#data';
import { RunRepo } from '../../apps/worker/src/jobs/run.repo.js';
import { workTask, type TaskWork } from '../../apps/worker/src/jobs/storage-tasks.js';
import { exportJob, importJob } from '../../apps/worker/src/jobs/transfer.job.js';
import { ApiBench } from './api-bench.js';
import { KALSHI, LANE, POLY } from '../../libs/data/src/queries/sample-lane.spec-support.js';

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.start();
  await bench.setUp();
});
afterAll(() => bench?.stop());

const POLICY = '{ ... on StoredTable { name keepDays compressHours } ... on Problem { message } }';

describe('storage', () => {
  it('is told table by table, with what is kept of each', async () => {
    const { data, errors } = await bench.ask(
      '{ storage { layout why tables { name rows bytes parts compressedParts ratio oldestAt newestAt keepDays compressHours mayDrop mayCompress } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.storage).toMatchObject({ layout: 'plain', why: expect.stringContaining('TimescaleDB') });
    const trade = data.storage.tables.find(({ name }: { name: string }) => name === 'trade');
    expect(trade).toMatchObject({
      keepDays: null,
      compressHours: null,
      mayDrop: true,
      mayCompress: false,
      ratio: null,
    });
    expect(trade.oldestAt).toBeGreaterThan(1_700_000_000_000);
    expect(trade.newestAt).toBeGreaterThanOrEqual(trade.oldestAt);
  });

  it('keeps what an admin says, shows before what would go, and writes it down', async () => {
    const set = (table: string, keepDays: number | null) =>
      bench.ask(`mutation ($keepDays: Int) { setStoragePolicy(table: "${table}", keepDays: $keepDays) ${POLICY} }`, {
        keepDays,
      });
    const preview = await bench.ask(
      '{ storagePreview(table: "quote", keepDays: 30) { ... on StorageDrop { parts bytes } ... on Problem { message } } }',
    );
    expect(preview.data.storagePreview).toEqual({ parts: 0, bytes: 0 });
    expect((await set('quote', 30)).data.setStoragePolicy).toEqual({
      name: 'quote',
      keepDays: 30,
      compressHours: null,
    });
    expect((await set('quote', 3)).data.setStoragePolicy.message).toContain('at least 7 days');
    expect((await set('event', 30)).data.setStoragePolicy.message).toContain('kept for ever');
    expect((await set('app_user', null)).data.setStoragePolicy.message).toContain('no stored table');
    expect((await set('quote', null)).data.setStoragePolicy).toMatchObject({ keepDays: null });
    const audit = await bench.pool.query(
      "select target, detail from audit where action = 'storage.policy' order by id",
    );
    expect(audit.rows.map(({ target, detail }) => [target, detail.from.keepDays, detail.to.keepDays])).toEqual([
      ['quote', null, 30],
      ['quote', 30, null],
    ]);
  });

  it('reads the tape itself, of some markets or all, page by page', async () => {
    const read = async (query: string) =>
      (await bench.ask(`{ tape(${query}) { items { seq kind market body } nextSeq } }`)).data.tape;
    const all = await read('first: 4');
    expect(all.items.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2, 3, 4]);
    const rest = await read(`first: 100, fromSeq: ${all.nextSeq}`);
    expect(rest.items[0].seq).toBe(5);
    expect(rest.nextSeq).toBeNull();
    const one = await read(`first: 100, markets: ["${POLY}"]`);
    expect(one.items.length).toBeGreaterThan(2);
    expect(one.items.every(({ market }: { market: string }) => market === POLY)).toBe(true);
    const book = one.items.find(({ kind }: { kind: string }) => kind === 'book');
    expect(book.body.levels.length % 3).toBe(0);
    expect((await bench.ask('{ tape(markets: ["kalshi:none"]) { nextSeq } }')).errors?.[0].message).toContain(
      'no market',
    );
  });

  it('tells how much of each day of a market was recorded', async () => {
    const { data, errors } = await bench.ask(`{
      coverage(market: "${POLY}") { at trustedMs gapMs silentMs losses }
      unknown: coverage(market: "kalshi:none") { at }
    }`);
    expect(errors?.[0].message).toBe('There is no market kalshi:none.');
    expect(data).toBeNull();
    const { coverage } = (await bench.ask(`{ coverage(market: "${POLY}") { at trustedMs gapMs silentMs losses } }`))
      .data;
    expect(coverage.length).toBeGreaterThanOrEqual(90);
    expect(coverage.at(-1).trustedMs + coverage.at(-1).gapMs).toBeGreaterThan(0);
    const { firstHeard } = (await bench.ask(`{ firstHeard(market: "${POLY}") }`)).data;
    const told = coverage.find(({ trustedMs, gapMs }: { trustedMs: number; gapMs: number }) => trustedMs + gapMs > 0);
    expect(Math.floor(firstHeard / 86_400_000) * 86_400_000).toBe(told.at);
  });
});

describe('what takes a while', () => {
  const TASK = '{ ... on StorageTask { id kind state title by } ... on Problem { message fields { path message } } }';
  const stop = new AbortController();
  /** What the worker of the jobs does with all that is asked for. */
  async function work(): Promise<void> {
    const { pool, bus, options } = bench;
    const clock = { now: Date.now, signal: stop.signal };
    const house = {
      pool,
      runs: new RunRepo(pool, bus, Date.now),
      log: createLog('error', {}, () => undefined),
      now: Date.now,
      stopping: stop.signal,
    };
    const { dataDir } = options.config;
    const one = (task: StorageTask): ReturnType<TaskWork> =>
      task.kind === 'export'
        ? exportJob(pool, task, dataDir, clock)
        : importJob(pool, task, dataDir, builtInPlugins().venues, clock);
    for (const { id } of await openTasks(pool)) await workTask(house, id, one);
  }
  const tasks = async (): Promise<
    { id: string; state: string; note: string; url: string | null; problems: string[] }[]
  > => (await bench.ask('{ storageTasks(first: 20) { id kind state note url progress problems } }')).data.storageTasks;
  const send = (query: string, body: Uint8Array | string, cookie = bench.cookie): Promise<Response> =>
    fetch(`${bench.api.url}/imports?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', cookie },
      body,
    });
  const rowsOf = async (lane: number): Promise<unknown> =>
    (
      await bench.pool.query(
        `SELECT (SELECT count(*)::int FROM book_change WHERE lane = $1) AS books, (SELECT count(*)::int FROM trade WHERE lane = $1) AS trades,
           (SELECT count(*)::int FROM journal WHERE lane = $1) AS journal, (SELECT count(*)::int FROM event WHERE lane = $1) AS events`,
        [lane],
      )
    ).rows[0];

  it.each(['parquet', 'csv', 'replay'])(
    'is exported as %s, downloaded, uploaded and imported, as it was',
    async (format) => {
      const asked = await bench.ask(`mutation { startExport(input: { format: "${format}" }) ${TASK} }`);
      expect(asked.data.startExport).toMatchObject({ kind: 'export', state: 'waiting', by: 'Ada' });
      const { id } = asked.data.startExport;
      expect((await fetch(`${bench.api.url}/exports/${id}`, { headers: { cookie: bench.cookie } })).status).toBe(404);
      await work();
      const done = (await tasks()).find((task) => task.id === id)!;
      expect(done).toMatchObject({ state: 'done', url: `/exports/${id}` });
      expect((await fetch(`${bench.api.url}${done.url}`)).status).toBe(401);
      const answer = await fetch(`${bench.api.url}${done.url}`, { headers: { cookie: bench.cookie } });
      expect(answer.headers.get('content-disposition')).toMatch(
        format === 'replay' ? /tape-lane\d+-.*\.replay/ : new RegExp(`tape-lane\\d+-.*\\.${format}\\.tar`),
      );
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const lane = { parquet: 801, csv: 802, replay: 803 }[format]!;
      const uploaded = (await (await send(`name=tape&lane=${lane}`, bytes)).json()) as { readonly id: string };
      expect(uploaded).toMatchObject({ kind: 'import', state: 'waiting', title: `tape into lane ${lane}` });
      await work();
      expect((await tasks()).find((task) => task.id === uploaded.id)).toMatchObject({
        state: 'done',
        note: expect.stringContaining(`rows are in lane ${lane}`),
      });
      expect(await rowsOf(lane)).toEqual(await rowsOf(LANE));
      // The same file again writes nothing.
      // And to the lane it was taken from it brings nothing.
      const back = (await (await send('name=tape', bytes)).json()) as { readonly id: string };
      await work();
      expect((await tasks()).find((task) => task.id === back.id)).toMatchObject({
        state: 'done',
        note: expect.stringContaining('nothing was written'),
      });
      const again = (await (await send(`name=tape&lane=${lane}`, bytes)).json()) as { readonly id: string };
      await work();
      expect((await tasks()).find((task) => task.id === again.id)?.note).toContain('nothing was written');
      expect(await rowsOf(lane)).toEqual(await rowsOf(LANE));
      const runs = (await bench.ask('{ runs { items { id kind state progress } } }')).data.runs.items;
      // Nobody records an imported lane, and nobody is to be told so.
      expect((await bench.ask('{ health { lanes { lane } } }')).data.health.lanes).toEqual([{ lane: LANE }]);
      expect(runs).toContainEqual({ id: `storage-${id}`, kind: 'export', state: 'done', progress: 1 });
    },
  );

  it('takes captured frames of a venue, and names the lines that were refused', async () => {
    const at = Date.now() - 60_000;
    const line = (ms: number, frame: unknown): string => JSON.stringify({ received_ms: at + ms, frame });
    const msg = { market_ticker: 'T', yes_dollars_fp: [['0.4000', '5.00']], no_dollars_fp: [['0.5800', '7.00']] };
    const capture = [line(0, { type: 'orderbook_snapshot', sid: 1, seq: 1, msg }), '', line(5, 'what is this')].join(
      '\n',
    );
    const sent = (await (await send('name=frames.jsonl&venue=kalshi', capture)).json()) as { readonly id: string };
    await work();
    const done = (await tasks()).find((task) => task.id === sent.id);
    expect(done).toMatchObject({
      state: 'done',
      note: expect.stringMatching(/^\d+ events are in lane 1\d{3}; 1 line was refused$/),
      problems: [expect.stringMatching(/^line 3: ./)],
    });
  });

  it('is refused with reasons: a spoilt file, a viewer, nobody, a lane that is taken', async () => {
    const spoilt = (await (await send('name=x.tar', 'this is no archive at all')).json()) as { readonly id: string };
    await work();
    const failed = (await tasks()).find((task) => task.id === spoilt.id)!;
    expect(failed.state).toBe('failed');
    expect(failed.note).not.toContain('transfers');
    expect((await send('name=x', 'x', '')).status).toBe(401);
    expect((await send('name=x&lane=one', 'x')).status).toBe(400);
    expect((await bench.post('/imports', {}, { cookie: bench.cookie })).status).toBe(400);
    // It can be asked for again, and be cancelled.
    const resumed = await bench.ask(`mutation { resumeStorageTask(id: "${spoilt.id}") ${TASK} }`);
    expect(resumed.data.resumeStorageTask).toMatchObject({ state: 'waiting' });
    const cancelled = await bench.ask(`mutation { cancelStorageTask(id: "${spoilt.id}") ${TASK} }`);
    expect(cancelled.data.cancelStorageTask).toMatchObject({ state: 'cancelled' });
    // The page of runs shows the same and can do the same.
    const run = async () =>
      (await bench.ask(`{ run(id: "storage-${spoilt.id}") { state attempts canRetry canCancel } }`)).data.run;
    const asked = (what: string) =>
      bench.ask(
        `mutation { ${what}(id: "storage-${spoilt.id}") { ... on RunAsked { run } ... on Problem { message } } }`,
      );
    expect(await run()).toEqual({ state: 'cancelled', attempts: 1, canRetry: true, canCancel: false });
    expect((await asked('retryRun')).data.retryRun).toEqual({ run: `storage-${spoilt.id}` });
    expect(await run()).toMatchObject({ state: 'waiting', canCancel: true });
    expect((await asked('cancelRun')).data.cancelRun).toEqual({ run: `storage-${spoilt.id}` });
    expect(await run()).toMatchObject({ state: 'cancelled' });
    expect((await tasks()).find(({ id }) => id === spoilt.id)).toMatchObject({ state: 'cancelled' });
    // Its worker took it and died: nobody is left to end the run but who cancels it.
    await asked('retryRun');
    await bench.pool.query(`UPDATE storage_task SET state = 'running' WHERE id = $1`, [spoilt.id]);
    await bench.pool.query(`UPDATE run SET state = 'running' WHERE job = $1`, [spoilt.id]);
    await asked('cancelRun');
    expect(await run()).toMatchObject({ state: 'cancelled', canRetry: true });
    const refused = await bench.ask(
      'mutation { startExport(input: { format: "xml", lane: 77 }) { ... on Problem { fields { path } } } }',
    );
    expect(refused.data.startExport.fields).toEqual([{ path: '/format' }, { path: '/lane' }]);
  });

  it('is a backfill of the markets of a venue, asked for field by field', async () => {
    const from = Date.now() - 86_400_000;
    const start = (input: object) =>
      bench.ask(`mutation ($input: BackfillInput!) { startBackfill(input: $input) ${TASK} }`, { input });
    const refused = await start({ venue: 'mars', kinds: ['books'], from: 1, markets: [POLY] });
    expect(refused.data.startBackfill.fields.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/from',
      '/kinds',
      '/markets',
      '/venue',
    ]);
    const asked = await start({ venue: 'kalshi', kinds: ['candles', 'trades'], from });
    expect(asked.data.startBackfill).toMatchObject({
      kind: 'backfill',
      title: 'kalshi: candles and trades of 1 market',
    });
    const { rows } = await bench.pool.query('SELECT body FROM storage_task WHERE id = $1', [
      asked.data.startBackfill.id,
    ]);
    expect(rows[0].body).toMatchObject({ venue: 'kalshi', markets: [KALSHI], from });
    expect((await bench.ask('{ venuePasts { venue kinds sentence } }')).data.venuePasts.length).toBe(2);
    await bench.ask(`mutation { cancelStorageTask(id: "${asked.data.startBackfill.id}") ${TASK} }`);
  });

  it('shows candles with where they come from, and past books', async () => {
    const at = Math.floor((Date.now() - 40 * 86_400_000) / 60_000) * 60_000;
    await bench.pool.query(
      `INSERT INTO backfill_candle (market, period_ms, at, bid, ask, volume, fetched_at) VALUES ($1, 60000, $2, '{400000,420000,390000,410000}', '{430000,440000,420000,430000}', 250, $2)`,
      [POLY, at],
    );
    await bench.pool.query(
      `INSERT INTO backfill_trade (market, trade_id, at, price, size, taker, fetched_at) VALUES ($1, 'old', $2, 400000, 100, 'buy', $2)`,
      [POLY, at],
    );
    const { data, errors } = await bench.ask(
      `query ($from: Instant!, $to: Instant!) {
        candles(market: "${POLY}", from: $from, to: $to, pixels: 100000) { stepMs }
        all: candles(market: "${POLY}", from: $from, to: $to, pixels: 5000) { stepMs candles { at origin bid { open high low close } ask { close } mid { close } volume } }
        pastTrades(market: "${POLY}", from: $from, to: $to) { origin tradeId price }
        pastDepth(market: "${POLY}", at: $to) { bids { price } asks { price } trusted }
        before: pastDepth(market: "${POLY}", at: $from) { seq bids { price } trusted }
      }`,
      { from: at, to: Date.now() + 60_000 },
    );
    expect(errors?.[0].message).toContain('pixels');
    expect(data).toBeNull();
    const asked = await bench.ask(
      `query ($from: Instant!, $to: Instant!) {
        candles(market: "${POLY}", from: $from, to: $to, pixels: 5000) { stepMs candles { at origin bid { open high low close } ask { close } mid { close } volume } }
        pastTrades(market: "${POLY}", from: $from, to: $to) { origin tradeId price }
        pastDepth(market: "${POLY}", at: $to) { bids { price } asks { price } trusted }
        before: pastDepth(market: "${POLY}", at: $from) { seq bids { price } trusted }
      }`,
      { from: at, to: Date.now() + 60_000 },
    );
    expect(asked.errors).toBeUndefined();
    const { candles, pastTrades, pastDepth, before } = asked.data;
    expect(candles.candles[0]).toMatchObject({
      origin: 'backfill',
      bid: { open: 400_000, high: 420_000, low: 390_000, close: 410_000 },
      ask: { close: 430_000 },
      mid: { close: null },
      volume: 250,
    });
    expect(candles.candles.slice(1).map(({ origin }: { origin: string }) => origin)).toContain('recorded');
    expect(pastTrades[0]).toEqual({ origin: 'backfill', tradeId: 'old', price: 400_000 });
    expect(pastTrades.some(({ origin }: { origin: string }) => origin === 'recorded')).toBe(true);
    expect(pastDepth).toMatchObject({
      bids: [{ price: 395_000 }, ...pastDepth.bids.slice(1)],
      asks: expect.any(Array),
    });
    expect(before).toEqual({ seq: 0, bids: [], trusted: false });
  });
});
