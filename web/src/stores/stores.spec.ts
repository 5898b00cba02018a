import { describe, expect, it } from 'vitest';
import { followTrust } from '../pages/market/follow-trust';
import { traceLines } from '../pages/opportunities/trace-lines';
import { openResult, paid } from '../pages/portfolio/open-result';
import { feedTone } from '../shell/feed-tone';
import { extend } from './equity-tail';
import { fillOf, missedBy, refusalsOf, signalOf, timesOf } from './journal-body';
import { marketsOf, newest, type Entry } from './journal-order';
import { mergeById, mergeNewest } from './merge';
import { troubles } from './trouble';

const entry = (id: string, seq: number, kind: string, body: unknown = {}, ordinal = 0): Entry => ({
  id,
  lane: 1,
  seq,
  ordinal,
  at: seq * 10,
  kind,
  workflow: 'w',
  account: 'paper',
  session: 'w#1',
  summary: kind,
  markets: [],
  body,
});

describe('rows that come again', () => {
  it('replace their older selves in place', () => {
    const rows = mergeById(
      [
        { id: 'a', n: 1 },
        { id: 'b', n: 1 },
      ],
      [
        { id: 'c', n: 2 },
        { id: 'a', n: 2 },
      ],
    );
    expect(rows).toEqual([
      { id: 'a', n: 2 },
      { id: 'b', n: 1 },
      { id: 'c', n: 2 },
    ]);
  });
  it('are kept newest first and bounded', () => {
    const rows = [1, 2, 3].map((at) => ({ id: `r${at}`, at }));
    expect(mergeNewest(rows, [{ id: 'r1', at: 9 }], (row) => row.at, 2).map((row) => row.id)).toEqual(['r1', 'r3']);
  });
});

describe('the journal tail', () => {
  it('orders by tape and shows an entry once', () => {
    const entries = [
      entry('a', 5, 'fill'),
      entry('b', 5, 'order', {}, 1),
      entry('a', 5, 'fill'),
      entry('c', 9, 'signal'),
    ];
    expect(newest(entries, { kinds: [] }, 10).map((each) => each.id)).toEqual(['c', 'b', 'a']);
  });
  it('filters live entries by kind, account and market as the server does', () => {
    const entries = [
      entry('a', 1, 'fill', { market: 'kalshi:x' }),
      entry('b', 2, 'fill', { market: 'kalshi:y' }),
      entry('c', 3, 'denial', { legs: [{ market: 'kalshi:x' }] }),
    ];
    expect(newest(entries, { kinds: ['fill'], market: 'kalshi:x' }, 10).map((each) => each.id)).toEqual(['a']);
    expect(newest(entries, { kinds: [], market: 'kalshi:x' }, 10).map((each) => each.id)).toEqual(['c', 'a']);
    expect(newest(entries, { kinds: [], account: 'other' }, 10)).toEqual([]);
  });
  it('finds markets wherever a body names them', () => {
    expect(marketsOf({ market: 'a', markets: ['b', 3], leg: { market: 'c' }, legs: [{ market: 'd' }, null] })).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
    expect(marketsOf('nothing')).toEqual([]);
  });
  it('works out the average price of a fill, and survives a body it does not know', () => {
    const fill = fillOf(
      entry('a', 1, 'fill', { market: 'm', outcome: 'no', action: 'buy', size: 300, notional: 1_350_000 }),
    );
    expect(fill).toMatchObject({ price: 450_000, outcome: 'no', fee: 0, signalId: '' });
    expect(fillOf(entry('b', 1, 'fill', null))).toBeNull();
    expect(signalOf(entry('c', 1, 'fill', { signalId: '' }))).toBeNull();
  });
});

