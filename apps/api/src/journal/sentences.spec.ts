import { exactDollars as dollars, journalSentence, marketsOf, type JournalEntry } from '#core';
import { describe, expect, it } from 'vitest';

import { tapeSentence } from './tape-sentence.js';

const title = (market: string): string => ({ 'kalshi:A': 'Rain tomorrow' })[market] ?? market;
const leg = { market: 'kalshi:A', outcome: 'no', action: 'buy', size: 1_250, limit: 450_000 };
const say = (entry: object): string =>
  journalSentence({ workflow: 'w', account: 'house', ...entry } as JournalEntry, title);

it('writes money as money', () => {
  expect([dollars(0), dollars(4_100_000), dollars(-12_300), dollars(1_234_567_890_000)]).toEqual([
    '$0.00',
    '$4.10',
    '-$0.0123',
    '$1,234,567.89',
  ]);
});

describe('a journal entry', () => {
  it('names markets by their titles in every reason, and never a part of a longer id', () => {
    const reason = 'The book of kalshi:A cannot be trusted: gap. kalshi:AB and kalshi:A-2 are others.';
    const titled = 'The book of “Rain tomorrow” cannot be trusted: gap. kalshi:AB and kalshi:A-2 are others.';
    expect(say({ kind: 'order', leg, state: 'rejected', filled: 0, reason })).toContain(titled);
    expect(say({ kind: 'signal', legs: [leg], reason, mode: 'paper' })).toContain(titled);
    expect(say({ kind: 'group-state', state: 'holding', markets: ['kalshi:A'], naked: [], reason })).toContain(titled);
    expect(say({ kind: 'integrity', market: 'kalshi:A', message: reason })).toContain(titled);
    const opportunity = { kind: 'opportunity', markets: ['kalshi:A'], bestGross: 1, bestNet: 1, size: 100 };
    expect(
      say({ ...opportunity, phase: 'closed', verdict: 'denied', reason, ended: 'The book of kalshi:A is crossed.' }),
    ).toMatch(/refused: The book of “Rain tomorrow”.*\. The book of “Rain tomorrow” is crossed\.$/);
  });

  it('says what an order group locked in and what it came to', () => {
    const group = { kind: 'group-state', markets: ['kalshi:A'], naked: [], reason: '' };
    expect(say({ ...group, state: 'complete', lockedIn: 12_330_000, realised: null })).toBe(
      'The order group is complete: both legs are equal, $12.33 locked in',
    );
    expect(say({ ...group, state: 'settled', lockedIn: null, realised: -2_000_000 })).toBe(
      'The order group is settled, a loss of $2.00',
    );
  });

  it('is one sentence of its kind', () => {
    expect(say({ kind: 'signal', legs: [leg], reason: 'edge', mode: 'shadow' })).toBe(
      'In shadow, would buy 12.5 contracts NO of “Rain tomorrow” at 0.45 or better: edge',
    );
    expect(say({ kind: 'denial', legs: [leg], refusals: [{ message: 'Too old.' }, {}], count: 1 })).toBe(
      'Refused: Too old. (and 1 more)',
    );
    expect(say({ kind: 'denial', legs: [], refusals: [], count: 4 })).toBe('Refused 4 times: no reason was given');
    expect(say({ kind: 'order', leg, state: 'partial', filled: 100, reason: 'depth' })).toBe(
      'Filled only 1 contract of the order to buy 12.5 contracts NO of “Rain tomorrow” at 0.45 or better: depth',
    );
    expect(
      say({
        kind: 'settlement',
        market: 'kalshi:A',
        outcome: 'yes',
        size: 100,
        payout: 1_000_000,
        cost: 400_000,
        realised: 600_000,
        how: 'yes',
      }),
    ).toBe('“Rain tomorrow” resolved YES: 1 contract YES paid $1.00, a gain of $0.60');
    expect(say({ kind: 'group-state', state: 'hedging', naked: [leg], reason: '' })).toBe(
      'One leg fell short; hedging the rest (unhedged: 12.5 contracts NO of “Rain tomorrow”)',
    );
    expect(say({ kind: 'session', state: 'paused', reason: 'threw' })).toBe('Workflow w was paused: threw');
    expect(say({ kind: 'integrity', market: 'kalshi:B', message: 'crossed' })).toContain('kalshi:B');
  });

  it('names markets by their titles in what the gate said', () => {
    expect(
      say({
        kind: 'denial',
        legs: [leg],
        refusals: [{ message: '5 contracts more in kalshi:A would be too many.' }],
        count: 1,
      }),
    ).toBe('Refused: 5 contracts more in “Rain tomorrow” would be too many.');
  });

  it('ends one sentence before it tells how an opportunity closed', () => {
    const closed = {
      kind: 'opportunity',
      phase: 'closed',
      markets: [],
      bestGross: 0,
      bestNet: 0,
      size: 100,
      ended: 'The edge is gone.',
    };
    expect(say({ ...closed, verdict: 'denied', reason: 'The limit is $200.00.' })).toContain(
      '$200.00. The edge is gone.',
    );
    expect(say({ ...closed, verdict: 'accepted', reason: '' })).toContain('taken. The edge is gone.');
  });

  it('names its markets', () => {
    expect(marketsOf({ kind: 'denial', legs: [leg, leg] } as unknown as JournalEntry)).toEqual([
      'kalshi:A',
      'kalshi:A',
    ]);
    expect(marketsOf({ kind: 'session' } as unknown as JournalEntry)).toEqual([]);
  });
});

describe('a tape event', () => {
  const tell = (kind: string, body: object, market: string | null = 'kalshi:A'): string =>
    tapeSentence({ seq: 1, at: 1, kind, market, body: body as Record<string, unknown> }, title);

  it('is one sentence of its kind', () => {
    expect(tell('book', { snapshot: false, levels: [{ side: 'bid', price: 410_000, size: 0 }] })).toBe(
      'Book of “Rain tomorrow” changed: bid 0.41 gone',
    );
    expect(tell('resolution', { outcome: { kind: 'value', yesPays: 500_000 }, final: false })).toBe(
      '“Rain tomorrow” resolved: YES pays $0.50 (not final yet)',
    );
    expect(
      tell('act', { by: 'Ada', act: { kind: 'kill-switch', on: true, account: null, reason: 'drill' } }, null),
    ).toBe('Ada turned the kill switch on for the whole house: drill');
  });

  it('never fails on a body it does not know', () => {
    for (const kind of [
      'book',
      'trade',
      'continuity',
      'market',
      'resolution',
      'link',
      'act',
      'news',
      'paused',
      'latency',
      'later',
    ])
      expect(tell(kind, {}, null)).toBeTruthy();
  });
});
