import {
  ASK,
  BID,
  Defect,
  sameStrike,
  unreachable,
  type BookEvent,
  type ContinuityEvent,
  type Instant,
  type JournalEntry,
  type MarketEvent,
  type MarketRef,
  type TapeEvent,
  type Unstamped,
} from '#core';
import { Accounts, type WorkingOrders } from './accounts.js';
import { applyAct } from './acts.js';
import { levelsOf, type BookRows } from './book-rows.js';
import { sweepDenials } from './denials.js';
import { lockedOverBids } from './deals.js';
import { Consumption } from './depth.js';
import { Enablement } from './enablement.js';
import { bookStored, isHeld } from './follow.js';
import { Hooks } from './hooks.js';
import { JournalWriter } from './journal-writer.js';
import type { Kernel, KernelLook, KernelOptions, KernelOutput } from './kernel.types.js';
import { createLook } from './look.js';
import { MarketTable, type MarketState } from './market-table.js';
import { closeOn } from './opportunities.js';
import { arrive, expire, fillResting, lookAgain, withdraw } from './order-groups.js';
import { queueMoved } from './queue.js';
import { Subscriptions } from './sessions.js';
import { promisesChanged, takeGroup, takeLink } from './sets.js';
import { resolve } from './settlement.js';
import { restoreSnapshot, takeSnapshot } from './snapshot.js';
import { Timers } from './timers.js';
import { outOfOrder, UnheardRows } from './unheard-rows.js';
import { pauseWorkflow } from './workflows.js';
import type { World } from './world.js';

/** Makes an empty kernel. Everything it will ever know comes from events or a snapshot. */
export const createKernel = (options: KernelOptions): Kernel => new TapeKernel(options);

const SILENT: KernelOutput = { journal: () => undefined, estimate: () => undefined };

/**
 * The road of an event (docs: ARCHITECTURE.md): due timers → market state → broker → models → strategies → gate → broker →
 * ledger → journal.
 */
class TapeKernel implements Kernel {
  private readonly world: World;
  private readonly hooks: Hooks;
  private readonly subscriptions = new Subscriptions();
  private readonly unheard: UnheardRows;
  readonly look: KernelLook;

  constructor(private readonly options: KernelOptions) {
    this.world = createWorld(options, (session, fill) => this.hooks.fill(session, fill));
    this.hooks = new Hooks(this.world, this.subscriptions, options);
    this.unheard = new UnheardRows(this.world);
    this.look = createLook(this.world);
  }

  get seq(): number {
    return this.world.journal.seq;
  }
  get at(): number {
    return this.world.journal.at;
  }

  apply(event: TapeEvent, output: KernelOutput): void {
    this.begin(event, output);
    this.hooks.begin();
    this.fire(event.at);
    this.take(event, output);
    this.world.journal.end();
  }

  skip(event: TapeEvent, output: KernelOutput): void {
    this.begin(event, output);
    this.fire(event.at);
    this.world.journal.end();
  }

  interject(event: Unstamped<TapeEvent>, at: Instant, output: KernelOutput): void {
    const { journal } = this.world;
    journal.resume(output);
    this.hooks.begin();
    this.fire(at);
    this.take({ ...event, lane: this.world.lane, seq: journal.seq, at: journal.at } as TapeEvent, output);
    journal.end();
  }

  applyRows(rows: BookRows, from: number, untilSeq: number, output: KernelOutput): number {
    const { world, hooks, subscriptions, unheard } = this;
    const { journal, timers, markets, depth } = world;
    const { rows: count, seq: seqs, at: ats, market: refs, flags, side, price, size } = rows;
    const { snapshot, empty } = rows.bits;
    const quiet = output.quote === undefined;
    let row = from;
    while (row < count) {
      const seq = seqs[row];
      if (seq >= untilSeq) break;
      const ref = refs[row] as MarketRef;
      const heard = subscriptions.heard(world);
      if (quiet && heard[ref] === 0) {
        const left = unheard.take(rows, row, untilSeq, timers.due, heard);
        if (unheard.turned !== null) this.bookTurned(unheard.turned, output);
        if (left > row) {
          row = left;
          continue;
        }
      }
      const at = ats[row];
      if (seq !== journal.seq + 1 || !(at >= journal.at)) throw outOfOrder(seq, at, journal.seq);
      const market = markets.get(ref);
      journal.begin(seq, output);
      hooks.begin();
      if (timers.due <= at) this.fire(at);
      journal.reached = true;
      journal.at = at;
      let end = row + 1;
      while (end < count && seqs[end] === seq) end++;
      const flag = flags[row];
      const whole = (flag & snapshot) !== 0;
      const levels = (flag & empty) !== 0 ? row : end;
      const wasCrossed = market.crossed;
      const wasTrusted = market.quote.trusted;
      const { book } = market;
      if (depth.any(ref)) depth.refresh(ref, levelsOf(rows, row, levels), whole, book);
      if (whole) book.clear();
      let top = whole;
      for (; row < levels; row++) top = book.set(side[row] === BID ? BID : ASK, price[row], size[row]) || top;
      row = end;
      const changed = markets.bookApplied(market, journal, top);
      this.bookChanged(market, wasCrossed, wasTrusted, changed, output);
      // Its workflow is to be paused before anything else happens.
      if (hooks.anyFailed) break;
    }
    journal.end();
    return row;
  }

