import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Alias, VenueMessage } from '#plugin-sdk';
import { isObject, list, text, type Json } from './json.js';
import {
  feesFrom,
  gridFrom,
  isCombination,
  readFeeChanges,
  readMarket as readKalshiMarket,
} from './kalshi/kalshi.catalogue.js';
import { kalshi, readEvents as readKalshiEvents, readLife as readKalshiLife } from './kalshi/kalshi.venue.js';
import { bothSides } from './kalshi/kalshi.wire.js';
import { readEvents, readLife, readMarket } from './polymarket/polymarket.catalogue.js';
import { polymarket } from './polymarket/polymarket.venue.js';
import { book } from './polymarket/polymarket.wire.js';

const samples = process.env['ARBINTEL_SAMPLES'];
const names = (venue: string): string[] =>
  samples ? readdirSync(join(samples, venue)).filter((name) => /\.jsonl?$/.test(name)) : ['every file'];
/** A file as its JSON values: one, or one a line. */
const valuesOf = (venue: string, name: string): unknown[] => {
  const content = readFileSync(join(samples ?? '', venue, name), 'utf8');
  if (!name.endsWith('.jsonl')) return [JSON.parse(content) as unknown];
  return content
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
};

/** What one value of a file was read as: `read` things, and sentences for what was refused. */
interface Reading {
  read: number;
  refused: string[];
}
const reading = (): Reading => ({ read: 0, refused: [] });
const take = (into: Reading, result: unknown): void => {
  if (typeof result === 'string') into.refused.push(result);
  else if (result === null) into.refused.push('nothing can be made of it');
  else into.read += 1;
};
const takeMessages = (into: Reading, messages: readonly VenueMessage[]): void => {
  // A top of book is understood and says nothing new.
  if (messages.length === 0) into.read += 1;
  for (const message of messages)
    take(
      into,
      message.kind === 'rejected' ? message.reason : message.kind === 'unknown' ? `unknown: ${message.type}` : message,
    );
};

/** Every token is followed: each market's first token ends in the smaller digit, which is as good a guess as any. */
const anyToken = (name: string): Alias => ({ native: '0xany', token: Number(name.at(-1)) % 2 === 0 ? 0 : 1 });

function readPolymarket(value: unknown): Reading {
  const into = reading();
  const events = (raw: readonly unknown[]): void => {
    const page = readEvents(raw);
    into.read += page.markets.length;
    into.refused.push(...page.refused);
  };
  const one = (raw: unknown): void => {
    take(into, readMarket(raw, null, false));
    take(into, readLife(raw));
  };
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (!isObject(first)) take(into, 'no object');
  else if ('event_type' in first || 'price_changes' in first || ('bids' in first && 'event_type' in first))
    takeMessages(into, polymarket.wire.parse(JSON.stringify(value), anyToken));
  else if ('bids' in first) takeMessages(into, book(first, anyToken));
  else if ('raw' in first) one(first['raw']);
  else if ('conditionId' in first) for (const raw of Array.isArray(value) ? (value as unknown[]) : [value]) one(raw);
  else if (isObject(value) && Array.isArray(value['events'])) events(value['events'] as unknown[]);
  else if ('markets' in first) events(Array.isArray(value) ? (value as unknown[]) : [value]);
  else take(into, readMarket(value, null, false));
  return into;
}

