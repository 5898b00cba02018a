import { deserialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import {
  exposureOf,
  lossesOf,
  strikeMeasure,
  strikeSpan,
  type AccountId,
  type GroupId,
  type GroupInfo,
  type GroupShape,
  type Holding,
  type Ledger,
  type Link,
  type MarketId,
  type MarketInfo,
  type MarketRef,
  type Outcome,
  type VenueId,
} from '#core';
import { chaotic, chaoticTape } from './chaos.spec-support.js';
import { Heard, testKernel } from './tape.spec-support.js';
import type { OrderGroup } from './world.js';

/** What a snapshot holds, as far as it says what is at risk. */
interface Saved {
  readonly markets: {
    readonly states: readonly { readonly info: MarketInfo; readonly venue: VenueId }[];
    readonly groups: ReadonlyMap<GroupId, GroupInfo>;
    readonly links: ReadonlyMap<string, Link>;
  };
  readonly accounts: { readonly all: ReadonlyMap<AccountId, { readonly ledger: Ledger }> };
  readonly groups: ReadonlyMap<string, OrderGroup>;
}

/** Greatest uses, added up from nothing but positions and orders. */
function addedUp({ markets, accounts, groups }: Saved): Record<string, number> {
  const [[account, { ledger }]] = accounts.all;
  const holdings: Holding[] = [];
  const add = (ref: MarketRef, outcome: Outcome, size: number, cost: number): void => {
    const { info, venue } = markets.states[ref];
    holdings.push({ ref, market: info.id, venue, group: info.group, category: info.category, outcome, size, cost });
  };
  for (const { market, outcome, size, cost } of ledger.positions.values()) add(market, outcome, size, cost);
  let open = 0;
  for (const group of groups.values())
    for (const order of group.account === account ? group.orders : []) {
      open++;
      if (order.action === 'buy') add(order.ref, order.outcome, order.size, order.reserved);
    }
  const links = (id: MarketId) => [...markets.links.values()].filter(({ a, b }) => a === id || b === id);
  const strike = (ref: MarketRef) => {
    const { info } = markets.states[ref];
    const [measure, span] = [strikeMeasure(info), strikeSpan(info)];
    return measure === null || span === null ? null : { measure, span };
  };
  const shape = (id: GroupId): GroupShape | null => {
    const group = markets.groups.get(id);
    return group === undefined ? null : group.exclusive ? group : { ...group, strike };
  };
  const exposure = exposureOf(holdings, links);
  const losses = lossesOf(exposure, shape);
  const most = (all: Iterable<number>): number => Math.max(0, ...all);
  return {
    maxPositionSize: most([...exposure.byMarket.values()].map(({ size }) => size)),
    maxMarketCost: most([...exposure.byMarket.values()].map(({ cost }) => cost)),
    maxGross: exposure.gross,
    maxVenue: most(exposure.byVenue.values()),
    maxGroupLoss: most(losses.byEvent.values()),
    maxClusterLoss: most(losses.byCluster.values()),
    maxOpenOrders: open,
  };
}

describe('what the gate keeps of an account', () => {
  it.each([11, 12])('is what its positions and orders add up to, whatever happens (seed %i)', (seed) => {
    const kernel = testKernel([chaotic]);
    const heard = new Heard();
    let atRisk = 0;
    for (const event of chaoticTape(seed, 600, true)) {
      kernel.apply(event, heard);
      const [account] = kernel.look.accounts();
      if (account === undefined) continue;
      const uses = addedUp(deserialize(kernel.snapshot()) as Saved);
      const shown = Object.fromEntries(
        account.limits.filter(({ rule }) => rule in uses).map(({ rule, use }) => [rule, use]),
      );
      expect(shown, `after ${event.seq} ${event.kind}`).toEqual(uses);
      if (uses['maxGroupLoss'] > 0) atRisk++;
    }
    expect(atRisk).toBeGreaterThan(100);
  });
});
