import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Estimate, MarketInfo, MarketRef, TapeEvent } from '#core';
import {
  createInbox,
  createPool,
  createTapeStore,
  tapeBatch,
  temporaryDatabase,
  type Pool,
  type QuoteChange,
  type TemporaryDatabase,
} from '#data';
import { hmmRegime, REGIME_WIDTH, regimeKey } from '#plugins';
import { toyMarket } from '../venues/testing/toy.venue.js';
import { fitLevels } from './levels.job.js';
import { fitRegimes } from './regimes.job.js';

const LANE = 1;
const BAR_MS = 60_000;
const BARS = 400;

let database: TemporaryDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await temporaryDatabase();
  pool = createPool(database.url);
}, 60_000);
afterAll(async () => {
  await pool.end();
  await database.stop();
});

/** Calm for forty bars, wild for twenty, by turns: four quotes a bar. */
function record(ref: number, from: number, bars = BARS) {
  let turn = ref;
  return Array.from({ length: bars * 4 }, (_, i) => {
    const wild = Math.floor(i / 4) % 60 >= 40;
    turn = (turn * 1_103_515_245 + 12_345) % 2_147_483_648;
    const off = ((turn >> 16) % 41) - 20;
    const middle = 500_000 + off * (wild ? 4_000 : 200);
    const half = wild ? 15_000 : 5_000;
    const quote = {
      market: ref,
      at: from + i * (BAR_MS / 4),
      bid: middle - half,
      bidSize: 10_000,
      ask: middle + half,
      askSize: 10_000,
      trusted: true,
    };
    return { quote, seq: 1 + i } as unknown as QuoteChange;
  });
}

it('fits what a running workflow hears, once, and again only after many more bars', async () => {
  const inbox = createInbox(pool);
  const house = { lane: LANE, pool, inbox };
  const stop = new AbortController().signal;
  expect(await fitRegimes(house, stop)).toBe('no workflow asks for regimes');

  const store = createTapeStore(pool);
  const { epoch } = await store.takeOver(LANE, 'test');
  const info: MarketInfo = toyMarket('a');
  const from = Math.floor((Date.now() - (BARS + 5) * BAR_MS) / BAR_MS) * BAR_MS;
  const until = from + BARS * BAR_MS + 1_000;
  const count = BARS * 4;
  const beats = Array.from({ length: count }, (_, i) => {
    return { kind: 'beat', lane: LANE, seq: i + 1, at: i + 1 === count ? until : from + i * (BAR_MS / 4) };
  });
  const estimate = {
    lane: LANE,
    seq: count,
    at: until,
    model: 'hmm-regime',
    market: info.id,
    name: 'volatility',
    value: 1,
    low: null,
    high: null,
  };
  const models = [
    { plugin: 'hmm-regime', version: hmmRegime.manifest.version, config: { barSeconds: 60 } },
    { plugin: 'kalman-fair-value', version: '1.0.0', config: {} },
  ];
  const workflow = { id: 'w', version: 1, models };
  await store.append(
    tapeBatch({
      lane: LANE,
      epoch,
      events: beats as unknown as TapeEvent[],
      estimates: [estimate, { ...estimate, model: 'kalman-fair-value', name: 'fair' }] as unknown as Estimate[],
      quotes: record(0, from),
      projection: {
        markets: [
          { ref: 0 as MarketRef, id: info.id, info, quote: null, freshAt: null, trusted: true, trustReason: '' },
        ],
        accounts: [],
        sessions: [{ id: 'w#1', state: { id: 'w#1', workflow, state: 'running' } }],
      },
    }),
  );

  expect(await fitRegimes(house, stop)).toBe('1 markets were due, 1 fitted');
  const [put] = await inbox.pending(LANE, 0, 10);
  const key = regimeKey(info.id, BAR_MS);
  expect(put).toMatchObject({ kind: 'parameters', by: 'regime fit', body: { plugin: 'hmm-regime', key } });
  const { value } = put.body as { value: { fittedTo: number; model: { startprob: number[] }; centres: number[] } };
  expect(value.fittedTo).toBe(from / BAR_MS + BARS);
  expect(value.model.startprob).toHaveLength(2);
  expect(value.centres).toHaveLength(REGIME_WIDTH);

  expect(await fitRegimes(house, stop)).toBe('0 markets were due, 0 fitted');
  expect(await inbox.pending(LANE, 0, 10)).toHaveLength(1);
  const parameters = { kind: 'parameters', lane: LANE, seq: count + 1, at: until, plugin: 'hmm-regime', key, value };
  await store.append(tapeBatch({ lane: LANE, epoch, events: [parameters as unknown as TapeEvent] }));
  expect(await fitRegimes(house, stop)).toBe('0 markets were due, 0 fitted');

  // The Kalman fair value's volatility comes the same way, from the mids of the same record.
  expect(await fitLevels(house, stop)).toBe('1 markets were due, 1 fitted');
  const level = (await inbox.pending(LANE, 0, 10)).find(({ by }) => by === 'level fit');
  expect(level?.body).toMatchObject({ plugin: 'kalman-fair-value', key: info.id, value: { fittedTo: until } });
  const { q, r, observations } = (level!.body as { value: { q: number; r: number; observations: number } }).value;
  // Mids drawn anew each time about one middle: nearly all of it is noise of the reading.
  expect(r).toBeGreaterThan(100 * q);
  expect(observations).toBeGreaterThan(900);

  const later = { kind: 'beat', lane: LANE, seq: count + 2, at: until + BARS * BAR_MS };
  await store.append(tapeBatch({ lane: LANE, epoch, events: [later as unknown as TapeEvent] }));
  expect(await fitRegimes(house, stop)).toBe('1 markets were due, 1 fitted');
}, 60_000);

