import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  nativeOf,
  venueOf,
  type Levels,
  type MarketInfo,
  type MarketRef,
  type TapeEvent,
  type Unstamped,
  type VenueId,
} from '#core';
import { createKernel, Intake } from '#engine';
import { createLog } from '#host';
import { kalshi, polymarket } from '#plugins';
import type { VenueIo, VenuePlugin } from '#plugin-sdk';
import { Simulated } from '../../apps/simulator/src/testing/simulated.js';
import { LIVE_PACE } from '../../apps/worker/src/venues/feed.types.js';
import { Listening, type VenueSetting } from '../../apps/worker/src/venues/listening.js';
import { createVenueIo, REST_DEFAULTS } from '../../apps/worker/src/venues/rest.io.js';

/** Waits a test can wait for; the order of steps is that of live. */
const PACE = {
  ...LIVE_PACE,
  ...{ tickMs: 20, backOffFirstMs: 50, backOffMostMs: 300, confirmAfterMs: 300, refreshMs: 200 },
  ...{ resubscribeMs: 300, reconnectMs: 800, retryMs: 300, handOverMs: 600 },
};
const SILENT = { journal: () => undefined, estimate: () => undefined };

let simulated: Simulated;
let listening: Listening;
let intake: Intake;
const broken: unknown[] = [];
const sides: { readonly plugin: VenuePlugin; readonly io: VenueIo<unknown> }[] = [];
const kernel = createKernel({ lane: 1, plugins: { strategies: new Map(), models: new Map() }, orderLatencyMs: {} });

/** What a lane does with an event, but for the tape. */
function emit(unstamped: Unstamped<TapeEvent>): void {
  const event = { ...unstamped, lane: 1, seq: kernel.seq + 1, at: Math.max(kernel.at, Date.now()) } as TapeEvent;
  kernel.apply(event, SILENT);
  listening?.applied(event);
}

beforeAll(async () => {
  simulated = await Simulated.start(['--seed', '7', '--rate', '4', '--kalshi-budget', '100000']);
  const { facts } = simulated;
  const settings: VenueSetting[] = [
    {
      plugin: polymarket as unknown as VenuePlugin,
      config: {
        ...{ gammaUrl: facts.gammaUrl, clobUrl: facts.clobUrl, dataUrl: facts.dataUrl },
        socketUrl: facts.polymarketSocketUrl,
      },
    },
    {
      plugin: kalshi as unknown as VenuePlugin,
      config: {
        ...{ restUrl: facts.kalshiRestUrl, socketUrl: facts.kalshiSocketUrl, keyId: facts.kalshiKeyId },
        privateKey: readFileSync(facts.kalshiPrivateKeyFile, 'utf8'),
      },
    },
  ];
  intake = new Intake({
    wires: new Map(settings.map(({ plugin }) => [plugin.manifest.id as VenueId, plugin.wire])),
    emit,
    hashEveryMs: 1_000,
    mostLateMs: 10_000,
  });
  for (const { plugin, config } of settings) {
    const budget = { tokensPerSecond: 100_000, burst: 100_000, defaultCost: 1 };
    const clocks = { now: Date.now, random: Math.random };
    const io = createVenueIo<unknown>(config, {
      venue: plugin.manifest.title,
      budget,
      share: 1,
      ...clocks,
      ...REST_DEFAULTS,
    });
    sides.push({ plugin, io });
    for await (const page of plugin.listMarkets(io, { limit: 60, text: '' }))
      for (const info of page.markets) intake.market(info);
  }
  let connections = 0;
  listening = new Listening({
    venues: settings,
    look: kernel.look,
    marketsPerVenue: 60,
    pace: PACE,
    intake,
    now: Date.now,
    random: Math.random,
    log: createLog('error', {}, () => undefined),
    nextConnection: () => ++connections,
    heardClock: () => 'ours',
    announced: () => undefined,
    timed: () => undefined,
    rejected: () => undefined,
    broken: (error) => broken.push(error),
  });
  listening.start();
}, 60_000);
afterAll(async () => {
  listening?.stop();
  await simulated?.end();
});

const open = (): MarketRef[] => kernel.look.markets().filter((ref) => kernel.look.info(ref).status === 'open');

async function until(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await done())) {
    if (Date.now() > end) expect.unreachable(what);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** Every open market is trusted again, and by a connection. */
const back = (after: string): Promise<void> =>
  until(`${after}: not all books came back`, () =>
    open().every((ref) => intake.state(ref).trusted && intake.state(ref).connection > 0),
  );

const flat = (levels: Levels): string[] =>
  Array.from({ length: levels.length / 3 }, (_, i) => [...levels.slice(3 * i, 3 * i + 3)])
    .filter(([, , size]) => size > 0)
    .map((level) => level.join(' '))
    .sort();

function ours(ref: MarketRef): string[] {
  const { bids, asks } = kernel.look.levels(ref);
  return [...bids.map((level) => `0 ${level.join(' ')}`), ...asks.map((level) => `1 ${level.join(' ')}`)].sort();
}

/** Each trusted book was, at some moment while we asked, what the venue said it was. */
async function right(after: string): Promise<void> {
  for (const { plugin, io } of sides) {
    let unlike = open()
      .map((ref) => kernel.look.info(ref))
      .filter(({ id }) => venueOf(id) === plugin.manifest.id);
    const agrees = (info: MarketInfo, levels: Levels | undefined): boolean => {
      const ref = kernel.look.ref(info.id)!;
      return !intake.state(ref).trusted || (levels !== undefined && flat(levels).join() === ours(ref).join());
    };
    await until(`${after}: a trusted book is not the venue’s`, async () => {
      const { books } = await plugin.snapshot(io, unlike);
      const byNative = new Map(books.map((book) => [book.native, book.levels]));
      unlike = unlike.filter((info) => !agrees(info, byNative.get(nativeOf(info.id))));
      return unlike.length === 0;
    });
  }
}

it('has every book of both venues right again after frames were lost, doubled, mixed up and broken', async () => {
  await back('at the start');
  await right('at the start');
  for (const fault of [
    { kind: 'drop', share: 0.3 },
    { kind: 'reorder', share: 0.3 },
    { kind: 'duplicate', share: 0.5 },
    { kind: 'garbage', share: 0.3 },
    { kind: 'disconnect' },
  ]) {
    await simulated.misbehave({ ...fault, forMs: 600 });
    await new Promise((resolve) => setTimeout(resolve, 650));
    await back(fault.kind);
    await right(fault.kind);
  }
  expect(broken).toEqual([]);
}, 90_000);
