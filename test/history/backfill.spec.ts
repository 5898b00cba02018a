import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { MarketInfo } from '#core';
import {
  askTask,
  beginTask,
  cancelTask,
  createPool,
  endTask,
  marketCandles,
  marketTrades,
  resumeTask,
  taskById,
  STORE_KINDS,
  type Pool,
  type StorageTask,
  type TemporaryDatabase,
} from '#data';
import { venues } from '#plugins';
import type { VenueIo, VenuePlugin } from '#plugin-sdk';
import { Simulated } from '../../apps/simulator/src/testing/simulated.js';
import { get, post } from '../../apps/simulator/src/testing/venue-client.js';
import { backfill, type BackfillBody } from '../../apps/worker/src/jobs/backfill.job.js';
import type { JobVenue } from '../../apps/worker/src/jobs/job.types.js';
import { createVenueIo, REST_DEFAULTS } from '../../apps/worker/src/venues/rest.io.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const clock = { now: Date.now, signal: new AbortController().signal };

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`a backfill from the simulated venues, ${kind.title}`, () => {
    let database: TemporaryDatabase;
    let pool: Pool;
    let simulated: Simulated;
    /** Where the simulated venues' time stands. */
    let now: number;
    const sides = new Map<string, { readonly venue: JobVenue; readonly asked: string[]; infos: MarketInfo[] }>();

    beforeAll(async () => {
      database = await kind.open();
      pool = createPool(database.url);
      simulated = await Simulated.start(['--load', '--kalshi-budget', '100000']);
      const { facts } = simulated;
      await post(`${facts.controlUrl}/control/blast`, { events: 6_000 });
      now = (await get(`${facts.controlUrl}/control/state`)).body.now;
      const config: Record<string, object> = {
        kalshi: { restUrl: facts.kalshiRestUrl, socketUrl: '', keyId: null, privateKey: null },
        polymarket: { gammaUrl: facts.gammaUrl, clobUrl: facts.clobUrl, dataUrl: facts.dataUrl, socketUrl: '' },
      };
      for (const plugin of venues as readonly VenuePlugin[]) {
        const asked: string[] = [];
        const io = createVenueIo(config[plugin.manifest.id], {
          venue: plugin.manifest.title,
          budget: { tokensPerSecond: 100_000, burst: 100_000, defaultCost: 1 },
          share: 1,
          now: Date.now,
          random: Math.random,
          ...REST_DEFAULTS,
        });
        const watched: VenueIo<unknown> = { ...io, get: (url, options) => (asked.push(url), io.get(url, options)) };
        const infos: MarketInfo[] = [];
        for await (const page of plugin.listMarkets(watched, { limit: 40, text: '' })) infos.push(...page.markets);
        sides.set(plugin.manifest.id, { venue: { plugin, io: watched }, asked, infos });
      }
    }, 60_000);
    afterAll(async () => {
      await simulated?.end();
      await pool?.end();
      await database?.stop();
    });

    const sideOf = (venue: string) => sides.get(venue)!;
    const knownOf = (venue: string) => new Map(sideOf(venue).infos.map((info) => [info.id as string, { info }]));

    async function ask(id: string, body: BackfillBody): Promise<StorageTask> {
      await askTask(pool, { id, kind: 'backfill', title: id, body: body as never, by: 'ada', askedAt: now });
      return (await beginTask(pool, id, now))!;
    }
    const place = (market: string) => ({ id: market, lane: 1, ref: 1, headAt: now });
    const counts = async (market: string) =>
      (
        await pool.query(
          `SELECT (SELECT count(*)::int FROM backfill_candle WHERE market = $1) AS candles,
             (SELECT count(*)::int FROM backfill_trade WHERE market = $1) AS trades`,
          [market],
        )
      ).rows[0];

    it.each(['kalshi', 'polymarket'])(
      'brings candles and trades of %s once, and says that they were not recorded',
      async (venue) => {
        const { venue: side, infos, asked } = sideOf(venue);
        const { plugin } = side;
        // The longest history is a lasting market's: days of minutes, over several pages.
        const lasting = infos.find((info) => info.status === 'open' && (info.closesAt ?? 0) > now + 5 * 24 * HOUR)!;
        const body: BackfillBody = {
          venue,
          markets: [lasting.id],
          kinds: ['candles', 'trades'],
          from: now - 8 * 24 * HOUR,
          to: now,
        };
        const task = await ask(`${venue}-whole`, body);
        const said = await backfill(pool, task, side, knownOf(venue), clock);
        const stored = await counts(lasting.id);
        expect(stored.candles).toBeGreaterThan(8 * 24 * 60 - 5);
        expect(stored.trades).toBeGreaterThan(3);
        expect(said).toBe(`${stored.candles} candles and ${stored.trades} trades were fetched, marked as backfill`);
        // More than one page was needed, and older trades came from where the venue keeps them.
        expect(asked.filter((url) => /candlesticks|prices-history/.test(url)).length).toBeGreaterThan(1);
        if (venue === 'kalshi') {
          expect(asked.some((url) => url.includes('/historical/trades'))).toBe(true);
          expect(asked.some((url) => url.includes('/markets/trades'))).toBe(true);
        }
        const { candles, stepMs } = await marketCandles(pool, place(lasting.id), body.from, body.to - 1, 200);
        expect(candles.length).toBeGreaterThan(150);
        expect(new Set(candles.map(({ origin }) => origin))).toEqual(new Set(['backfill']));
        expect(candles.every(({ at }) => at % stepMs === 0)).toBe(true);
        for (const { bid, ask: asks, mid } of candles.slice(1, -1)) {
          const top = venue === 'kalshi' ? [bid.low, asks.high] : [mid.low, mid.high];
          expect(top[0]).toBeGreaterThan(0);
          expect(top[1]).toBeGreaterThanOrEqual(top[0]!);
        }
        const trades = await marketTrades(pool, place(lasting.id), body.from, body.to, 1_000);
        expect(trades.length).toBe(stored.trades);
        expect(trades.every(({ origin, price, size }) => origin === 'backfill' && price > 0 && size > 0)).toBe(true);

        // The same again finds nothing new.
        await backfill(pool, await ask(`${venue}-again`, body), side, knownOf(venue), clock);
        expect(await counts(lasting.id)).toEqual(stored);
        expect(plugin.history?.sentence).not.toBe('');
      },
    );

    it('goes on where it was stopped, after the last page that was stored', async () => {
      const { venue, infos, asked } = sideOf('kalshi');
      const markets = infos.slice(0, 3).map((info) => info.id as string);
      const body: BackfillBody = { venue: 'kalshi', markets, kinds: ['candles'], from: now - 3 * 24 * HOUR, to: now };
      const task = await ask('stopped', body);
      const stop = new AbortController();
      let pages = 0;
      const stopping: JobVenue = {
        ...venue,
        io: {
          ...venue.io,
          get: async (url, options) => {
            if (url.includes('candlesticks') && ++pages > 2) stop.abort();
            stop.signal.throwIfAborted();
            return venue.io.get(url, options);
          },
        },
      };
      await expect(
        backfill(pool, task, stopping, knownOf('kalshi'), { now: Date.now, signal: stop.signal }),
      ).rejects.toThrow('aborted');
      const cursor = (await taskById(pool, 'stopped'))?.cursor as { unit: number; candles: number };
      expect(cursor.candles).toBeGreaterThan(0);
      expect((await taskById(pool, 'stopped'))?.progress).toBeGreaterThan(0);

      asked.length = 0;
      const again = (await beginTask(pool, 'stopped', now))!;
      const said = await backfill(pool, again, venue, knownOf('kalshi'), clock);
      expect(said).toContain('were fetched');
      // Nothing that was stored before is asked for again.
      for (const done of markets.slice(0, cursor.unit))
        expect(asked.some((url) => url.includes(done.split(':')[1]))).toBe(false);
      const straight = await ask('straight', body);
      const before = await Promise.all(markets.map(counts));
      await backfill(pool, straight, venue, knownOf('kalshi'), clock);
      expect(await Promise.all(markets.map(counts))).toEqual(before);
      await endTask(pool, 'straight', 'done', '', now);
    });

    it('ends when it is cancelled, and can be taken up again', async () => {
      const { venue, infos } = sideOf('polymarket');
      const markets = infos.slice(0, 6).map((info) => info.id as string);
      const task = await ask('cancelled', {
        venue: 'polymarket',
        markets,
        kinds: ['candles'],
        from: now - HOUR,
        to: now,
      });
      const cancelling: JobVenue = {
        ...venue,
        io: { ...venue.io, get: async (url) => (await cancelTask(pool, 'cancelled', 'ada', now), venue.io.get(url)) },
      };
      expect(await backfill(pool, task, cancelling, knownOf('polymarket'), clock)).toBeNull();
      expect(await taskById(pool, 'cancelled')).toMatchObject({ state: 'cancelled', note: 'cancelled by ada' });
      expect(await resumeTask(pool, 'cancelled')).toBe(true);
      const again = (await beginTask(pool, 'cancelled', now))!;
      expect(again).toMatchObject({ state: 'running', tries: 1, cursor: { unit: 1 } });
      expect(await backfill(pool, again, venue, knownOf('polymarket'), clock)).toContain('were fetched');
    });

    it('waits out a venue that refuses for a while', async () => {
      const { venue, infos } = sideOf('polymarket');
      await simulated.misbehave({ kind: 'rest-error', venue: 'polymarket', status: 429, forMs: 300 });
      onTestFinished(() => simulated.behave());
      const task = await ask('refused', {
        venue: 'polymarket',
        markets: [infos[0].id],
        kinds: ['trades'],
        from: now - HOUR,
        to: now,
      });
      expect(await backfill(pool, task, venue, knownOf('polymarket'), clock)).toContain('were fetched');
    });
  });
}
