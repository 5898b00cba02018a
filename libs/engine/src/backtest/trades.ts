import type { FillEntry, Instant, JournalEntry, MarketId, Outcome, SettlementEntry, SignalEntry } from '#core';

/** One accepted signal and what came of it. Money in micro-dollars. */
export interface TradeFacts {
  readonly signalId: string;
  readonly at: Instant;
  readonly workflow: string;
  readonly reason: string;
  readonly legs: SignalEntry['legs'];
  /** Events it rests on: the beginning of its trace. */
  readonly causes: readonly number[];
  /** Paid for contracts, fees included. */
  paid: number;
  /** Got for sold and settled contracts, fees taken off. */
  received: number;
  fees: number;
  contracts: number;
  /** Paid over what the best price at the decision would have cost. */
  slippage: number;
  /** Asked and filled, hundredths, over all legs. */
  asked: number;
  filled: number;
  /** First order sent → last fill, ms of the tape; `null` without a fill. */
  lastFillAt: Instant | null;
  state: string;
  endedAt: Instant | null;
}

interface Lot {
  readonly trade: TradeFacts;
  size: number;
  cost: number;
}

export interface MoneyFlow {
  readonly at: Instant;
  readonly market: MarketId;
  readonly trade: TradeFacts | null;
  /** Realised by this entry. */
  readonly realised: number;
}

/** Follows every contract from the signal that bought it to the sale or settlement that ended it. */
export class Trades {
  readonly all: TradeFacts[] = [];
  readonly flows: MoneyFlow[] = [];
  /** Fees as they were charged, by fill. */
  readonly charges: { readonly market: MarketId; readonly trade: TradeFacts; readonly fee: number }[] = [];
  private readonly bySignal = new Map<string, TradeFacts>();
  private readonly lots = new Map<string, Lot[]>();

  /** `best` is the price the decision saw, by leg. */
  private readonly decided = new Map<string, readonly (number | null)[]>();

  signal(entry: SignalEntry, best: readonly (number | null)[]): void {
    if (entry.mode !== 'paper') return;
    const trade: TradeFacts = {
      signalId: entry.signalId,
      at: entry.at,
      workflow: entry.workflow,
      reason: entry.reason,
      legs: entry.legs,
      causes: entry.causes,
      paid: 0,
      received: 0,
      fees: 0,
      contracts: 0,
      slippage: 0,
      asked: entry.legs.reduce((sum, leg) => sum + leg.size, 0),
      filled: 0,
      lastFillAt: null,
      state: 'working',
      endedAt: null,
    };
    this.all.push(trade);
    this.bySignal.set(entry.signalId, trade);
    this.decided.set(entry.signalId, best);
  }

  entry(entry: JournalEntry): void {
    if (entry.kind === 'fill') this.fill(entry);
    else if (entry.kind === 'settlement') this.settle(entry);
    else if (entry.kind === 'group-state') {
      const trade = this.bySignal.get(entry.signalId);
      if (trade === undefined) return;
      trade.state = entry.state;
      if (
        entry.state !== 'complete' &&
        entry.state !== 'holding' &&
        entry.state !== 'failed' &&
        entry.state !== 'settled'
      )
        return;
      trade.endedAt = entry.at;
      this.decided.delete(entry.signalId);
    }
  }

  /** What is still held, by market: cost of it. */
  open(): readonly {
    readonly market: MarketId;
    readonly outcome: Outcome;
    readonly trade: TradeFacts;
    readonly size: number;
    readonly cost: number;
  }[] {
    return [...this.lots].flatMap(([key, lots]) => {
      const cut = key.lastIndexOf('|');
      const market = key.slice(0, cut) as MarketId;
      return lots.map(({ trade, size, cost }) => ({
        market,
        outcome: key.slice(cut + 1) as Outcome,
        trade,
        size,
        cost,
      }));
    });
  }

  private fill(entry: FillEntry): void {
    const trade = this.bySignal.get(entry.signalId);
    if (trade === undefined) return;
    const leg = trade.legs.findIndex((one) => one.market === entry.market && one.outcome === entry.outcome);
    const best = this.decided.get(entry.signalId)?.[leg] ?? null;
    const seen = best === null ? 0 : Math.round((best * entry.size) / 100);
    const buys = entry.action === 'buy';
    if (best !== null) trade.slippage += buys ? entry.notional - seen : seen - entry.notional;
    trade.fees += entry.fee;
    this.charges.push({ market: entry.market, trade, fee: entry.fee });
    trade.filled += entry.size;
    trade.lastFillAt = entry.at;
    const key = `${entry.market}|${entry.outcome}`;
    if (buys) {
      trade.paid -= entry.cashDelta;
      trade.contracts += entry.size;
      const lots = this.lots.get(key) ?? [];
      this.lots.set(key, lots);
      lots.push({ trade, size: entry.size, cost: 0 - entry.cashDelta });
      return;
    }
    // Its own contracts first (an unwound leg), then the oldest.
    const lots = this.lots.get(key) ?? [];
    const order = [...lots.filter((lot) => lot.trade === trade), ...lots.filter((lot) => lot.trade !== trade)];
    this.take(key, order, entry.size, entry.cashDelta, entry.at, entry.market);
  }

  private settle(entry: SettlementEntry): void {
    const key = `${entry.market}|${entry.outcome}`;
    this.take(key, [...(this.lots.get(key) ?? [])], entry.size, entry.payout, entry.at, entry.market);
  }

  /** Contracts leave their lots for money, shared by size; what rounding leaves goes to the last. */
  private take(key: string, order: readonly Lot[], size: number, money: number, at: Instant, market: MarketId): void {
    let left = size;
    let rest = money;
    for (const lot of order) {
      if (left <= 0) break;
      const taken = Math.min(lot.size, left);
      const got = taken === left ? rest : Math.round((money * taken) / size);
      const cost = taken === lot.size ? lot.cost : Math.round((lot.cost * taken) / lot.size);
      lot.size -= taken;
      lot.cost -= cost;
      lot.trade.received += got;
      left -= taken;
      rest -= got;
      this.flows.push({ at, market, trade: lot.trade, realised: got - cost });
    }
    const lots = (this.lots.get(key) ?? []).filter((lot) => lot.size > 0);
    if (lots.length > 0) this.lots.set(key, lots);
    else this.lots.delete(key);
  }
}
