import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { marketId, price, size, type MarketInfo } from '#core';
import type { HistoryAsk, HistoryPage, VenueIo } from '#plugin-sdk';
import { kalshi } from './kalshi/kalshi.venue.js';
import { polymarket } from './polymarket/polymarket.venue.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.UTC(2026, 9, 1);
const SAMPLE = join(process.env['ARBINTEL_SAMPLES'] ?? '', 'kalshi', 'candlesticks_mlb.json');

const market = (id: string, venueData: Record<string, string>, more: Partial<MarketInfo> = {}): MarketInfo => ({
  id: marketId(id.split(':')[0], id.split(':')[1]),
  group: null,
  title: id,
  rules: '',
  category: '',
  status: 'open',
  grid: [{ start: price(0), end: price(1_000_000), step: 10_000 }],
  minSize: size(100),
  sizeStep: size(100),
  fees: null,
  closesAt: null,
  paysAt: null,
  venueData,
  ...more,
});
const RAIN = market('kalshi:KXRAIN-26-NYC', { series: 'KXRAIN' });
const TOSS = market(`polymarket:0x${'ab'.repeat(32)}`, { yesToken: '11', noToken: '22' });

type Answer = (url: URL) => unknown;
function io<C>(config: C, answer: Answer): { readonly io: VenueIo<C>; readonly asked: URL[] } {
  const asked: URL[] = [];
  const get = (url: string): Promise<unknown> => {
    const parsed = new URL(url);
    asked.push(parsed);
    return Promise.resolve(answer(parsed));
  };
  return { io: { config, now: () => NOW, get, post: get }, asked };
}

/** Page after page, as a job asks. */
async function all(page: (cursor: string | null) => Promise<HistoryPage>): Promise<HistoryPage[]> {
  const pages: HistoryPage[] = [];
  for (let cursor: string | null = null; pages.length < 20;) {
    const one: HistoryPage = await page(cursor);
    pages.push(one);
    if (one.next === null) return pages;
    cursor = one.next;
  }
  return pages;
}

describe('the past of Kalshi', () => {
  const config = { restUrl: 'http://kalshi.test/api', socketUrl: '', keyId: null, privateKey: null };
  const trade = (id: string, at: number, more: object = {}) => ({
    trade_id: id,
    ticker: 'KXRAIN-26-NYC',
    count_fp: '3.00',
    yes_price_dollars: '0.4100',
    taker_outcome_side: 'no',
    created_time: new Date(at).toISOString(),
    ...more,
  });

  it('reads old trades where the venue keeps them, then the newer ones, page by page', async () => {
    const cutoff = NOW - 90 * DAY;
    const { io: handed, asked } = io(config, (url) => {
      if (url.pathname.endsWith('/historical/cutoff')) return { trades_created_ts: new Date(cutoff).toISOString() };
      const cursor = url.searchParams.get('cursor');
      if (url.pathname.endsWith('/historical/trades'))
        return cursor
          ? { trades: [trade('a', cutoff - 2 * DAY)], cursor: '' }
          : {
              trades: [trade('b', cutoff - DAY), trade('block', cutoff - DAY, { is_block_trade: true }), {}],
              cursor: 'more',
            };
      return { trades: [trade('c', cutoff + DAY, { taker_outcome_side: 'yes' })], cursor: '' };
    });
    const ask = { kind: 'trades', from: cutoff - 10 * DAY, to: NOW } as const;
    const pages = await all((cursor) => kalshi.history!.page(handed, RAIN, { ...ask, cursor }));
    expect(pages.flatMap(({ trades }) => trades.map(({ tradeId, taker }) => [tradeId, taker]))).toEqual([
      ['b', 'sell'],
      ['a', 'sell'],
      ['c', 'buy'],
    ]);
    expect(pages[0].trades[0]).toMatchObject({ price: 410_000, size: 300, at: cutoff - DAY });
    expect(pages.map(({ refused }) => refused)).toEqual([1, 0, 0]);
    const shares = pages.map(({ done }) => done);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(asked.map(({ pathname }) => pathname.replace('/api', ''))).toEqual([
      '/historical/cutoff',
      '/historical/trades',
      '/historical/trades',
      '/markets/trades',
    ]);
  });

  it('asks for no old trades when none are wanted', async () => {
    const { io: handed, asked } = io(config, (url) =>
      url.pathname.endsWith('cutoff')
        ? { trades_created_ts: new Date(NOW - 90 * DAY).toISOString() }
        : { trades: [], cursor: '' },
    );
    await all((cursor) => kalshi.history!.page(handed, RAIN, { kind: 'trades', from: NOW - DAY, to: NOW, cursor }));
    expect(asked.some(({ pathname }) => pathname.includes('historical/trades'))).toBe(false);
  });

  it('reads candles of either tier, stamped by the start of their minute', async () => {
    const end = Math.floor((NOW - DAY) / 1_000);
    const spelled = (suffix: string, value: string) =>
      Object.fromEntries(['open', 'high', 'low', 'close'].map((name) => [`${name}${suffix}`, value]));
    const { io: handed, asked } = io(config, (url) => {
      if (url.pathname.endsWith('cutoff')) return { market_settled_ts: new Date(NOW - 30 * DAY).toISOString() };
      // The market has left the live tier.
      if (url.pathname.includes('/series/')) return null;
      return {
        candlesticks: [
          {
            end_period_ts: end,
            yes_bid: spelled('', '0.3300'),
            yes_ask: spelled('', '1.0000'),
            price: { previous: null },
            volume: '12.50',
          },
        ],
      };
    });
    const ask: HistoryAsk = { kind: 'candles', from: NOW - 2 * DAY, to: NOW, cursor: null };
    const page = await kalshi.history!.page(handed, RAIN, ask);
    const bid = { open: 330_000, high: 330_000, low: 330_000, close: 330_000 };
    expect(page.candles).toEqual([
      { at: end * 1_000 - MINUTE, periodMs: MINUTE, bid, ask: null, mid: null, price: null, volume: 1_250 },
    ]);
    expect(asked.map(({ pathname }) => pathname.split('/').at(-4))).toEqual(['', 'KXRAIN', 'historical']);
  });

  it.skipIf(!existsSync(SAMPLE))('reads captured candlesticks whole (needs ARBINTEL_SAMPLES)', async () => {
    const sample = JSON.parse(readFileSync(SAMPLE, 'utf8')) as {
      markets: Record<string, { start_ts: number; end_ts: number; candlesticks: unknown[] }>;
    };
    for (const [ticker, { start_ts, end_ts, candlesticks }] of Object.entries(sample.markets)) {
      const { io: handed } = io(config, (url) => (url.pathname.endsWith('cutoff') ? null : { candlesticks }));
      const ask: HistoryAsk = { kind: 'candles', from: start_ts * 1_000, to: end_ts * 1_000, cursor: null };
      const page = await kalshi.history!.page(handed, market(`kalshi:${ticker}`, { series: 'KXMLBGAME' }), ask);
      expect(page.refused).toBe(0);
      expect(page.candles.length).toBe(candlesticks.length);
      expect(page.candles.every(({ bid, ask: asks }) => bid !== null && asks !== null && bid.low <= asks.high)).toBe(
        true,
      );
    }
  });
});

