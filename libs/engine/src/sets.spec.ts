import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type MarketInfo, type Size } from '#core';
import { defineStrategy, type StrategyView } from '#plugin-sdk';
import { Type } from 'typebox';
import { accountRecord, desk, groupInfo, workflowRecord, type TapeDesk } from './tape.spec-support.js';

const NARROW = 'kalshi:above-60';
const WIDE = 'kalshi:above-50';
const GROUP = groupInfo('kalshi:number', [NARROW, WIDE], { exclusive: false, exhaustive: false });

/** Once: ten NO of the narrow one and ten YES of the wide one, at the best prices. */
const nested = defineStrategy({
  manifest: { id: 'nested', version: '1.0.0', title: 'Nested', summary: 'For tests.', sdk: '^1.0.0' },
  configSchema: Type.Object({}),
  scope: 'groups',
  initialState: () => ({ sent: false }),
  onQuote(view: StrategyView<object, { sent: boolean }>, quote) {
    const [narrow, wide] = view.group(quote.market)?.markets ?? [];
    if (view.state.sent || narrow === undefined || !view.trusted(narrow) || !view.trusted(wide)) return undefined;
    view.state.sent = true;
    const leg = (market: typeof wide, outcome: 'yes' | 'no') => {
      const [{ price: limit }] = view.ladder(market, outcome, 1);
      return { market, outcome, action: 'buy', size: 1_000 as Size, limit } as const;
    };
    return { kind: 'order', legs: [leg(narrow, 'no'), leg(wide, 'yes')], reason: 'nested' };
  },
});

/** NO above 60 is bought for 40¢ and YES above 50 for 50¢: at least one of them pays. */
function poised(over: Partial<MarketInfo> = {}): TapeDesk {
  const strike = (floorStrike: string): Partial<MarketInfo> => ({
    group: GROUP.id,
    closesAt: 1_800_000_000_000,
    venueData: { strikeType: 'greater', floorStrike },
    ...over,
  });
  return desk([nested])
    .act({ kind: 'account', account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000 } }) })
    .add({ kind: 'group', group: GROUP })
    .act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'nested' as never, config: {} }) })
    .ready(NARROW, [[0.6, 100]], [[0.64, 100]], strike('60'))
    .ready(WIDE, [[0.46, 100]], [[0.5, 100]], strike('50'));
}
const states = (d: TapeDesk) => d.heard.of('group-state').map(({ state }) => state);

describe('a set of nested thresholds', () => {
  it('is known to pay one whatever the number, so that it counts as locked and a naked leg is hedged', () => {
    const whole = poised().pass(100).pass(100);
    expect(whole.heard.last('group-state')).toMatchObject({
      state: 'complete',
      lockedIn: expect.any(Number) as number,
    });
    expect(whole.heard.last('group-state').lockedIn).toBeGreaterThan(0);

    // The wide one is gone when its order comes, and back half a second later, a cent dearer.
    const d = poised().pass(100);
    d.change(WIDE, [], [[0.5, 0]]).pass(100);
    expect(states(d)).toEqual(['working', 'hedging']);
    d.change(WIDE, [], [[0.51, 50]])
      .pass(250)
      .pass(100);
    expect(states(d).at(-1)).toBe('complete');
    expect(d.kernel!.look.accounts()[0].positions).toHaveLength(2);
  });

  it('is nothing certain where the numbers are not read together: then what is naked is sold', () => {
    const d = poised({ closesAt: null }).pass(100);
    d.change(WIDE, [], [[0.5, 0]]).pass(100);
    expect(states(d).at(-1)).toBe('unwinding');
  });

  it('promises nothing more once a market of it is about another number', () => {
    const whole = poised().pass(100).pass(100);
    whole.market(NARROW, { venueData: { strikeType: 'greater', floorStrike: '40' } }).pass(1_000);
    const [account] = whole.kernel!.look.accounts();
    expect(account).toMatchObject({ lockedIn: 0, lockedOverBids: 0 });
    // Both close earlier, one message after the other: in between nobody knows.
    const sooner = poised().pass(100).pass(100);
    const locked = () => sooner.kernel!.look.accounts()[0].lockedIn;
    const before = locked();
    sooner.market(NARROW, { closesAt: 1_799_000_000_000 });
    expect(locked()).toBe(0);
    sooner.market(WIDE, { closesAt: 1_799_000_000_000 });
    expect(locked()).toBe(before);

    const d = poised().pass(100);
    d.change(WIDE, [], [[0.5, 0]]).pass(100);
    d.market(NARROW, { venueData: { strikeType: 'greater', floorStrike: '40' } });
    d.change(WIDE, [], [[0.4, 50]]).pass(300);
    expect(states(d).at(-1)).toBe('unwinding');
  });
});
