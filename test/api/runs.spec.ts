import { afterAll, beforeAll, expect, it } from 'vitest';
import { createInbox, createTapeStore } from '#data';
import { builtInPlugins, createLog, createVault } from '#host';
import type { VenuePlugin } from '#plugin-sdk';
import { queueConnection } from '#queue';
import { House } from '../../apps/worker/src/house.js';
import { JobsService } from '../../apps/worker/src/jobs/jobs.service.js';
import { RunRepo } from '../../apps/worker/src/jobs/run.repo.js';
import { toyVenue } from '../../apps/worker/src/venues/testing/toy.venue.js';
import { ApiBench } from './api-bench.js';

/** The real jobs worker beside the real API, with a venue whose catalogue answers when it is told to. */
let bench: ApiBench;
let jobs: JobsService;
let answerCatalogue: () => void;
let reads = 0;

const RUN = 'id kind title state note attempts cancelBy canRetry canCancel lines { kind line }';
const ASKED = '{ ... on RunAsked { run } ... on Problem { message fields { path message } } }';

/** The clock hands out a catalogue run of its own every five minutes; these tests count theirs. */
async function farFromTheClock(): Promise<void> {
  const left = 300_000 - (Date.now() % 300_000);
  if (left < 40_000) await new Promise((go) => setTimeout(go, left + 500));
}

beforeAll(async () => {
  bench = await ApiBench.start();
  await bench.setUp();
  await farFromTheClock();
  const { pool, bus, database } = bench;
  const plugin: VenuePlugin = {
    ...toyVenue(),
    async *listMarkets(io) {
      reads += 1;
      await new Promise<void>((go) => (answerCatalogue = go));
      await io.get('http://127.0.0.1:1/next-page');
      yield { groups: [], markets: [], refused: [] };
    },
    resolve: () => Promise.resolve([]),
  };
  const config = { mode: 'live', databaseUrl: database.url, redisUrl: null, marketsPerVenue: 5, linksFile: null };
  jobs = new JobsService(
    new House(
      config as never,
      createLog('error', {}, () => undefined),
      pool,
      createTapeStore(pool),
      createInbox(pool, bus),
      bus,
      queueConnection({ databaseUrl: database.url, redisUrl: null }),
      new RunRepo(pool, bus, Date.now),
      builtInPlugins(),
      [{ plugin, config: {} }] as never,
      createVault(Buffer.alloc(32, 7)),
      Date.now,
      Math.random,
    ),
  );
  await jobs.onApplicationBootstrap();
});
afterAll(async () => {
  answerCatalogue?.();
  await jobs?.onApplicationShutdown();
  await bench?.stop();
});

const run = async (id: string) => (await bench.ask(`query ($id: ID!) { run(id: $id) { ${RUN} } }`, { id })).data.run;
const runs = async (filter: string) =>
  (await bench.ask(`{ runs(first: 20 ${filter}) { items { ${RUN} } hasNextPage endCursor } }`)).data.runs;

it('lists what happens by the clock, with the next time and what came of the last', async () => {
  await expect.poll(async () => (await runs('kind: "links"')).items[0]?.state, { timeout: 15_000 }).toBe('done');
  const { schedules } = (await bench.ask('{ schedules { id name venue queue everyMs nextAt lastRun { state } } }'))
    .data;
  const links = schedules.find(({ id }: { id: string }) => id === 'links');
  expect(links).toMatchObject({ name: 'links', venue: null, queue: 'catalogue', everyMs: 60_000 });
  expect(links.lastRun).toEqual({ state: 'done' });
  expect(links.nextAt % 60_000).toBe(0);
  expect(links.nextAt).toBeGreaterThan(Date.now() - 1_000);
  expect(schedules.map(({ id }: { id: string }) => id)).toContain('catalogue-toy');
});

it('runs a scheduled job now, and the audit knows who asked', async () => {
  const asked = (await bench.ask(`mutation { runNow(schedule: "candles") ${ASKED} }`)).data.runNow;
  await expect.poll(async () => (await run(asked.run))?.state, { timeout: 15_000 }).toBe('done');
  expect((await run(asked.run)).lines.map(({ line }: { line: string }) => line.split(':')[0])).toEqual([
    'Put into its queue by Ada',
    'Started',
    'candles of finished minutes, hours and days are made',
    'Done',
  ]);
  const { rows } = await bench.pool.query(`select "by", target from audit where action = 'run.now'`);
  expect(rows).toEqual([{ by: 'Ada', target: 'candles' }]);
  const nothing = (await bench.ask(`mutation { runNow(schedule: "lunch") ${ASKED} }`)).data.runNow;
  expect(nothing.fields[0].path).toBe('/schedule');
});

