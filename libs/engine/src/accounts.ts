import {
  cooling,
  deposit,
  freeCash,
  fullBucket,
  ledgerProblems,
  notional,
  openLedger,
  openLossWatch,
  resetLossWatch,
  shiftLossWatch,
  takeTokens,
  tokensAt,
  watchEquity,
  type AccountId,
  type AccountRecord,
  type Instant,
  type Ledger,
  type LossWatch,
  type Money,
  type Outcome,
  type Position,
  type Price,
  type RiskLimits,
  type TokenBucket,
  type VenueId,
  PRICE_ONE,
} from '#core';
import type { JournalWriter } from './journal-writer.js';
import type { MarketState, MarketTable } from './market-table.js';

/** math.md 11: an older mark decays by half every hour. */
const STALE_MS = 300_000;
const HALF_LIFE_MS = 3_600_000;

export interface Account {
  record: AccountRecord;
  readonly ledger: Ledger;
  readonly watch: LossWatch;
  readonly buckets: Buckets;
  /** Orders per venue that filled and that came back without, in this hour of the tape. */
  readonly tallies: Map<VenueId, Tally>;
  state: 'ACTIVE' | 'REDUCING' | 'HALTED';
  stateReason: string;
  /** Reason of the account's own kill switch; `null` off. */
  killed: string | null;
  equity: Money;
  /** Grows with every change of positions, orders or cash; what is computed from them is kept until then. */
  version: number;
}

export interface Tally {
  hour: number;
  filled: number;
  missed: number;
}

const HOUR_MS = 3_600_000;

export type Buckets = Map<VenueId, TokenBucket>;

const levelOf = (bucket: TokenBucket, { ordersPerSecond, orderBurst }: RiskLimits, at: Instant): number =>
  tokensAt(bucket, ordersPerSecond, orderBurst, at);

/** What the accounts ask of the orders under way. */
export interface WorkingOrders {
  /** Whether a group of the account is still at work. */
  any(account: AccountId): boolean;
  /** Cash promised to the account's orders. */
  promised(account: AccountId): number;
  /** Cancels the account's groups that have filled nothing yet. */
  withdraw(account: AccountId, reason: string): void;
}

/**
 * Held side's bid, conservative: no bid is worth nothing, an old one decays. Once the venue has said a result, nobody bids any
 * more: then it is what that pays, though not yet paid.
 */
export function markOf(state: MarketState, outcome: Outcome, at: Instant): Price | null {
  const { resolution } = state;
  if (resolution?.kind === 'value')
    return (outcome === 'yes' ? resolution.yesPays : PRICE_ONE - resolution.yesPays) as Price;
  const bid = outcome === 'yes' ? state.markBid : state.markAsk < 0 ? -1 : PRICE_ONE - state.markAsk;
  if (bid < 0) return null;
  const age = at - state.freshAt;
  if (age <= STALE_MS) return bid as Price;
  return Math.floor(bid * 2 ** (-age / HALF_LIFE_MS)) as Price;
}

export const valueOf = (position: Position, mark: Price | null): Money =>
  (mark === null ? 0 : notional(mark, position.size)) as Money;

/** The paper accounts of the lane: equity, halts, kill switches, order tokens. */
export class Accounts {
  readonly all = new Map<AccountId, Account>();
  /** Reason of the house-wide kill switch; `null` off. */
  houseKilled: string | null = null;

  constructor(
    private readonly journal: JournalWriter,
    private readonly markets: MarketTable,
    private readonly working: WorkingOrders,
    /** What locked sets are worth beyond the bids of their legs. */
    private readonly locked: (account: Account) => Money,
  ) {}

  /** Only the first record of an account moves cash. */
  save(record: AccountRecord): void {
    const known = this.all.get(record.id);
    if (known !== undefined) {
      known.record = record;
      known.version++;
      return;
    }
    this.all.set(record.id, {
      record,
      ledger: openLedger(record.openingCash),
      watch: openLossWatch(record.openingCash),
      buckets: new Map(),
      tallies: new Map(),
      state: 'ACTIVE',
      stateReason: '',
      killed: null,
      equity: record.openingCash as Money,
      version: 0,
    });
  }

  killReason(account: Account): string | null {
    return this.houseKilled ?? account.killed;
  }

  killedBy(account: Account): readonly ('house' | 'account')[] {
    return [
      ...(this.houseKilled === null ? [] : (['house'] as const)),
      ...(account.killed === null ? [] : (['account'] as const)),
    ];
  }

  equityOf(account: Account): Money {
    let equity: number = account.ledger.cash + this.locked(account);
    for (const position of account.ledger.positions.values())
      equity += valueOf(position, markOf(this.markets.get(position.market), position.outcome, this.journal.at));
    return equity as Money;
  }

  /** Marks to market and watches the day's loss, the drawdown and what they lead to. */
  observe(account: Account): void {
    account.equity = this.equityOf(account);
    watchEquity(account.watch, this.journal.at, account.equity, account.record.limits);
    this.reconcile(account);
    this.settleState(account);
  }

  /** Books that do not add up halt the account until a person has looked. */
  private reconcile(account: Account): void {
    if (account.watch.drawdownTrip !== '') return;
    const problems = [...ledgerProblems(account.ledger)];
    const promised = this.working.promised(account.record.id);
    if (promised !== account.ledger.reserved)
      problems.push(`orders were promised ${promised}, reserved is ${account.ledger.reserved}`);
    if (problems.length > 0) account.watch.drawdownTrip = `The ledger does not reconcile: ${problems.join('; ')}.`;
  }