function readKalshi(value: unknown): Reading {
  const into = reading();
  const market = (raw: unknown): void => {
    if (!isObject(raw)) return take(into, 'a market that is not an object');
    if (isCombination(raw)) return take(into, `${text(raw['ticker'])}: a combination, which is not listed`);
    take(into, readKalshiMarket(raw, {}, null, false));
    take(into, readKalshiLife(raw));
  };
  const levels = (raw: unknown): void => {
    const orders = isObject(raw) ? raw['orderbook_fp'] : null;
    take(into, isObject(orders) ? bothSides(orders['yes_dollars'], orders['no_dollars']) : 'no order book');
  };
  const body = isObject(value) ? value : {};
  if (isObject(body['frame']))
    takeMessages(
      into,
      kalshi.wire.parse(JSON.stringify(body['frame']), () => undefined),
    );
  else if ('type' in body)
    takeMessages(
      into,
      kalshi.wire.parse(JSON.stringify(value), () => undefined),
    );
  else if (Array.isArray(value))
    for (const one of value as unknown[]) (isObject(one) && 'orderbook_fp' in one ? levels : market)(one);
  else if (Array.isArray(body['events'])) {
    const events = (body['events'] as unknown[]).filter(isObject);
    const page = readKalshiEvents(events, new Map());
    into.read += page.markets.length + events.length;
    into.refused.push(...page.refused);
  } else if (Array.isArray(body['markets'])) for (const one of body['markets'] as unknown[]) market(one);
  else if ('nested' in body) {
    market(body['nested']);
    market(isObject(body['single']) ? body['single']['market'] : null);
  } else if ('response' in body) levels(body['response']);
  else if ('grids' in body)
    for (const grid of list(body['grids'])) take(into, isObject(grid) ? gridFrom(grid['price_ranges']) : null);
  else if ('payloads' in body) {
    for (const one of Object.values(isObject(body['payloads']) ? body['payloads'] : {})) {
      const series = isObject(one) && isObject(one['series']) ? one['series'] : ({} as Json);
      take(into, feesFrom(series['fee_type'], series['fee_multiplier']));
    }
  } else
    takeMessages(
      into,
      kalshi.wire.parse(JSON.stringify(value), () => undefined),
    );
  return into;
}

describe.skipIf(!samples)('every sample file parses or is refused with a sentence (ARBINTEL_SAMPLES)', () => {
  const all = (venue: string, read: (value: unknown) => Reading) => (name: string) => {
    const readings = valuesOf(venue, name).map(read);
    const count = readings.reduce((sum, one) => sum + one.read, 0);
    const refused = readings.flatMap((one) => one.refused);
    expect(count + refused.length).toBeGreaterThan(0);
    for (const sentence of refused) expect(sentence.length).toBeGreaterThan(10);
    return { count, refused };
  };

  // What these files hold is not read by anything here: no parser may make something of them.
  const FOREIGN = new Set([
    'candlesticks_mlb.json',
    'portfolio_fills_redacted.json',
    'markets_list_jun2026.json',
    'clob_market.json',
    'clob_market_closed_accepting_false.json',
    'clob_market_closed_accepting_true.json',
  ]);

  it.each(names('polymarket'))('polymarket/%s', (name) => {
    const { count } = all('polymarket', readPolymarket)(name);
    if (FOREIGN.has(name)) expect(count).toBe(0);
    else expect(count).toBeGreaterThan(0);
  });

  it.each(names('kalshi'))('kalshi/%s', (name) => {
    const { count, refused } = all('kalshi', readKalshi)(name);
    if (FOREIGN.has(name)) expect(count).toBe(0);
    else {
      expect(count).toBeGreaterThan(0);
      expect(refused).toEqual([]);
    }
  });
});

describe('announced fees', () => {
  it('come into force on their day, and make the whole unknown when they are', () => {
    const changes = readFeeChanges({
      series_fee_change_arr: [
        { series_ticker: 'S', fee_type: 'quadratic', fee_multiplier: 2, scheduled_ts: '2026-12-24T00:00:00Z' },
        { series_ticker: 'S', fee_type: 'quadratic', fee_multiplier: 0.5, scheduled_ts: '2026-12-20T00:00:00Z' },
        { series_ticker: 'U', fee_type: 'new', fee_multiplier: 1, scheduled_ts: '2026-12-20T00:00:00Z' },
        { series_ticker: 'W', fee_type: 'quadratic', fee_multiplier: 2, scheduled_ts: 'soon' },
        'x',
      ],
    });
    const schedule = feesFrom('quadratic', 1, changes.get('S'));
    expect(schedule?.map(({ from, rule }) => [from, rule.kind === 'kalshi' && rule.multiplier])).toEqual([
      [0, 1_000_000],
      [Date.parse('2026-12-20'), 500_000],
      [Date.parse('2026-12-24'), 2_000_000],
    ]);
    expect(feesFrom('quadratic', 1, changes.get('U'))).toBeNull();
    expect(feesFrom('quadratic', 1, changes.get('W'))).toBeNull();
    expect(feesFrom('quadratic', undefined)).toBeNull();
  });
});