describe('the red banner', () => {
  const lane = { recording: true, commitLagMs: 80, problem: null, lane: 1 } as Parameters<
    typeof troubles
  >[0]['lanes'][number];
  it('is silent while all is well', () => {
    expect(troubles({ lanes: [lane] })).toEqual([]);
  });
  it('says that recording is paused, and why', () => {
    const [trouble] = troubles({ lanes: [{ ...lane, recording: false, commitLagMs: 9_000, problem: 'disk full' }] });
    expect(trouble).toMatchObject({ kind: 'paused' });
    expect(trouble?.text).toContain('disk full');
  });
  it('says how far commits lag once it is more than two seconds', () => {
    expect(troubles({ lanes: [{ ...lane, commitLagMs: 2_000 }] })).toEqual([]);
    expect(troubles({ lanes: [{ ...lane, commitLagMs: 5_200 }] })[0]?.text).toContain('5.2 s');
  });
});

describe('the feed pill', () => {
  const feed = { state: 'live', markets: 4, trusted: 4, problem: null };
  it('is green only when every book is trusted', () => {
    expect([feedTone(feed), feedTone({ ...feed, trusted: 3 }), feedTone({ ...feed, trusted: 0 })]).toEqual([
      'yes',
      'amber',
      'no',
    ]);
  });
  it('is red when nothing comes in, amber while it connects', () => {
    expect([feedTone({ ...feed, state: 'down' }), feedTone({ ...feed, state: 'connecting' })]).toEqual(['no', 'amber']);
  });
});

it('extends the equity curve at most once a second', () => {
  const points = extend([{ at: 1_000, equity: 1 }], { at: 1_500, equity: 2 });
  expect(points).toHaveLength(1);
  expect(extend(points, { at: 2_000, equity: 3 })).toHaveLength(2);
});

it('counts an open result against the cost of the whole position', () => {
  const held = { size: 1_250, cost: 410_000, value: 5_250_000 };
  expect([paid(held), openResult([held, held])]).toEqual([5_125_000, 250_000]);
});

describe('a denial', () => {
  const refusal = {
    rule: 'market-cost',
    message: '$1.58 more in kalshi:A would be too much.',
    limit: 200_000_000,
    use: 198_670_000,
    asked: 1_580_000,
    headroom: 1_330_000,
    unit: 'micro-dollars',
  };
  it('tells every reason with its numbers', () => {
    const denial = entry('d', 3, 'denial', {
      refusals: [refusal, { rule: 'kill-switch', message: 'On.' }, 7],
      count: 4,
    });
    expect(refusalsOf(denial)).toEqual([
      refusal,
      { rule: 'kill-switch', message: 'On.', limit: null, use: null, asked: null, headroom: null, unit: '' },
    ]);
    expect(timesOf(denial)).toBe(4);
    expect(refusalsOf(entry('f', 4, 'fill', { refusals: [refusal] }))).toEqual([]);
  });
  it('says by how much the order missed the limit', () => {
    expect(missedBy(refusal)).toEqual({ label: 'Over by', amount: 250_000 });
    expect(missedBy({ ...refusal, rule: 'below-minimum', limit: 500, use: 0, asked: 300 })).toEqual({
      label: 'Short by',
      amount: 200,
    });
    expect(missedBy({ ...refusal, limit: null })).toBeNull();
  });
});

it('puts a cause before the entries written during it', () => {
  const body = {};
  const lines = traceLines({
    signalId: 'S2.0',
    opportunity: null,
    entries: [entry('e2', 2, 'order', body, 1), entry('e1', 2, 'signal', body, 0), entry('e3', 7, 'fill', body)],
    causes: [
      { seq: 2, at: 20, kind: 'book', summary: '', market: null, body },
      { seq: 7, at: 70, kind: 'book', summary: '', market: null, body },
    ],
  });
  expect(lines.map((line) => line.key)).toEqual(['event 2', 'entry e1', 'entry e2', 'event 7', 'entry e3']);
});

it('carries continuity on when live quotes change their trust', () => {
  const open = { from: 0, to: null, trusted: true, reason: 'snapshot' };
  expect(followTrust([open], [{ at: 5, trusted: true }])).toEqual([open]);
  expect(followTrust([open], [{ at: 5, trusted: false }])).toEqual([
    { ...open, to: 5 },
    { from: 5, to: null, trusted: false, reason: 'resync' },
  ]);
});
