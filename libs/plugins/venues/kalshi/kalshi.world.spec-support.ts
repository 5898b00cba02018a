import { generateKeyPairSync } from 'node:crypto';
import type { VenueWorld } from '#plugin-sdk/testing';
import type { kalshi } from './kalshi.venue.js';

export const TICKER = 'KXRAIN-26DEC-NYC';
const EVENT = 'KXRAIN-26DEC';
const frame = (body: object): string => JSON.stringify(body);
const life = (msg: object): string =>
  frame({ type: 'market_lifecycle_v2', sid: 4, seq: 1, msg: { market_ticker: TICKER, ...msg } });

/** Values are our own; shapes are those of the socket and REST. */
export const kalshiFrames: VenueWorld['frames'] = [
  {
    name: 'a subscription',
    text: frame({ type: 'subscribed', id: 1, msg: { channel: 'orderbook_delta', sid: 1 } }),
    kinds: ['control'],
  },
  {
    name: 'a book',
    text: frame({
      type: 'orderbook_snapshot',
      sid: 1,
      seq: 1,
      msg: {
        market_ticker: TICKER,
        market_id: 'm',
        yes_dollars_fp: [
          ['0.3800', '40.00'],
          ['0.4000', '12.50'],
        ],
        no_dollars_fp: [['0.5800', '7.00']],
      },
    }),
    kinds: ['book'],
  },
  {
    name: 'a book of one side',
    text: frame({
      type: 'orderbook_snapshot',
      sid: 1,
      seq: 2,
      id: 9,
      msg: { market_ticker: TICKER, no_dollars_fp: [['0.5', '1']] },
    }),
    kinds: ['book'],
  },
  {
    name: 'a book never traded',
    text: frame({ type: 'orderbook_snapshot', sid: 1, seq: 3, msg: { market_ticker: TICKER, market_id: '' } }),
    kinds: ['book'],
  },
  {
    name: 'a change',
    text: frame({
      type: 'orderbook_delta',
      sid: 1,
      seq: 4,
      msg: {
        market_ticker: TICKER,
        market_id: 'm',
        price_dollars: '0.4000',
        delta_fp: '-2.50',
        side: 'yes',
        ts: '2026-11-01T00:00:00.000001Z',
        ts_ms: 1795000000123,
      },
    }),
    kinds: ['book'],
  },
  {
    name: 'a trade',
    text: frame({
      type: 'trade',
      sid: 2,
      seq: 1,
      msg: {
        trade_id: 't',
        market_ticker: TICKER,
        yes_price_dollars: '0.4000',
        no_price_dollars: '0.6000',
        count_fp: '3.00',
        taker_side: 'no',
        taker_outcome_side: 'yes',
        taker_book_side: 'bid',
        ts: 1795000000,
        ts_ms: 1795000000123,
      },
    }),
    kinds: ['trade'],
  },
  {
    name: 'a ticker',
    text: frame({ type: 'ticker', sid: 3, msg: { market_ticker: TICKER, yes_bid_dollars: '0.40' } }),
    kinds: [],
  },
  { name: 'a birth', text: life({ event_type: 'created', open_ts: 1795000000 }), kinds: ['new-market'] },
  { name: 'an activation', text: life({ event_type: 'activated' }), kinds: ['lifecycle'] },
  { name: 'a pause', text: life({ event_type: 'deactivated', is_deactivated: true }), kinds: ['lifecycle'] },
  {
    name: 'another close',
    text: life({ event_type: 'close_date_updated', close_ts: 1795350000 }),
    kinds: ['lifecycle'],
  },
  {
    name: 'a result',
    text: life({ event_type: 'determined', result: 'yes', settlement_value: '1.0000', determination_ts: 1795351000 }),
    kinds: ['lifecycle'],
  },
  { name: 'a payment', text: life({ event_type: 'settled', settled_ts: 1795352000 }), kinds: ['lifecycle'] },
  {
    name: 'another price grid',
    text: life({
      event_type: 'price_level_structure_updated',
      price_level_structure: 'deci_cent',
      price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0010' }],
    }),
    kinds: ['lifecycle'],
  },
  { name: 'other words', text: life({ event_type: 'metadata_updated' }), kinds: ['control'] },
  { name: 'a stage nobody knows', text: life({ event_type: 'transmuted' }), kinds: ['unknown'] },
  {
    name: 'the life of a combination',
    text: life({ event_type: 'activated', market_ticker: 'KXMVESPORTS-1-2' }),
    kinds: ['control'],
  },
  {
    name: 'a new event',
    text: frame({ type: 'event_lifecycle', sid: 4, seq: 2, msg: { event_ticker: EVENT, title: 'Rain' } }),
    kinds: ['control'],
  },
  {
    name: 'another fee',
    text: frame({
      type: 'event_fee_update',
      sid: 4,
      seq: 3,
      msg: { event_ticker: EVENT, fee_type_override: 'quadratic', fee_multiplier_override: 0.5 },
    }),
    kinds: ['fee'],
  },
  {
    name: 'an acknowledgement',
    text: frame({ type: 'ok', id: 2, sid: 1, seq: 5, msg: { market_tickers: [TICKER] } }),
    kinds: ['control'],
  },
  {
    name: 'an acknowledgement of an older build',
    text: frame({ type: 'ok', id: 2, sid: 1, seq: 6, market_tickers: [TICKER] }),
    kinds: ['control'],
  },
  { name: 'an end', text: frame({ type: 'unsubscribed', id: 3, sid: 1, seq: 7 }), kinds: ['control'] },
  {
    name: 'an error',
    text: frame({ type: 'error', id: 4, msg: { code: 8, msg: 'Unknown channel' } }),
    kinds: ['control'],
  },
  { name: 'a type nobody knows', text: frame({ type: 'surprise', sid: 1, seq: 8 }), kinds: ['unknown'] },
  {
    name: 'a book in cents, as until March 2026',
    text: frame({ type: 'orderbook_snapshot', sid: 1, seq: 9, msg: { market_ticker: TICKER, yes: [[40, 12]] } }),
    kinds: ['rejected'],
  },
];

