import type { VenueWorld } from '#plugin-sdk/testing';
import type { polymarket } from './polymarket.venue.js';

export const MARKET = `0x${'a1'.repeat(32)}`;
export const OTHER = `0x${'b2'.repeat(32)}`;
export const YES = '1001';
export const NO = '1002';
const AT = '1795000000123';
const frame = (body: object): string => JSON.stringify(body);

const bookFrame = {
  event_type: 'book',
  market: MARKET,
  asset_id: YES,
  timestamp: AT,
  hash: 'c0ffee',
  bids: [
    { price: '0.38', size: '40' },
    { price: '0.40', size: '12.5' },
  ],
  asks: [
    { price: '0.45', size: '3' },
    { price: '0.42', size: '7' },
  ],
};
const rows = [
  { asset_id: NO, price: '0.59', size: '9', side: 'BUY', hash: 'd1', best_bid: '0.59', best_ask: '0.6' },
  { asset_id: YES, price: '0.41', size: '9', side: 'SELL', hash: 'd0', best_bid: '0.4', best_ask: '0.41' },
];

/** Values are our own; shapes are those of the market channel and Gamma. */
export const polymarketFrames: VenueWorld['frames'] = [
  {
    name: 'opening books',
    text: frame([
      { ...bookFrame, tick_size: '0.01', last_trade_price: '0.400' },
      { ...bookFrame, asset_id: NO },
    ] as object),
    kinds: ['book', 'book'],
  },
  { name: 'an empty opening', text: '[]', kinds: [] },
  { name: 'a book', text: frame(bookFrame), kinds: ['book'] },
  { name: 'a book without a type', text: frame({ ...bookFrame, event_type: undefined }), kinds: ['book'] },
  {
    name: 'a book with the old names of its sides',
    text: frame({ event_type: 'book', asset_id: YES, timestamp: AT, buys: bookFrame.bids, sells: bookFrame.asks }),
    kinds: ['book'],
  },
  { name: 'a book of a token nobody follows', text: frame({ ...bookFrame, asset_id: '77' }), kinds: [] },
  {
    name: 'a change of both tokens',
    text: frame({ event_type: 'price_change', market: MARKET, price_changes: rows, timestamp: AT }),
    kinds: ['book'],
  },
  {
    name: 'a change in an array',
    text: frame([{ event_type: 'price_change', market: MARKET, price_changes: rows, timestamp: AT }] as object),
    kinds: ['book'],
  },
  {
    name: 'the change of one token, as until 2025',
    text: frame({
      event_type: 'price_change',
      market: MARKET,
      asset_id: YES,
      hash: 'd0',
      changes: [{ price: '0.4', side: 'BUY', size: '3' }],
      timestamp: AT,
    }),
    kinds: ['book'],
  },
  {
    name: 'a flat change',
    text: frame({
      event_type: 'price_change',
      market: MARKET,
      asset_id: NO,
      price: '0.4',
      side: 'BUY',
      size: '3',
      hash: 'd',
      timestamp: AT,
    }),
    kinds: ['book'],
  },
  {
    name: 'a trade',
    text: frame({
      event_type: 'last_trade_price',
      market: MARKET,
      asset_id: NO,
      price: '0.58',
      size: '5',
      side: 'BUY',
      fee_rate_bps: '0',
      timestamp: AT,
      transaction_hash: '0x7',
    }),
    kinds: ['trade'],
  },
  {
    name: 'a tick',
    text: frame({
      event_type: 'tick_size_change',
      market: MARKET,
      asset_id: YES,
      old_tick_size: '0.01',
      new_tick_size: '0.001',
      timestamp: AT,
    }),
    kinds: ['lifecycle'],
  },
  {
    name: 'a top of book',
    text: frame({
      event_type: 'best_bid_ask',
      market: MARKET,
      asset_id: YES,
      best_bid: '0.4',
      best_ask: '',
      spread: '0.02',
      timestamp: AT,
    }),
    kinds: [],
  },
  {
    name: 'a new market',
    text: frame({
      event_type: 'new_market',
      id: '5',
      question: 'Will it?',
      market: OTHER,
      assets_ids: ['5', '6'],
      outcomes: ['Yes', 'No'],
      game_start_time: '2026-12-01 10:00:00+00',
      timestamp: AT,
    }),
    kinds: ['new-market'],
  },
  {
    name: 'a result',
    text: frame({
      event_type: 'market_resolved',
      id: '5',
      market: MARKET,
      assets_ids: [YES, NO],
      winning_asset_id: NO,
      winning_outcome: 'No',
      timestamp: AT,
    }),
    kinds: ['lifecycle'],
  },
  { name: 'a pong', text: 'PONG', kinds: ['control'] },
  { name: 'a notice', text: 'NO NEW ASSETS', kinds: ['control'] },
  { name: 'a refusal', text: 'INVALID OPERATION', kinds: ['control'] },
  { name: 'another text', text: 'HELLO', kinds: ['rejected'] },
  { name: 'a type nobody knows', text: frame({ event_type: 'surprise', market: MARKET }), kinds: ['unknown'] },
];