describe('the past of Polymarket', () => {
  const config = { gammaUrl: '', clobUrl: 'http://clob.test', dataUrl: 'http://data.test', socketUrl: '' };

  it('makes candles of middle prices, week by week', async () => {
    const from = NOW - 10 * DAY;
    const { io: handed, asked } = io(config, (url) => ({
      history: [0, 30, 70].map((second, i) => ({
        t: Number(url.searchParams.get('startTs')) + second,
        p: [0.1 + 0.2, 0.25, 0.5][i],
      })),
    }));
    const pages = await all((cursor) =>
      polymarket.history!.page(handed, TOSS, { kind: 'candles', from, to: NOW, cursor }),
    );
    expect(pages).toHaveLength(2);
    expect(pages[0].candles.map(({ at, mid }) => [at - from, mid?.open, mid?.high, mid?.low, mid?.close])).toEqual([
      [0, 300_000, 300_000, 250_000, 250_000],
      [MINUTE, 500_000, 500_000, 500_000, 500_000],
    ]);
    expect(pages[0].candles[0]).toMatchObject({ bid: null, ask: null, price: null, volume: null });
    expect(asked[0].searchParams.get('market')).toBe('11');
  });

  it('tells trades of one transaction apart, and a trade of the other token from this side', async () => {
    const row = (more: object) => ({
      proxyWallet: '0xw',
      transactionHash: '0xh',
      asset: '11',
      side: 'BUY',
      price: 0.41,
      size: 3,
      timestamp: NOW / 1_000 - 60,
      ...more,
    });
    const rows = [row({}), row({}), row({ asset: '22', price: 0.59, side: 'BUY', size: 2.5 }), row({ asset: '33' })];
    const { io: handed } = io(config, () => rows);
    const ask: HistoryAsk = { kind: 'trades', from: NOW - DAY, to: NOW, cursor: null };
    const page = await polymarket.history!.page(handed, TOSS, ask);
    expect(page.refused).toBe(1);
    expect(page.trades.map(({ price: of, size: count, taker }) => [of, count, taker])).toEqual([
      [410_000, 300, 'buy'],
      [410_000, 300, 'buy'],
      [410_000, 250, 'sell'],
    ]);
    const ids = page.trades.map(({ tradeId }) => tradeId);
    expect(new Set(ids).size).toBe(3);
    expect((await polymarket.history!.page(handed, TOSS, ask)).trades.map(({ tradeId }) => tradeId)).toEqual(ids);
  });

  it('pages with an overlap, so that no transaction is cut in two, and ends where the venue ends', async () => {
    const trades = Array.from({ length: 5_000 }, (_, i) => ({
      transactionHash: `0x${Math.floor(i / 4)}`,
      proxyWallet: '0xw',
      asset: '11',
      side: 'SELL',
      price: 0.5,
      size: 1,
      timestamp: Math.floor(NOW / 1_000) - Math.floor(i / 4),
    }));
    const { io: handed, asked } = io(config, (url) => {
      const offset = Number(url.searchParams.get('offset'));
      return trades.slice(offset, offset + Number(url.searchParams.get('limit')));
    });
    const pages = await all((cursor) =>
      polymarket.history!.page(handed, TOSS, { kind: 'trades', from: 0, to: NOW + DAY, cursor }),
    );
    const ids = new Set(pages.flatMap(({ trades: told }) => told.map(({ tradeId }) => tradeId)));
    const last = Number(asked.at(-1)?.searchParams.get('offset'));
    expect(last).toBeLessThanOrEqual(3_000);
    // Every trade that can be reached, once: four of each transaction.
    expect(ids.size).toBe(last + 500);
  });
});