  observeAll(): void {
    for (const account of this.all.values()) this.observe(account);
  }

  /**
   * A trip first only reduces, while order groups that have begun finish their hedges; then the account is halted. It comes
   * back with the next local day (daily loss) or by a person's reset (drawdown), and in no case before it has rested.
   */
  private settleState(account: Account): void {
    const { watch } = account;
    const trip = watch.drawdownTrip || watch.dailyTrip || cooling(watch, this.journal.at);
    const killed = this.killReason(account);
    const reason = killed !== null ? `Kill switch: ${killed || 'no reason given'}.` : trip;
    const state =
      killed !== null ? 'HALTED' : trip === '' ? 'ACTIVE' : this.working.any(account.record.id) ? 'REDUCING' : 'HALTED';
    if (state === account.state && reason === account.stateReason) return;
    const moved = state !== account.state;
    const stops = account.state === 'ACTIVE';
    account.state = state;
    account.stateReason = reason;
    if (!moved) return;
    this.journal.write({ session: '', workflow: '', account: account.record.id }, [this.journal.seq], {
      kind: 'account-state',
      state,
      reason: state === 'ACTIVE' ? 'Trading may go on.' : reason,
      equity: account.equity,
    });
    if (stops) this.working.withdraw(account.record.id, reason);
  }

  /** How often what is computed of accounts had to be computed anew. */
  assessed = 0;

  /** What is computed from positions, orders and deals depends on more than these: links and groups changed. */
  reassess(): void {
    this.assessed++;
    for (const account of this.all.values()) account.version++;
  }

  /** An order came back from its venue. */
  tally(account: Account, venue: VenueId, filled: boolean): void {
    const hour = Math.floor(this.journal.at / HOUR_MS);
    let tally = account.tallies.get(venue);
    if (tally === undefined || tally.hour !== hour)
      account.tallies.set(venue, (tally = { hour, filled: 0, missed: 0 }));
    if (filled) tally.filled++;
    else tally.missed++;
  }

  misses(account: Account): ReadonlyMap<VenueId, Tally> {
    const hour = Math.floor(this.journal.at / HOUR_MS);
    const now = new Map<VenueId, Tally>();
    for (const [venue, tally] of account.tallies) if (tally.hour === hour) now.set(venue, tally);
    return now;
  }

  kill(on: boolean, id: AccountId | null, reason: string): void {
    if (id === null) this.houseKilled = on ? reason : null;
    else {
      const account = this.all.get(id);
      if (account !== undefined) account.killed = on ? reason : null;
    }
    this.observeAll();
    if (!on) return;
    // An account that was halted already may still have sales on their way or in the books: they reduce, but not past this.
    for (const account of this.all.values())
      if (id === null || account.record.id === id) this.working.withdraw(account.record.id, account.stateReason);
  }

  reset(id: AccountId): void {
    const account = this.all.get(id);
    if (account === undefined) return;
    account.equity = this.equityOf(account);
    account.watch.last = account.equity;
    resetLossWatch(account.watch);
    this.observe(account);
  }

  /** A withdrawal takes at most what is free. */
  deposit(id: AccountId, amount: number): void {
    const account = this.all.get(id);
    if (account === undefined || !Number.isSafeInteger(amount)) return;
    const moved = Math.max(amount, 0 - freeCash(account.ledger));
    deposit(account.ledger, moved);
    shiftLossWatch(account.watch, moved);
    account.version++;
    account.equity = this.equityOf(account);
    if (moved !== 0)
      this.journal.write({ session: '', workflow: '', account: id }, [this.journal.seq], {
        kind: 'cash',
        amount: moved as Money,
        cash: account.ledger.cash,
        equity: account.equity,
      });
    this.observe(account);
  }

  /** Order tokens per venue: the account's own, and of a workflow's tighter limits no more than it has left of them itself. */
  tokens(account: Account, limits: RiskLimits, own: Buckets | null): ReadonlyMap<VenueId, number> {
    const { at } = this.journal;
    const tokens = new Map<VenueId, number>();
    for (const [venue, bucket] of account.buckets)
      tokens.set(venue, Math.min(levelOf(bucket, account.record.limits, at), Math.floor(limits.orderBurst)));
    for (const [venue, bucket] of own ?? [])
      tokens.set(venue, Math.min(levelOf(bucket, limits, at), tokens.get(venue) ?? Infinity));
    return tokens;
  }

  /** Takes an order's token. Finishing a hedge may take one that is not there: it only empties the bucket. */
  takeToken(account: Account, venue: VenueId, limits: RiskLimits | null, own: Buckets | null): void {
    this.takeFrom(account.buckets, venue, account.record.limits);
    if (limits !== null && own !== null) this.takeFrom(own, venue, limits);
  }

  private takeFrom(buckets: Buckets, venue: VenueId, { ordersPerSecond, orderBurst }: RiskLimits): void {
    let bucket = buckets.get(venue);
    if (bucket === undefined) buckets.set(venue, (bucket = fullBucket(orderBurst, this.journal.at)));
    takeTokens(bucket, 1, ordersPerSecond, orderBurst, this.journal.at);
  }

  dump() {
    return { all: this.all, houseKilled: this.houseKilled };
  }

  load(saved: ReturnType<Accounts['dump']>): void {
    this.all.clear();
    for (const [id, account] of saved.all) this.all.set(id, account);
    this.houseKilled = saved.houseKilled;
  }
}