  /** A book that nobody hears crossed or uncrossed with the last event. */
  private bookTurned(market: MarketState, output: KernelOutput): void {
    const { journal } = this.world;
    const { at } = journal;
    this.hooks.begin();
    journal.begin(journal.seq, output);
    journal.at = at;
    journal.reached = true;
    this.bookChanged(market, !market.crossed, market.crossed && market.continuous, true, output);
  }

  /** Timers due until `at`, in order. */
  private fire(at: Instant): void {
    const { journal, timers } = this.world;
    for (let timer = timers.take(at); timer !== null; timer = timers.take(at)) {
      journal.at = Math.max(journal.at, timer.due);
      if (timer.kind === 'arrival') arrive(this.world, timer.key);
      else if (timer.kind === 'group') lookAgain(this.world, timer.key);
      else expire(this.world, timer.key);
    }
    journal.at = Math.max(journal.at, at);
    journal.reached = true;
  }

  follow(event: TapeEvent, stored: readonly JournalEntry[]): void {
    const { world } = this;
    this.begin(event, SILENT);
    world.journal.at = event.at;
    world.journal.reached = true;
    this.subscriptions.silence();
    for (const entry of stored) bookStored(world, entry);
    // What the stored journal did not pay is not paid here either: the market stays open for its result.
    if (event.kind !== 'resolution' || !event.final || !isHeld(world, event.market)) this.take(event, SILENT);
    world.journal.end();
    this.subscriptions.invalidate();
  }

  private begin(event: TapeEvent, output: KernelOutput): void {
    const { journal } = this.world;
    if (event.lane !== this.world.lane)
      throw new Defect(`an event of lane ${event.lane} reached lane ${this.world.lane}`);
    if (event.seq !== journal.seq + 1 || !(event.at >= journal.at)) throw outOfOrder(event.seq, event.at, journal.seq);
    journal.begin(event.seq, output);
  }

  snapshot(): Uint8Array {
    return takeSnapshot(this.world);
  }

  restore(bytes: Uint8Array): void {
    restoreSnapshot(this.world, this.options.plugins, bytes);
    this.subscriptions.invalidate();
  }

  private take(event: TapeEvent, output: KernelOutput): void {
    const { world } = this;
    switch (event.kind) {
      case 'book':
        return this.book(event, output);
      case 'trade':
        if (world.queues.size > 0) fillResting(world, event);
        return this.hooks.trade(event);
      case 'continuity':
        return this.continuity(event, output);
      case 'probe': {
        const market = world.markets.get(event.market);
        market.freshAt = event.at;
        if (market.quote.trusted) this.hooks.quote(event.market, market.quote);
        return;
      }
      case 'beat':
        world.accounts.observeAll();
        if (world.denials.size > 0) sweepDenials(world, 'idle');
        return this.hooks.beat();
      case 'market':
        return this.market(event);
      case 'group':
        takeGroup(world, event.group);
        return this.scopesChanged();
      case 'link':
        takeLink(world, event.link);
        return this.scopesChanged();
      case 'resolution':
        return resolve(world, event);
      case 'news':
        return this.hooks.news(event);
      case 'parameters':
        world.parameters.set(`${event.plugin}|${event.key}`, event.value);
        return;
      case 'latency':
        world.latency.set(event.venue, event.orderMs);
        return;
      case 'paused': {
        const session = pauseWorkflow(world, event.workflow, event.cause, event.reason);
        if (session !== undefined) this.hooks.forget(session.id);
        return this.scopesChanged();
      }
      case 'act': {
        const resumed = applyAct(world, this.options.plugins, event.act);
        if (resumed !== undefined) this.hooks.forget(resumed.id);
        return this.scopesChanged();
      }
      default:
        return unreachable(event);
    }
  }

