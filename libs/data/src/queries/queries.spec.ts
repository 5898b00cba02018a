import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { createPool } from '../pool.js';
import { STORE_KINDS, type TemporaryDatabase } from '../testing/temporary-database.js';
import {
  accountLook,
  accountLooks,
  allLinks,
  causesBySeq,
  changedBooks,
  changedOpportunities,
  changedQuotes,
  chartQuotes,
  continuitySpans,
  databaseFacts,
  equitySeries,
  estimatesAt,
  estimateSeries,
  journalAfter,
  journalOfSignal,
  journalPage,
  laneHeads,
  linkedMarkets,
  linksByMarket,
  marketDepth,
  marketPage,
  marketPlace,
  marketsById,
  newestTrades,
  opportunityById,
  opportunityCounts,
  opportunityPage,
  quoteAt,
  quoteSeries,
  runSummary,
  sessionLooks,
  storage,
  type MarketPlace,
} from './index.js';
import { ACCOUNT, KALSHI, LANE, POLY, WORKFLOW, writeSampleLane, type SampleLane } from './sample-lane.spec-support.js';

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`what screens ask ${kind.title}`, () => {
    let database: TemporaryDatabase;
    let pool: pg.Pool;
    let lane: SampleLane;
    let poly: MarketPlace;
    beforeAll(async () => {
      database = await kind.open();
      pool = createPool(database.url);
      lane = await writeSampleLane(pool, Date.now());
      const place = await marketPlace(pool, POLY);
      if (!place) throw new UserProblem('the sample lane was not written');
      poly = place;
    });
    afterAll(async () => {
      await pool?.end();
      await database?.stop();
    });

    describe('markets', () => {
      it('come by title, page by page, without a gap or a double', async () => {
        const first = await marketPage(pool, { first: 1 });
        expect(first).toMatchObject({ total: 2, hasNextPage: true });
        const second = await marketPage(pool, { first: 1, after: first.endCursor });
        expect(second.hasNextPage).toBe(false);
        expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([POLY, KALSHI]);
      });

      it('are found by every word of a text, taken literally', async () => {
        expect((await marketPage(pool, { first: 9, text: 'december RATES' })).items.map(({ id }) => id)).toEqual([
          KALSHI,
        ]);
        expect((await marketPage(pool, { first: 9, text: '%' })).total).toBe(0);
        expect((await marketPage(pool, { first: 9, venue: 'polymarket', linkedOnly: true })).total).toBe(1);
      });

      it('refuse a page marker that is none of ours', async () => {
        await expect(marketPage(pool, { first: 9, after: 'bm9wZQ' })).rejects.toBeInstanceOf(UserProblem);
      });

      it('show an absent side as nothing', async () => {
        const row = (await marketsById(pool, [KALSHI])).get(KALSHI);
        expect(row?.quote).toMatchObject({ bid: 430_000, ask: null, askSize: null, seq: 2 });
      });

      it('know their links from both ends', async () => {
        expect((await allLinks(pool)).map(({ id }) => id)).toEqual(['link-fed']);
        const links = await linksByMarket(pool, [KALSHI, 'kalshi:none']);
        expect(links.get(KALSHI)?.length).toBe(1);
        expect(links.get('kalshi:none')).toEqual([]);
        expect([...(await linkedMarkets(pool))].sort()).toEqual([KALSHI, POLY]);
      });

      it('have the book that the tape gives', async () => {
        expect(await marketDepth(pool, poly, 5)).toMatchObject({
          seq: 7,
          bids: [
            { price: 395_000, size: 700 },
            { price: 390_000, size: 500 },
          ],
          asks: [{ price: 410_000, size: 2_000 }],
          trusted: true,
        });
      });

      it('have a price series led by the quote in force at its start', async () => {
        const at = (seq: number): number => lane.from + seq * 1_000;
        expect(await quoteSeries(pool, poly, at(5), at(10), 100)).toEqual({
          at: [at(5), at(7)],
          bid: [400_000, 395_000],
          ask: [410_000, 410_000],
        });
        expect((await quoteSeries(pool, poly, at(1), at(10), 2)).bid).toEqual([400_000, 395_000]);
      });

      it('have closes of candles for a span wider than the chart, and quotes for a narrower one', async () => {
        const at = (seq: number): number => lane.from + seq * 1_000;
        const narrow = { from: at(5), to: at(10) };
        expect(await chartQuotes(pool, poly, narrow, 100)).toEqual(await quoteSeries(pool, poly, at(5), at(10), 100));
        const wide = await chartQuotes(pool, poly, { from: 0, to: at(10) }, 4);
        expect(wide.bid.at(0)).toBe(400_000);
        expect(wide.bid.at(-1)).toBe(395_000);
        expect(wide.ask.at(-1)).toBe(410_000);
        expect(wide.at.every((moment, i) => moment <= at(10) && (i === 0 || moment >= wide.at[i - 1]))).toBe(true);
      });

      it('have the estimates of each model, led by the one in force, and those of a moment', async () => {
        const at = (seq: number): number => lane.from + seq * 1_000;
        await pool.query(
          `insert into estimate (seq, at, value, low, high, lane, model, market, name)
           select seq, $2::bigint + seq * 1000, seq / 10.0, null, null, $1, 'm', $3, 'fair' from generate_series(1, 9) seq`,
          [LANE, lane.from, POLY],
        );
        expect(await estimateSeries(pool, poly, { from: at(5) - 500, to: at(7), points: 100 })).toEqual([
          {
            model: 'm',
            name: 'fair',
            at: [at(5) - 500, at(5), at(6), at(7)],
            value: [0.4, 0.5, 0.6, 0.7],
            low: [null, null, null, null],
            high: [null, null, null, null],
          },
        ]);
        expect((await estimateSeries(pool, poly, { from: at(1), to: at(8), points: 2 }))[0].value).toEqual([0.4, 0.8]);
        // From the beginning of time is from the first that was said.
        expect((await estimateSeries(pool, poly, { from: 0, to: at(9), points: 100 }))[0].value).toHaveLength(9);
        expect(await estimatesAt(pool, poly, at(6) + 1)).toMatchObject([{ seq: 6, value: 0.6 }]);
        expect(await quoteAt(pool, poly, at(6))).toMatchObject({ bid: 400_000, ask: 410_000 });
        expect(await quoteAt(pool, poly, 0)).toBeNull();
      });

      it('have spans of trust, the last one open', async () => {
        const spans = await continuitySpans(pool, poly, lane.from + 6_000, lane.from + 60_000);
        expect(spans.map(({ trusted, reason }) => [trusted, reason])).toEqual([
          [true, 'snapshot'],
          [false, 'gap'],
          [true, 'restated'],
        ]);
        expect(spans[1].to).toBe(spans[2].from);
        expect(spans[2].to).toBeNull();
        expect(await newestTrades(pool, poly, 5)).toMatchObject([{ price: 410_000, size: 300, taker: 'buy' }]);
      });
    });

    describe('journal and opportunities', () => {
      it('come newest first and by filter, page by page', async () => {
        const first = await journalPage(pool, { first: 2 });
        expect(first.items.map(({ seq, ordinal }) => [seq, ordinal])).toEqual([
          [7, 1],
          [7, 0],
        ]);
        const rest = await journalPage(pool, { first: 9, after: first.endCursor });
        expect(rest.items.map(({ seq, ordinal }) => [seq, ordinal])).toEqual([
          [6, 2],
          [6, 1],
          [6, 0],
        ]);
        expect(
          (await journalPage(pool, { first: 9, kinds: ['fill'], market: POLY, account: ACCOUNT, workflow: WORKFLOW }))
            .items.length,
        ).toBe(1);
        expect((await journalPage(pool, { first: 9, kinds: ['fill'], market: KALSHI })).items).toEqual([]);
      });

      it('go on behind a place within a seq', async () => {
        const entries = await journalAfter(pool, LANE, { seq: 6, ordinal: 1 }, 10, 100);
        expect(entries.map(({ kind }) => kind)).toEqual(['fill', 'opportunity', 'denial']);
      });

      it('trace a signal to the events behind it, from every stream', async () => {
        const entries = await journalOfSignal(pool, 'S6.1');
        expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['signal', 'fill']));
        const causes = await causesBySeq(pool, LANE, [10, 4, 3, 6, 8, 99]);
        expect(causes.map(({ seq, kind, market }) => [seq, kind, market])).toEqual([
          [3, 'link', null],
          [4, 'book', POLY],
          [6, 'trade', POLY],
          [8, 'continuity', POLY],
          [10, 'beat', null],
        ]);
        expect(causes[1].body).toMatchObject({
          snapshot: true,
          levels: [{ side: 'bid', price: 400_000, size: 1_000 }, {}, {}],
        });
      });

      it('keep totals of opportunities that are those of the rows, whatever is done to them', async () => {
        const [{ total }] = (await pool.query<{ total: number }>('select count(*) as total from opportunity')).rows;
        const write = (from: number, to: number, verdict: string, denials: number): Promise<unknown> =>
          pool.query(
            `insert into opportunity (id, lane, seq, session, workflow, account, phase, verdict, direction, markets, opened_at, best_gross, best_net, size, waterfall, reason, updated_at, denials)
             select 'kept-' || i, 70 + i % 2, i, 's#1', 'w' || i % 3, 'main', 'opened', $3, 'yes-no', '{}', i, 0, 0, 0, '[]', '', i, $4 from generate_series($1::int, $2) i
             on conflict (id) do update set verdict = excluded.verdict, denials = excluded.denials`,
            [from, to, verdict, denials],
          );
        const same = async (): Promise<void> => {
          const { rows } = await pool.query(
            `select lane, workflow, verdict, verdict = 'denied' or denials > 0 as refused, count(*) as n from opportunity group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
          );
          const kept = await pool.query('select * from opportunity_count where n <> 0 order by 1, 2, 3, 4');
          expect(kept.rows).toEqual(rows);
        };
        await write(1, 20, 'net-negative', 0);
        await same();
        await write(10, 30, 'accepted', 2);
        await write(28, 40, 'denied', 1);
        await same();
        await pool.query(`update opportunity set phase = 'closed' where id like 'kept-%'`);
        await same();
        expect((await opportunityPage(pool, { first: 1, verdict: 'denied', workflow: 'w1' })).total).toBe(11);
        await pool.query(`delete from opportunity where id like 'kept-%'`);
        await same();
        expect((await opportunityPage(pool, { first: 1 })).total).toBe(total);
      });

      it('count and page opportunities by verdict', async () => {
        expect(Object.fromEntries(await opportunityCounts(pool))).toEqual({ accepted: 1, denied: 1 });
        const first = await opportunityPage(pool, { first: 1 });
        expect(first).toMatchObject({ total: 2, hasNextPage: true, items: [{ id: 'o2', reason: 'stale book' }] });
        expect((await opportunityPage(pool, { first: 1, after: first.endCursor })).items[0].id).toBe('o1');
        expect((await opportunityPage(pool, { first: 9, verdict: 'denied' })).total).toBe(1);
        expect(await opportunityById(pool, 'o1')).toMatchObject({ bestNet: 12_000, waterfall: [{ label: 'gross' }] });
      });
    });

    describe('state', () => {
      it('gives accounts, sessions and equity', async () => {
        expect((await accountLooks(pool)).map(({ record }) => record.id)).toEqual([ACCOUNT]);
        expect((await accountLook(pool, ACCOUNT))?.lane).toBe(LANE);
        expect((await sessionLooks(pool, WORKFLOW))[0].look.workflow.version).toBe(1);
        expect(await sessionLooks(pool, 'other')).toEqual([]);
        expect(await equitySeries(pool, ACCOUNT, null, 10)).toMatchObject([{ equity: 9_999_900_000 }]);
        expect(await equitySeries(pool, 'nobody', null, 10)).toEqual([]);
      });

      it('tells what changed behind a seq, and only that', async () => {
        expect((await laneHeads(pool)).get(LANE)).toBe(10);
        expect((await changedQuotes(pool, LANE, 2)).map(({ market }) => market)).toEqual([POLY]);
        expect(await changedBooks(pool, LANE, [0, 1], 6, 10)).toEqual([0]);
        expect(await changedBooks(pool, LANE, [1], 6, 10)).toEqual([]);
        expect((await changedOpportunities(pool, LANE, 6)).map(({ id }) => id)).toEqual(['o2']);
      });

      it('knows the database and its tables by size', async () => {
        expect(await databaseFacts(pool)).toMatchObject({ layout: kind.layout });
        expect((await storage(pool)).find(({ name }) => name === 'journal')?.bytes).toBeGreaterThan(0);
      });
    });

    describe('the summary of a run', () => {
      it('counts what was committed since it began', async () => {
        await pool.query(
          `INSERT INTO feed_health (venue, at, body) VALUES ('kalshi', 1, '{"frames": 7, "gaps": 1}'), ('polymarket', 1, '{"frames": 5, "gaps": 2, "resyncs": 3}')`,
        );
        expect(await runSummary(pool, lane.from)).toEqual({
          frames: { kalshi: 7, polymarket: 5 },
          events: 10,
          gaps: 3,
          resyncs: 3,
          lost: 0,
          opportunities: { accepted: 1, denied: 1, netNegative: 0 },
          orders: 0,
          fills: 1,
          // Two book events are five levels; three quotes.
          tapeRows: 16,
          journalRows: 5,
          firstOpportunityMs: 6_000,
          firstDenialMs: 7_000,
        });
        const later = await runSummary(pool, lane.from + 8_000);
        expect(later).toMatchObject({ events: 3, journalRows: 0, fills: 0, firstDenialMs: null });
        expect((await runSummary(pool, lane.from + 3_600_000)).events).toBe(0);
      });
    });
  });
}
