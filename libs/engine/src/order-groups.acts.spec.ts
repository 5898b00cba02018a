import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type PluginId, type VenueId } from '#core';
import { A, account, B, holds, sent, states } from './order-groups.spec-support.js';
import { accountRecord, link, workflowRecord } from './tape.spec-support.js';

describe('an order group that an act overtakes', () => {
  it('finishes its hedge although the workflow is switched off meanwhile', () => {
    const d = sent().pass(100);
    d.act({ kind: 'workflow', workflow: workflowRecord({ version: 2, mode: 'off' }) }).pass(300);
    expect(states(d)).toEqual(['working', 'complete']);
    expect(holds(d)).toHaveLength(2);
  });

  it('is cancelled by switching off while nothing has filled', () => {
    const d = sent().act({ kind: 'workflow', workflow: workflowRecord({ version: 2, mode: 'off' }) });
    expect(states(d)).toEqual(['working', 'failed']);
    expect(account(d).reserved).toBe(0);
    d.pass(1_000);
    expect(d.heard.of('fill')).toEqual([]);
  });

  it('finishes its hedge in an account that was halted meanwhile, which only then is HALTED', () => {
    const d = sent()
      .wait(50)
      .change(A, [], [[0.4, 100]])
      .pass(50);
    const limits = { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, maxDailyLoss: 0 };
    d.act({ kind: 'account', account: accountRecord({ limits }) }).pass(10);
    expect(account(d).state).toBe('REDUCING');
    d.pass(290);
    expect(states(d).at(-1)).toBe('complete');
    expect(d.heard.of('account-state').map((entry) => entry.state)).toEqual(['REDUCING', 'HALTED']);
  });

  it('is cancelled by a loss that halts the account while nothing has filled', () => {
    const limits = { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, maxDailyLoss: 0 };
    const d = sent()
      .act({ kind: 'account', account: accountRecord({ limits }) })
      .pass(10);
    expect(states(d)).toEqual(['working', 'failed']);
    expect(d.heard.of('account-state').map((entry) => entry.state)).toEqual(['REDUCING', 'HALTED']);
    expect(account(d).reserved).toBe(0);
  });

  it('is cancelled where its plugin is switched off while nothing has filled', () => {
    const target = { kind: 'venue', id: 'kalshi' as VenueId } as const;
    const d = sent().act({
      kind: 'enablement',
      settings: [{ plugin: 'test-pairs' as PluginId, target, mode: 'off' }],
    });
    expect(states(d)).toEqual(['working', 'failed']);
    expect(d.heard.last('opportunity').phase).toBe('closed');
  });

  it('finds the market of its second leg closed at its time, though nobody said so, and sells what is naked', () => {
    const d = sent();
    d.market(B, { closesAt: d.at + 350, closesItself: true });
    d.pass(100).pass(300);
    expect(d.heard.of('order').filter(({ state }) => state === 'rejected')).toMatchObject([
      { leg: { market: B }, reason: 'The venue takes no order for polymarket:x: it is closed.' },
    ]);
    d.pass(2_500).pass(1_500);
    expect(holds(d)).toEqual([]);
    expect(states(d).at(-1)).toBe('failed');
  });

  it('is cancelled by a link that is turned over while nothing has filled', () => {
    const d = sent().add({ kind: 'link', link: link(A, B, { version: 2, polarity: 'inverse' }) });
    expect(states(d)).toEqual(['working', 'failed']);
    expect(d.heard.last('group-state').reason).toBe('The link was turned over: it is inverse now.');
    expect(account(d).reserved).toBe(0);
  });

  it('buys no hedge for a link that no longer says so, and sells what is naked', () => {
    // NO at B went to 70¢: too dear to hedge at once, so it waits; then the link is rejected and the hedge comes cheap.
    const d = sent()
      .pass(100)
      .wait(200)
      .change(
        B,
        [
          [0.55, 0],
          [0.3, 200],
        ],
        [],
      )
      .pass(100);
    expect(states(d)).toEqual(['working', 'hedging']);
    d.add({ kind: 'link', link: link(A, B, { version: 2, state: 'rejected' }) });
    d.change(B, [[0.55, 200]], []).pass(250);
    expect(states(d).at(-1)).toBe('unwinding');
    expect(d.heard.last('order')).toMatchObject({ state: 'sent', leg: { market: A, action: 'sell' } });
    d.pass(100);
    expect(holds(d)).toEqual([]);
  });

  it('sends nothing more once the kill switch is on: the naked leg is held', () => {
    const d = sent().pass(100);
    d.act({ kind: 'kill-switch', on: true, account: null, reason: 'drill' });
    d.change(B, [[0.55, 0]], [])
      .pass(300)
      .pass(5_000);
    expect(d.heard.last('group-state')).toMatchObject({ state: 'holding', reason: expect.stringContaining('drill') });
    expect(d.heard.of('order').filter((order) => order.state === 'sent')).toHaveLength(2);
  });
});
