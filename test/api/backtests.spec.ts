import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MarketInfo, MarketRef, TapeEvent, Unstamped } from '#core';
import { BacktestRepo, importEvents } from '#data';
import { builtInPlugins, scopeOf } from '#host';
import { defineFlow, defineQueue, defineWorker, queueConnection } from '#queue';
import { performBacktest } from '../../apps/worker/src/backtests/perform.js';
import { SweepFlow, type BacktestJob } from '../../apps/worker/src/backtests/sweep-flow.js';
import { ApiBench } from './api-bench.js';

const LANE = 5;
const START = Date.now() - 7_200_000;

/** Two linked markets whose books part for a while, twenty times, and then have their result. */
function tape(): readonly TapeEvent[] {
  const events: TapeEvent[] = [];
  let at = START;
  const add = (event: Unstamped<TapeEvent>): void =>
    void events.push({ lane: LANE, seq: events.length + 1, at, ...event } as TapeEvent);
  const book = (market: number, bid: number, ask: number): void =>
    add({
      kind: 'book',
      market: market as MarketRef,
      snapshot: true,
      levels: Float64Array.of(0, bid * 10_000, 5_000, 1, ask * 10_000, 5_000),
      merged: 1,
      venueAt: null,
      connection: 1,
      venueSeq: null,
    });
  const info = (id: string, rule: object): MarketInfo =>
    ({
      id,
      group: null,
      title: `Will ${id} happen?`,
      rules: '',
      category: 'politics',
      status: 'open',
      grid: [{ start: 0, end: 1_000_000, step: 10_000 }],
      minSize: 500,
      sizeStep: 100,
      fees: [{ from: 0, rule }],
      closesAt: START + 30 * 86_400_000,
      paysAt: START + 30 * 86_400_000,
      venueData: {},
    }) as unknown as MarketInfo;
  const kalshi = { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 };
  const polymarket = { kind: 'polymarket', rate: 40_000, exponent: 1, rounding: 'floor' };
  add({ kind: 'market', ref: 0 as MarketRef, info: info('kalshi:x', kalshi) });
  add({ kind: 'market', ref: 1 as MarketRef, info: info('polymarket:x', polymarket) });
  const link = { id: 'x', version: 1, a: 'kalshi:x', b: 'polymarket:x', polarity: 'same', state: 'reviewed' } as const;
  add({ kind: 'link', link: { ...link, mismatch: 0.001, differences: [], reviewedBy: 'Ada' } as never });
  for (const market of [0, 1]) {
    book(market, 40, 42);
    add({ kind: 'continuity', market: market as MarketRef, trusted: true, reason: 'snapshot', detail: '' });
  }
  for (let round = 0; round < 20; round++) {
    at += 5_000;
    book(1, round % 2 === 0 ? 56 : 40, round % 2 === 0 ? 58 : 42);
    for (let i = 0; i < 20; i++) {
      at += 200;
      book(0, 40, 42);
    }
    add({ kind: 'beat' });
  }
  for (const market of [0, 1])
    add({
      kind: 'resolution',
      market: market as MarketRef,
      outcome: { kind: 'value', yesPays: 0 as never },
      final: true,
    });
  at += 1_000;
  add({ kind: 'beat' });
  return events;
}

const RUN = 'id title state note done total leftMs lines digest profit trades asked';
const START_RUN = `mutation ($input: BacktestInput!) { startBacktest(input: $input) { ... on BacktestSaved { id } ... on Problem { message fields { path } } } }`;

