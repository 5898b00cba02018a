import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type PluginId, type Price } from '#core';
import { testBuyer } from './strategies.spec-support.js';
import { accountRecord, ACCOUNT, desk, workflowRecord, type TapeDesk } from './tape.spec-support.js';

const A = 'kalshi:x';

/** Holds 100 contracts of YES bought for 40¢ and a fee of 1.68 in all. */
function holder(over: Partial<typeof DEFAULT_LIMITS> = {}): TapeDesk {
  const limits = { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, ...over };
  return desk([testBuyer])
    .act({ kind: 'account', account: accountRecord({ limits, openingCash: 100_000_000 }) })
    .market(A)
    .act({
      kind: 'workflow',
      workflow: workflowRecord({ plugin: 'test-buyer' as PluginId, config: { minEdge: 0, size: 10_000 } }),
    })
    .book(A, [[0.38, 500]], [[0.4, 100]])
    .trust(A)
    .wait(100)
    .act({ kind: 'workflow-archived', workflow: workflowRecord().id });
}
const account = (d: TapeDesk) => d.kernel!.look.accounts()[0];
const pays = (yesPays: number) => ({ kind: 'value', yesPays: yesPays as Price }) as const;

describe('settlement', () => {
  it.each([
    ['yes', pays(1_000_000), 100_000_000],
    ['no', pays(0), 0],
    ['value', pays(500_000), 50_000_000],
    ['value', pays(333_333), 33_333_300],
    ['void', { kind: 'void' } as const, 41_680_000],
  ])('pays %s once and for good', (how, outcome, payout) => {
    const d = holder().resolve(A, outcome);
    const cost = 41_680_000;
    expect(d.heard.of('settlement')).toMatchObject([
      {
        market: A,
        outcome: 'yes',
        size: 10_000,
        how,
        payout,
        cost,
        realised: payout - cost,
        account: ACCOUNT,
        session: '',
      },
    ]);
    expect(account(d)).toMatchObject({ cash: 58_320_000 + payout, realised: payout - cost, positions: [] });
    d.resolve(A, outcome);
    expect(d.heard.of('settlement')).toHaveLength(1);
  });

  it('pays nothing while the venue may still change its mind', () => {
    const d = holder().resolve(A, pays(0), false);
    expect(d.heard.of('settlement')).toEqual([]);
    expect(account(d).positions).toHaveLength(1);
    d.resolve(A, pays(1_000_000));
    expect(d.heard.last('settlement').how).toBe('yes');
  });

  it('reports a result that changes after it was paid, and pays nobody again', () => {
    const d = holder().resolve(A, pays(0)).resolve(A, pays(1_000_000));
    expect(d.heard.of('settlement')).toHaveLength(1);
    expect(d.heard.last('integrity')).toMatchObject({
      account: ACCOUNT,
      market: A,
      message:
        'The venue changed the final result of kalshi:x from “YES pays $0.00” to “YES pays $1.00” after it was paid: paper was paid $0.00 for 100 YES and would get $100.00 now. Nothing was taken back or added.',
    });
    expect(account(d)).toMatchObject({ cash: 58_320_000, realised: -41_680_000 });
    // Told again it is no news; a result that comes back is.
    d.resolve(A, pays(1_000_000));
    expect(d.heard.of('integrity')).toHaveLength(1);
    d.resolve(A, { kind: 'void' });
    expect(d.heard.last('integrity').message).toContain('to void after it was paid: paper was paid $0.00');
    expect(d.heard.last('integrity').message).toContain('would get $41.68 now');
    d.resolve(A, pays(0));
    expect(d.heard.last('integrity').message).toBe(
      "The venue's final result of kalshi:x is again “YES pays $0.00”, as it was paid.",
    );
  });

  it('says of a changed result that nobody held the market', () => {
    const d = desk([testBuyer]).market(A).resolve(A, pays(0)).resolve(A, pays(1_000_000));
    expect(d.heard.last('integrity').message).toContain('after it was paid; nobody held it.');
  });
});