const market = (conditionId: string, tokens: readonly string[], more: object = {}) => ({
  id: tokens[0],
  question: `Will ${tokens[0]} happen?`,
  slug: `will-${tokens[0]}-happen`,
  description: 'This market resolves to Yes if it happens.',
  conditionId,
  clobTokenIds: JSON.stringify(tokens),
  outcomes: '["Yes", "No"]',
  outcomePrices: '["0.4", "0.6"]',
  orderPriceMinTickSize: 0.01,
  orderMinSize: 5,
  enableOrderBook: true,
  acceptingOrders: true,
  active: true,
  closed: false,
  endDate: '2027-01-01T00:00:00Z',
  gameStartTime: '2026-12-01 10:00:00+00',
  feesEnabled: true,
  feeType: 'politics_fees',
  feeSchedule: { rate: 0.04, exponent: 1, takerOnly: true, rebateRate: 0.25 },
  negRisk: true,
  ...more,
});
const first = [market(MARKET, [YES, NO]), market(OTHER, ['2001', '2002'], { feeSchedule: undefined })];
const second = [market(`0x${'c3'.repeat(32)}`, ['3001', '3002'], { negRisk: false, orderPriceMinTickSize: 0.001 })];

export const polymarketWorld: VenueWorld<(typeof polymarket)['configSchema']> = {
  config: {
    gammaUrl: 'http://gamma.test',
    clobUrl: 'http://clob.test',
    dataUrl: 'http://data.test',
    socketUrl: 'ws://socket.test/ws/market',
  },
  frames: polymarketFrames,
  answer(method, url, body) {
    if (method === 'GET' && url.pathname === '/events/keyset') {
      if (url.searchParams.get('after_cursor') === 'two')
        return { events: [{ id: '8', title: 'Alone', markets: second }] };
      const event = { id: '7', title: 'A race', negRisk: true, tags: [{ label: 'Politics' }], markets: first };
      return { events: [event], next_cursor: 'two' };
    }
    if (method === 'GET' && url.pathname === '/markets/keyset') {
      const asked = url.searchParams.getAll('condition_ids');
      const wantsClosed = url.searchParams.get('closed') === 'true';
      const closed = { ...first[1], closed: true, umaResolutionStatus: 'resolved', outcomePrices: '["0.5", "0.5"]' };
      const all = wantsClosed ? [closed] : [first[0], second[0]];
      return { markets: all.filter((one) => asked.includes(one.conditionId)) };
    }
    if (method === 'POST' && url.pathname === '/books') {
      const asked = (body as { token_id: string }[]).map((one) => one.token_id);
      const book = { ...bookFrame, event_type: undefined, min_order_size: '5', tick_size: '0.01', neg_risk: true };
      return asked.includes(YES) ? [{ ...book, last_trade_price: '0.4' }] : [];
    }
    return undefined;
  },
};