describe('backtests of a recorded tape', () => {
  let bench: ApiBench;
  const perform = (id: string, stop?: AbortSignal) =>
    performBacktest({ pool: bench.pool, plugins: builtInPlugins(), build: 'spec', now: Date.now }, id, stop);
  const start = async (input: object): Promise<string> => {
    const { data } = await bench.ask(START_RUN, {
      input: { workflow: 'pairs', settings: { stress: false }, ...input },
    });
    expect(data.startBacktest.message).toBeUndefined();
    return data.startBacktest.id;
  };
  const run = async (id: string) =>
    (
      await bench.ask(`{ backtest(id: "${id}") { run { ${RUN} } stress { label profit } report { profit filled coverage
      sharpeAnnual { value low high } curve { at equity locked } byVenue { key profit trades } trades { signalId at reason paid received causes legs { market outcome size limit } } denials { rule count } } } }`)
    ).data.backtest;

  beforeAll(async () => {
    bench = await ApiBench.start();
    await bench.setUp();
    const events = tape();
    await importEvents(bench.pool, { lane: LANE, digest: 'made up', events, now: Date.now() });
    const record = {
      id: 'pairs',
      version: 2,
      title: 'Pairs',
      plugin: 'cross-venue-arbitrage',
      pluginVersion: builtInPlugins().find('cross-venue-arbitrage')!.plugin.manifest.version,
      config: {},
      scope: scopeOf({}),
      account: 'main',
      mode: 'paper',
      limits: {},
      models: [],
    };
    await bench.pool.query(
      `INSERT INTO workflow_version (workflow, version, lane, seq, at, "by", record) VALUES ('pairs', 2, $1, 1, $2, 'Ada', $3)`,
      [LANE, START, JSON.stringify(record)],
    );
  });
  afterAll(() => bench.stop());

  it('are asked for, worked, and shown with a report whose parts add up', async () => {
    const id = await start({ title: 'First', settings: {} });
    expect((await run(id)).run).toMatchObject({ state: 'waiting', title: 'First' });
    expect(await new BacktestRepo(bench.pool).due()).toContainEqual({ id, attempt: 1 });
    expect(await perform(id)).toBe('done');
    const { run: row, report, stress } = await run(id);
    expect(row).toMatchObject({ state: 'done', note: '', leftMs: null });
    expect(row.done).toBe(row.total);
    expect(report.filled).toBeGreaterThan(0);
    expect(report.coverage).toBe(1);
    expect(report.byVenue.reduce((sum: number, line: { profit: number }) => sum + line.profit, 0)).toBe(report.profit);
    expect(stress).toHaveLength(4);
    const { data } = await bench.ask(
      `{ backtestTrace(id: "${id}", signal: "${report.trades[0].signalId}") {
           decision { at books { market { title } trusted bids { price size } } rules { rule refuses headroom } }
           trace { entries { kind summary } causes { seq } } }
         none: backtestTrace(id: "${id}", signal: "S0.0") { trace { signalId } } backtestPage(id: "${id}") backtestFile(id: "${id}")
         backtest(id: "${id}") { run { made { name value } } report { titles { id title } byVenue { fees } fees } } }`,
    );
    const file = JSON.parse(data.backtestFile);
    expect(file).toMatchObject({ tape: { lane: LANE }, refused: '', header: { title: 'First' } });
    expect(file.traces[report.trades[0].signalId].decision.rules.length).toBeGreaterThan(20);
    expect(data.backtest.run.made).toContainEqual({
      name: 'Least edge',
      value: expect.stringContaining('¢ a contract'),
    });
    const shown = data.backtest.report;
    expect(shown.titles).toContainEqual({ id: 'kalshi:x', title: 'Will kalshi:x happen?' });
    expect(shown.byVenue.reduce((sum: number, { fees }: { fees: number }) => sum + fees, 0)).toBe(shown.fees);
    const { decision, trace } = data.backtestTrace;
    expect(decision.at).toBe(report.trades[0].at);
    expect(decision.books).toHaveLength(2);
    expect(decision.books[0]).toMatchObject({ market: { title: 'Will kalshi:x happen?' }, trusted: true });
    expect(decision.rules.find(({ rule }: { rule: string }) => rule === 'insufficient-cash').headroom).toBeGreaterThan(
      0,
    );
    const kinds = trace.entries.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['signal', 'order', 'fill', 'settlement']));
    expect(trace.entries[0].summary).toContain('“Will kalshi:x happen?”');
    expect(trace.causes.length).toBeGreaterThan(0);
    expect(data.none).toBeNull();
    for (const part of ['<h1>First</h1>', 'What the gate asked', 'What was seen', 'resolved NO'])
      expect(data.backtestPage).toContain(part);
  });

  it('give the same journal again, and tell where another one parts from it', async () => {
    const [a, b, c] = [
      await start({}),
      await start({}),
      await start({ settings: { stress: false, feesPercent: 1_000 } }),
    ];
    for (const id of [a, b, c]) await perform(id);
    expect((await run(b)).run.digest).toBe((await run(a)).run.digest);
    const compare = async (x: string, y: string) =>
      (
        await bench.ask(
          `{ compareBacktests(a: "${x}", b: "${y}") { count same list { seq before { summary body } after { summary body } } } }`,
        )
      ).data.compareBacktests;
    expect(await compare(a, b)).toMatchObject({ count: 0, list: [] });
    const parted = await compare(a, c);
    expect(parted.count).toBeGreaterThan(0);
    expect(parted.list[0].before).not.toEqual(parted.list[0].after);
  });

  it('are refused with the path of what is wrong', async () => {
    const asked = async (input: object) =>
      (await bench.ask(START_RUN, { input: { workflow: 'pairs', ...input } })).data.startBacktest;
    expect(await asked({ workflow: 'nobody' })).toMatchObject({ fields: [{ path: '/workflow' }] });
    expect(await asked({ version: 9 })).toMatchObject({ fields: [{ path: '/workflow' }] });
    expect(await asked({ config: { nothing: 1 } })).toHaveProperty('fields.0.path', '/config/nothing');
    expect(await asked({ settings: { latencyMs: -1 } })).toMatchObject({ fields: [{ path: '/settings/latencyMs' }] });
    expect(await asked({ fromAt: 2, toAt: 1 })).toMatchObject({ fields: [{ path: '/toAt' }] });
  });

  it('are cancelled before they begin and while they run, begun anew, and removed', async () => {
    const act = async (what: string, id: string) =>
      (await bench.ask(`mutation { ${what}(id: "${id}") { ... on BacktestSaved { id } ... on Problem { message } } }`))
        .data[what];
    const id = await start({});
    expect(await act('removeBacktest', id)).toHaveProperty('message');
    expect(await act('cancelBacktest', id)).toEqual({ id });
    expect(await perform(id)).toBeNull();
    expect((await run(id)).run.state).toBe('cancelled');
    expect(await act('retryBacktest', id)).toEqual({ id });
    let now = 0;
    const slow = performBacktest(
      { pool: bench.pool, plugins: builtInPlugins(), build: 'spec', now: () => (now += 1_000) },
      id,
    );
    await expect.poll(async () => (await run(id)).run.state).toBe('running');
    await act('cancelBacktest', id);
    expect(['cancelled', 'done']).toContain(await slow);
    await act('retryBacktest', id);
    const stop = new AbortController();
    stop.abort();
    const stopping = perform(id, stop.signal);
    await stopping.catch(() => undefined);
    expect(['running', 'done']).toContain((await run(id)).run.state);
    expect(await perform(id)).not.toBe('cancelled');
    expect(await act('removeBacktest', id)).toEqual({ id });
    expect((await bench.ask(`{ backtest(id: "${id}") { run { id } } }`)).data.backtest).toBeNull();
  });

  it('are told to who looks at the list: as they are, as they change, and when they are gone', async () => {
    type Told = { backtests: { whole: boolean; rows: { id: string; state: string }[]; gone: string[] } };
    const list = bench.follow<Told>('subscription { backtests { whole rows { id state } gone } }');
    const told = () => list.heard.map(({ backtests }) => backtests);
    await expect.poll(() => told().length).toBe(1);
    expect(told()[0]).toMatchObject({ whole: true, gone: [] });
    expect(told()[0].rows.length).toBeGreaterThan(1);
    const id = await start({ title: 'Watched' });
    await expect.poll(() => told().at(-1), { timeout: 3_000 }).toMatchObject({ rows: [{ id, state: 'waiting' }] });
    const one = bench.follow<Told>(`subscription { backtests(id: "${id}") { whole rows { id state } gone } }`);
    await bench.ask(`mutation { cancelBacktest(id: "${id}") { __typename } }`);
    await expect.poll(() => told().at(-1), { timeout: 3_000 }).toMatchObject({ rows: [{ id, state: 'cancelled' }] });
    await bench.ask(`mutation { removeBacktest(id: "${id}") { __typename } }`);
    for (const { heard } of [list, one])
      await expect
        .poll(() => heard.at(-1), { timeout: 3_000 })
        .toEqual({ backtests: { whole: false, rows: [], gone: [id] } });
    await Promise.all([list.end(), one.end()]);
    expect(bench.failures).toEqual([]);
  });

  it('stand in a list, newest first', async () => {
    const { data } = await bench.ask(`{ backtestRuns(first: 2) { ${RUN} header } }`);
    expect(data.backtestRuns).toHaveLength(2);
    expect(data.backtestRuns[0].header.workflows[0].plugin).toBe('cross-venue-arbitrage');
  });

  describe('swept over settings and windows', () => {
    const START_SWEEP = `mutation ($input: SweepInput!) { startSweep(input: $input) { ... on SweepSaved { id } ... on Problem { message fields { path } } } }`;
    const sweepOf = async (sweep: object, backtest: object = {}) =>
      (
        await bench.ask(START_SWEEP, {
          input: { backtest: { workflow: 'pairs', settings: {}, ...backtest }, sweep },
        })
      ).data.startSweep;
    const whole = async (id: string) =>
      (
        await bench.ask(`{ sweep(id: "${id}") { sweep { state runs over failed leftMs axes goal endedAt }
          outOfSample { profit drawdown period periods psr deflated tried curve { at equity } }
          choices { window set test trainProfit testProfit tried } windows { trainFrom trainTo testFrom testTo } sets
          cells { backtest set window part state profit trades } } }`)
      ).data.sweep;
    const act = async (what: string, id: string) =>
      (await bench.ask(`mutation { ${what}(id: "${id}") { ... on SweepSaved { id } ... on Problem { message } } }`))
        .data[what];
    const AXES = [{ path: '/maxContracts', values: [5, 50] }];

    /** A worker's queue, with the runs it was given. */
    function working(name: string, concurrency: number) {
      const backend = queueConnection({ databaseUrl: bench.database.url, redisUrl: null });
      const queue = defineQueue<BacktestJob, string>(backend, name);
      const flow = new SweepFlow({ pool: bench.pool, now: Date.now }, queue, defineFlow(backend));
      const given: string[] = [];
      const worker = defineWorker<BacktestJob, string>(
        backend,
        name,
        async ({ data }) => {
          if ('sweep' in data) return flow.settle(data.sweep);
          given.push(data.backtest);
          return (await perform(data.backtest)) ?? 'over';
        },
        { concurrency },
      );
      return {
        given,
        flow,
        stop: () => Promise.all([worker.close(), flow.close(), queue.close()]),
      };
    }

    it('are all run, judged by their tests first, and not run again when gone on with', async () => {
      const { id } = await sweepOf({ axes: AXES, goal: 'profit', windows: 2, trainRatio: 1, purgeMinutes: 0.05 });
      expect((await whole(id)).sweep).toMatchObject({ state: 'running', runs: 8, over: 0, axes: ['/maxContracts'] });
      expect((await bench.ask('{ backtestRuns(first: 500) { title } }')).data.backtestRuns).not.toContainEqual(
        expect.objectContaining({ title: expect.stringContaining('window') }),
      );
      const [first] = (await whole(id)).cells;
      expect(await perform(first.backtest)).toBe('done');

      const desk = working('sweeping', 2);
      await desk.flow.look();
      await desk.flow.look();
      await expect.poll(async () => (await whole(id)).sweep.state, { timeout: 20_000 }).toBe('done');
      expect(desk.given).toHaveLength(7);
      expect(new Set(desk.given).size).toBe(7);
      expect(desk.given).not.toContain(first.backtest);

      const told = await whole(id);
      expect(told.sweep).toMatchObject({ over: 8, failed: 0, leftMs: null });
      for (const choice of told.choices) {
        const of = (part: string) =>
          told.cells.filter((cell: typeof first) => cell.window === choice.window && cell.part === part);
        expect(choice.trainProfit).toBe(Math.max(...of('train').map(({ profit }: { profit: number }) => profit)));
        expect(choice.testProfit).toBe(of('test').find((cell: typeof first) => cell.set === choice.set).profit);
        expect(choice.tried).toBe(2);
      }
      expect(told.choices).toHaveLength(2);
      expect(told.windows[0].testFrom - told.windows[0].trainTo).toBe(3_000);
      const sum = told.choices.reduce((all: number, { testProfit }: { testProfit: number }) => all + testProfit, 0);
      expect(told.outOfSample).toMatchObject({ profit: sum, tried: 4, period: 'second' });
      expect(sum).toBeGreaterThan(0);
      expect(await act('resumeSweep', id)).toHaveProperty('message');
      expect(await act('removeSweep', id)).toEqual({ id });
      expect(await whole(id)).toBeNull();
      await desk.stop();
    });

    it('are cancelled and gone on with, without what was done', async () => {
      const { id } = await sweepOf({ axes: AXES, windows: 1, trainRatio: 1 });
      const [done, other] = (await whole(id)).cells;
      await perform(done.backtest);
      expect((await bench.ask(`mutation { retryBacktest(id: "${done.backtest}") { __typename } }`)).data).toEqual({
        retryBacktest: { __typename: 'Problem' },
      });
      expect(await act('removeSweep', id)).toHaveProperty('message');
      expect(await act('cancelSweep', id)).toEqual({ id });
      expect(await perform(other.backtest)).toBeNull();
      expect((await whole(id)).sweep).toMatchObject({ state: 'cancelled', over: 4 });
      expect(await act('resumeSweep', id)).toEqual({ id });
      expect((await whole(id)).sweep).toMatchObject({ state: 'running', over: 1 });
      const desk = working('going-on', 1);
      await desk.flow.look();
      await expect.poll(async () => (await whole(id)).sweep.state, { timeout: 20_000 }).toBe('done');
      expect(desk.given).toHaveLength(3);
      expect(desk.given).not.toContain(done.backtest);
      await desk.stop();
    });

    it('are refused with the path of what is wrong', async () => {
      expect(await sweepOf({ axes: [{ path: '/nothing' }] })).toMatchObject({
        fields: [{ path: '/sweep/axes/0/path' }],
      });
      expect(await sweepOf({ axes: AXES }, { workflow: 'nobody' })).toMatchObject({ fields: [{ path: '/workflow' }] });
      expect(await sweepOf({ axes: AXES, windows: 2, purgeMinutes: 60 })).toHaveProperty('message');
    });
  });
});