describe('equity', () => {
  it('marks what is held at its own bid, and at nothing where nobody bids', () => {
    const d = holder();
    expect(account(d)).toMatchObject({ equity: 58_320_000 + 38_000_000 });
    expect(account(d).positions).toMatchObject([
      { outcome: 'yes', size: 10_000, cost: 416_800, mark: 380_000, value: 38_000_000 },
    ]);
    d.book(A, [], [[0.4, 100]]);
    expect(account(d)).toMatchObject({ equity: 58_320_000, positions: [{ mark: null, value: 0 }] });
  });

  it('lets an old mark decay by half an hour by hour, after five minutes', () => {
    const d = holder()
      .wait(300_000 - 100)
      .add({ kind: 'beat' });
    expect(account(d).positions[0].mark).toBe(380_000);
    d.pass(3_300_000);
    expect(account(d).positions[0].mark).toBe(190_000);
    d.add({ kind: 'probe', market: d.ref(A) });
    expect(account(d).positions[0].mark).toBe(380_000);
  });

  it('marks at the last book one could trust', () => {
    const d = holder()
      .distrust(A)
      .book(A, [[0.01, 5]], []);
    expect(account(d).positions[0].mark).toBe(380_000);
  });

  it('halts on a daily loss until the next local day', () => {
    const d = holder({ maxDailyLoss: 50_000, maxDrawdown: 1_000_000 });
    d.book(A, [[0.3, 10]], []).pass(1_000);
    expect(account(d)).toMatchObject({
      state: 'HALTED',
      stateReason: expect.stringContaining('Daily loss of 11.68 %'),
    });
    expect(d.heard.last('account-state')).toMatchObject({ state: 'HALTED', account: ACCOUNT, equity: 88_320_000 });
    d.pass(60_000);
    expect(account(d).state).toBe('HALTED');
    d.wait(86_400_000)
      .book(A, [[0.3, 10]], [])
      .pass(0);
    expect(d.heard.of('account-state').map((entry) => entry.state)).toEqual(['HALTED', 'ACTIVE']);
    expect(account(d).dayBase).toBe(88_320_000);
  });

  it('rests after a trip although the next day has begun', () => {
    const d = holder({ maxDailyLoss: 50_000, maxDrawdown: 1_000_000, tripCooldownMs: 2 * 86_400_000 });
    d.book(A, [[0.3, 10]], []).pass(1_000);
    d.wait(86_400_000)
      .book(A, [[0.3, 10]], [])
      .pass(0);
    expect(account(d)).toMatchObject({
      state: 'HALTED',
      stateReason: expect.stringMatching(/^Resting 2880 min after/),
    });
    d.wait(86_400_000)
      .book(A, [[0.3, 10]], [])
      .pass(0);
    expect(account(d).state).toBe('ACTIVE');
    expect(d.heard.of('account-state').map((entry) => entry.state)).toEqual(['HALTED', 'ACTIVE']);
  });

  it('halts on a drawdown until somebody resets it', () => {
    const d = holder({ maxDrawdown: 50_000, maxDailyLoss: 1_000_000 })
      .book(A, [[0.3, 10]], [])
      .pass(1_000);
    expect(account(d)).toMatchObject({ state: 'HALTED', stateReason: expect.stringContaining('Drawdown') });
    d.book(A, [[0.39, 10]], []).pass(1_000);
    expect(account(d).state).toBe('HALTED');
    d.act({ kind: 'reset-halt', account: ACCOUNT });
    expect(account(d)).toMatchObject({ state: 'ACTIVE', peak: account(d).equity });
  });

  it('takes deposits for what they are, and lets go at most what is free', () => {
    const d = holder().act({ kind: 'deposit', account: ACCOUNT, amount: 50_000_000 });
    expect(account(d)).toMatchObject({ cash: 108_320_000, realised: 0, dayBase: 150_000_000 });
    d.act({ kind: 'deposit', account: ACCOUNT, amount: -1_000_000_000 });
    expect(account(d).cash).toBe(0);
    // Nothing is left to be taken, and nothing is said of it.
    d.act({ kind: 'deposit', account: ACCOUNT, amount: -5 });
    expect(d.heard.of('cash')).toMatchObject([
      { account: ACCOUNT, amount: 50_000_000, cash: 108_320_000 },
      { account: ACCOUNT, amount: -108_320_000, cash: 0 },
    ]);
    // The purchase cost more than a day may; the money that moved changed nothing about it.
    expect(d.heard.of('account-state')).toHaveLength(1);
  });
});