it('cancels a job that runs, at its next step outwards, and works it again when asked', async () => {
  await expect.poll(() => reads, { timeout: 15_000 }).toBe(1);
  const [catalogue] = (await runs('kind: "catalogue"')).items;
  expect(catalogue).toMatchObject({ state: 'running', canCancel: true, canRetry: false, attempts: 1 });
  expect(
    (await bench.ask(`mutation ($id: ID!) { retryRun(id: $id) ${ASKED} }`, { id: catalogue.id })).data.retryRun,
  ).toMatchObject({ fields: [{ path: '/id' }] });
  await bench.ask(`mutation ($id: ID!) { cancelRun(id: $id) ${ASKED} }`, { id: catalogue.id });
  expect(await run(catalogue.id)).toMatchObject({ cancelBy: 'Ada', canCancel: false });
  await jobs.fire();
  answerCatalogue();
  await expect.poll(async () => (await run(catalogue.id)).state, { timeout: 15_000 }).toBe('cancelled');
  expect(await run(catalogue.id)).toMatchObject({ note: 'asked by Ada', canRetry: true });

  const again = (await bench.ask(`mutation ($id: ID!) { retryRun(id: $id) ${ASKED} }`, { id: catalogue.id })).data;
  expect(again.retryRun).toEqual({ run: catalogue.id });
  await expect.poll(() => reads, { timeout: 15_000 }).toBe(2);
  expect(await run(catalogue.id)).toMatchObject({ state: 'running', attempts: 2, cancelBy: null });
});

it('pushes what changes, the newest of each run, and of one run what it says', async () => {
  let id = '';
  const heard = await bench.hear<{ runs: { id: string; state: string }[] }>(
    'subscription { runs { id state } }',
    ({ runs: changed }) => changed.some((each) => each.id === id && each.state === 'done'),
    async () => {
      id = (await bench.ask(`mutation { runNow(schedule: "candles") ${ASKED} }`)).data.runNow.run;
    },
  );
  expect(new Set(heard.runs.map((each) => each.id)).size).toBe(heard.runs.length);
  const one = await bench.hear<{ runs: { id: string; lines: { kind: string; line: string }[] }[] }>(
    `subscription { runs(id: "${id}") { id lines { kind line } } }`,
    () => true,
  );
  expect(one.runs.map((each) => each.id)).toEqual([id]);
  expect(one.runs[0].lines).toContainEqual({
    kind: 'log',
    line: 'candles of finished minutes, hours and days are made',
  });
});

it('knows still who asked for the end of a job whose worker died, when the queue hands it out again', async () => {
  const repo = new RunRepo(bench.pool, bench.bus, Date.now);
  const begin = () => repo.begin('fits-lost', 'levels', 'levels', { queue: 'fits', id: 'lost', venue: null });
  await begin();
  await bench.pool.query(`UPDATE run SET cancel_by = 'Ada' WHERE id = 'fits-lost'`);
  await begin();
  expect(await repo.cancelled(['fits-lost'])).toEqual(new Map([['fits-lost', 'Ada']]));
  await repo.end('fits-lost', 'cancelled', 'asked by Ada');
  await begin();
  expect(await repo.cancelled(['fits-lost'])).toEqual(new Map());
  await repo.end('fits-lost', 'done', '');
});

it('lets no run be started again but a lane that runs', async () => {
  const [done] = (await runs('kind: "candles"')).items;
  const restart = (id: string) => bench.ask(`mutation ($id: ID!) { restartRun(id: $id) ${ASKED} }`, { id });
  expect((await restart(done.id)).data.restartRun.fields[0].path).toBe('/id');
  const repo = new RunRepo(bench.pool, bench.bus, Date.now);
  await repo.begin('lane-9-1', 'lane', 'lane 9');
  const canRestart = async () => (await bench.ask('{ run(id: "lane-9-1") { canRestart } }')).data.run.canRestart;
  expect(await canRestart()).toBe(true);
  expect((await restart('lane-9-1')).data.restartRun).toEqual({ run: 'lane-9-1' });
  expect(await repo.cancelled(['lane-9-1'])).toEqual(new Map([['lane-9-1', 'Ada']]));
  expect(await canRestart()).toBe(false);
});

it('pages through runs and finds them by kind, state and words', async () => {
  const { data } = await bench.ask(
    '{ runs(first: 1) { items { id } hasNextPage endCursor } runKinds { value count } }',
  );
  expect(data.runs.hasNextPage).toBe(true);
  const next = await bench.ask(`{ runs(first: 1, after: "${data.runs.endCursor}") { items { id } } }`);
  expect(next.data.runs.items[0].id).not.toBe(data.runs.items[0].id);
  expect((await runs('state: "done", text: "rolled"')).items.every(({ kind }: any) => kind === 'candles')).toBe(true);
  expect(data.runKinds.map(({ value }: { value: string }) => value)).toContain('candles');
  expect(
    (await bench.ask('{ sessions(first: 5) { items { id workflow title state startedAt } } }')).errors,
  ).toBeUndefined();
});