it('gives markets that are heard for an hour the regimes of all of them, until they have their own', async () => {
  const lane = 2;
  const bars = 60;
  const inbox = createInbox(pool);
  const house = { lane, pool, inbox };
  const store = createTapeStore(pool);
  const { epoch } = await store.takeOver(lane, 'test');
  const from = Math.floor((Date.now() - (bars + 5) * BAR_MS) / BAR_MS) * BAR_MS;
  const until = from + bars * BAR_MS + 1_000;
  const count = bars * 4;
  const infos = ['p', 'q', 'r', 's'].map((name) => toyMarket(name));
  const models = [{ plugin: 'hmm-regime', version: '1.0.0', config: { barSeconds: 60 } }];
  await store.append(
    tapeBatch({
      lane,
      epoch,
      events: Array.from({ length: count }, (_, i) => {
        return { kind: 'beat', lane, seq: i + 1, at: i + 1 === count ? until : from + i * (BAR_MS / 4) };
      }) as unknown as TapeEvent[],
      estimates: infos.map(({ id }) => {
        const said = { lane, seq: count, at: until, market: id, value: 1, low: null, high: null };
        return { ...said, model: 'hmm-regime', name: 'volatility' };
      }) as unknown as Estimate[],
      quotes: infos.flatMap((_, ref) => record(ref, from, bars)).sort((a, b) => a.seq - b.seq),
      projection: {
        markets: infos.map((info, ref) => {
          const trust = { quote: null, freshAt: null, trusted: true, trustReason: '' };
          return { ref: ref as MarketRef, id: info.id, info, ...trust };
        }),
        accounts: [],
        sessions: [{ id: 'v#1', state: { id: 'v#1', workflow: { id: 'v', version: 1, models }, state: 'running' } }],
      },
    }),
  );
  expect(await fitRegimes(house, new AbortController().signal)).toBe(
    '4 markets were due, 0 fitted, 4 borrow from the others',
  );
  const put = await inbox.pending(lane, 0, 10);
  expect(put.map(({ body }) => (body as { key: string }).key)).toEqual(infos.map(({ id }) => regimeKey(id, BAR_MS)));
  // The first bar has nothing to be compared with.
  for (const { body } of put) expect(body).toMatchObject({ value: { fittedTo: from / BAR_MS + bars, bars: bars - 1 } });
}, 60_000);

it('looks at a bounded number of markets in a run, those that have waited longest first, and not again before it can help', async () => {
  const lane = 3;
  const markets = 1_200;
  const statements: string[] = [];
  const counting = new Proxy(pool, {
    get: (target, name) =>
      name === 'query'
        ? (text: string, values: unknown[]) => (statements.push(text), target.query(text, values))
        : (Reflect.get(target, name) as unknown),
  });
  const house = { lane, pool: counting, inbox: createInbox(pool) };
  const store = createTapeStore(pool);
  const { epoch } = await store.takeOver(lane, 'test');
  const at = Date.now();
  const infos = Array.from({ length: markets }, (_, i) => toyMarket(`thin-${i}`));
  const plugins = [
    { plugin: 'kalman-fair-value', version: '1.0.0', config: {} },
    { plugin: 'hmm-regime', version: '1.0.0', config: { barSeconds: 60 } },
  ];
  await store.append(
    tapeBatch({
      lane,
      epoch,
      events: [{ kind: 'beat', lane, seq: 1, at }] as unknown as TapeEvent[],
      estimates: infos.flatMap(({ id }) => {
        const said = { lane, seq: 1, at, market: id, value: 0.5, low: null, high: null };
        return [
          { ...said, model: 'kalman-fair-value', name: 'fair' },
          { ...said, model: 'hmm-regime', name: 'volatility' },
        ];
      }) as unknown as Estimate[],
      projection: {
        markets: infos.map((info, ref) => {
          const trust = { quote: null, freshAt: null, trusted: true, trustReason: '' };
          return { ref: ref as MarketRef, id: info.id, info, ...trust };
        }),
        accounts: [],
        sessions: [
          { id: 'u#1', state: { id: 'u#1', workflow: { id: 'u', version: 1, models: plugins }, state: 'running' } },
        ],
      },
    }),
  );
  const stop = new AbortController().signal;
  const run = async (fit: typeof fitLevels): Promise<readonly [string, number]> => {
    statements.length = 0;
    return [await fit(house, stop), statements.length];
  };
  const levels = [await run(fitLevels), await run(fitLevels), await run(fitLevels)];
  expect(levels.map(([said]) => said)).toEqual([
    '1200 markets were due, 0 fitted, 1000 with too few quotes, 200 are left for the next run',
    '200 markets were due, 0 fitted, 200 with too few quotes',
    '0 markets were due, 0 fitted',
  ]);
  // Which models run, who is due, what became of the looks, and of each market its record: four where nothing lies nearby.
  const most = [1000, 200, 0].map((looks) => 4 + 4 * looks);
  for (const [i, [, asked]] of levels.entries()) expect(asked).toBeLessThanOrEqual(most[i]);
  const [said, asked] = await run(fitRegimes);
  expect(said).toBe('1200 markets were due, 0 fitted, 100 with too few bars, 1100 are left for the next run');
  // Here the beginning of the record is looked for as well.
  expect(asked).toBeLessThanOrEqual(4 + 5 * 100);
}, 60_000);