  private book(event: BookEvent, output: KernelOutput): void {
    const { world } = this;
    const market = world.markets.get(event.market);
    const wasCrossed = market.crossed;
    const wasTrusted = market.quote.trusted;
    if (world.depth.any(event.market)) world.depth.refresh(event.market, event.levels, event.snapshot, market.book);
    const top = market.book.apply(event.levels, event.snapshot);
    const changed = world.markets.bookApplied(market, world.journal, top);
    this.bookChanged(market, wasCrossed, wasTrusted, changed, output);
  }

  private bookChanged(
    market: MarketState,
    wasCrossed: boolean,
    wasTrusted: boolean,
    changed: boolean,
    output: KernelOutput,
  ): void {
    if (market.crossed && !wasCrossed) this.reportCross(market);
    if (changed && output.quote !== undefined) output.quote(market.quote, market.bookSeq);
    if (wasTrusted && !market.quote.trusted) closeOn(this.world, market.ref);
    if (this.world.queues.size > 0) queueMoved(this.world, market.ref);
    this.hooks.quote(market.ref, market.quote);
  }

  private continuity(event: ContinuityEvent, output: KernelOutput): void {
    const { world } = this;
    const market = world.markets.get(event.market);
    const wasTrusted = market.quote.trusted;
    const changed = world.markets.applyContinuity(market, event);
    if (changed && output.quote !== undefined) output.quote(market.quote, event.seq);
    if (wasTrusted && !market.quote.trusted) closeOn(world, event.market);
    this.hooks.quote(event.market, market.quote);
  }

  private market(event: MarketEvent): void {
    const { world } = this;
    const known = world.markets.states[event.ref];
    const before = known?.info;
    const market = world.markets.announce(event.ref, event.info);
    if (before !== undefined) {
      const reopened = event.info.status === 'open' && !market.paid && market.resolution !== null;
      if (reopened) market.resolution = null;
      if (before.status === 'open' && event.info.status !== 'open') {
        closeOn(world, event.ref);
        withdraw(
          world,
          (group) => group.legs.some((leg) => leg.ref === event.ref),
          `${event.info.id} is ${event.info.status}.`,
        );
      }
      // What is kept of an account is computed from its markets' groups, categories, strikes and results.
      const { group, category } = event.info;
      const otherStrike = !sameStrike(before, event.info);
      if (reopened || before.group !== group || before.category !== category || otherStrike) world.accounts.reassess();
      if (otherStrike && group !== null) promisesChanged(world, group);
    }
    if (before === undefined || changesScope(before, event.info)) this.scopesChanged();
  }

  /** One entry per episode: a crossed book is a broken promise of the venue (YES ask + NO ask below 1), never a trade. */
  private reportCross(market: MarketState): void {
    const { quote, info, ref } = market;
    this.world.journal.write({ session: '', workflow: '', account: '' }, [this.world.markets.get(ref).bookSeq], {
      kind: 'integrity',
      market: info.id,
      message: `Best bid ${cents(quote.bid)} is above best ask ${cents(quote.ask)}: YES and NO together cost ${cents(1_000_000 - quote.bid + quote.ask)}, less than $1.`,
    });
  }

  private scopesChanged(): void {
    this.subscriptions.invalidate();
  }
}

const cents = (micros: number): string => `${Number((micros / 10_000).toFixed(4))}¢`;

const changesScope = (before: MarketEvent['info'], after: MarketEvent['info']): boolean =>
  before.group !== after.group || before.category !== after.category || before.title !== after.title;

function createWorld(options: KernelOptions, onFill: World['onFill']): World {
  const journal = new JournalWriter(options.lane);
  const markets = new MarketTable();
  const groups: World['groups'] = new Map();
  const deals: World['deals'] = new Map();
  const working: WorkingOrders = {
    any: (account) => {
      for (const group of groups.values()) if (group.account === account) return true;
      return false;
    },
    promised: (account) => {
      let sum = 0;
      for (const group of groups.values())
        if (group.account === account) for (const order of group.orders) sum += order.reserved;
      return sum;
    },
    withdraw: (account, reason) => withdraw(world, (group) => group.account === account, reason),
  };
  const world: World = {
    lane: options.lane,
    journal,
    markets,
    depth: new Consumption(),
    timers: new Timers(),
    accounts: new Accounts(journal, markets, working, (account) => lockedOverBids(world, account)),
    enablement: new Enablement(),
    sessions: new Map(),
    latency: new Map(),
    configuredLatency: options.orderLatencyMs,
    latencyOf: options.latencyMs ?? null,
    parameters: new Map(),
    groups,
    deals,
    orders: new Map(),
    queues: new Map(),
    episodes: new Map(),
    denials: new Map(),
    onFill,
  };
  return world;
}