const market = (ticker: string, more: object = {}) => ({
  ticker,
  event_ticker: EVENT,
  market_type: 'binary',
  title: 'Will it rain in December?',
  yes_sub_title: ticker.slice(-3),
  no_sub_title: ticker.slice(-3),
  status: 'active',
  open_time: '2026-10-01T00:00:00Z',
  close_time: '2026-12-31T00:00:00Z',
  expected_expiration_time: '2027-01-01T15:00:00Z',
  settlement_timer_seconds: 300,
  rules_primary: 'If it rains, then the market resolves to Yes.',
  rules_secondary: '',
  price_level_structure: 'tapered_deci_cent',
  price_ranges: [
    { start: '0.0000', end: '0.1000', step: '0.0010' },
    { start: '0.1000', end: '0.9000', step: '0.0100' },
    { start: '0.9000', end: '1.0000', step: '0.0010' },
  ],
  yes_bid_dollars: '0.4000',
  yes_ask_dollars: '1.0000',
  yes_bid_size_fp: '12.50',
  yes_ask_size_fp: '0.00',
  result: '',
  ...more,
});
const BOS = 'KXRAIN-26DEC-BOS';
const LONE = 'KXSNOW-26DEC-T1';
const first = {
  event_ticker: EVENT,
  series_ticker: 'KXRAIN',
  title: 'Rain in December',
  category: 'Climate and Weather',
  mutually_exclusive: true,
  markets: [market(TICKER), market(BOS), market('KXMVESPORTS-1-2')],
};
const second = {
  event_ticker: 'KXSNOW-26DEC',
  series_ticker: 'KXSNOW',
  title: 'Snow in December',
  category: 'Climate and Weather',
  mutually_exclusive: false,
  markets: [market(LONE, { event_ticker: 'KXSNOW-26DEC', fractional_trading_enabled: true })],
};
const settled = market(LONE, { status: 'finalized', result: 'scalar', settlement_value_dollars: '0.2500' });

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const kalshiWorld: VenueWorld<(typeof kalshi)['configSchema']> = {
  config: {
    restUrl: 'http://rest.test/trade-api/v2',
    socketUrl: 'ws://socket.test/trade-api/ws/v2',
    keyId: 'key',
    privateKey,
  },
  frames: kalshiFrames,
  answer(method, url) {
    const path = url.pathname.replace('/trade-api/v2', '');
    if (method !== 'GET') return undefined;
    switch (path) {
      case '/events':
        return url.searchParams.get('cursor') === 'two'
          ? { events: [second], cursor: '' }
          : { events: [first], cursor: 'two' };
      case '/series/KXRAIN':
        return { series: { ticker: 'KXRAIN', fee_type: 'quadratic', fee_multiplier: 1 } };
      case '/series/KXSNOW':
        return { series: { ticker: 'KXSNOW', fee_type: 'quadratic_with_maker_fees', fee_multiplier: 0.5 } };
      case '/series/fee_changes':
        return {
          series_fee_change_arr: [
            {
              id: '1',
              series_ticker: 'KXRAIN',
              fee_type: 'quadratic',
              fee_multiplier: 2,
              scheduled_ts: '2026-12-24T00:00:00Z',
            },
          ],
        };
      case '/markets/orderbooks': {
        const yes = [['0.4000', '12.50']];
        const asked = url.searchParams.getAll('tickers').filter((ticker) => ticker !== BOS);
        return { orderbooks: asked.map((ticker) => ({ ticker, orderbook_fp: { yes_dollars: yes, no_dollars: [] } })) };
      }
      case '/markets': {
        const asked = (url.searchParams.get('tickers') ?? '').split(',');
        return { markets: first.markets.filter((one) => asked.includes(one.ticker)), cursor: '' };
      }
      case `/historical/markets/${LONE}`:
        return { market: settled };
      default:
        return undefined;
    }
  },
};
