import { UserProblem } from '#core';
import {
  changedBooks,
  changedOpportunities,
  changedQuotes,
  journalAfter,
  laneHeads,
  linkedMarkets,
  marketDepth,
  marketPlace,
  quotesOf,
  type JournalPlace,
  type MarketPlace,
} from '#data';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { House } from '../house.js';
import { JournalService } from '../journal/journal.service.js';
import type { JournalEntry } from '../journal/journal.types.js';
import type { Depth, Quote } from '../markets/market.types.js';
import { quoteView } from '../markets/market.view.js';
import { OpportunityService } from '../opportunities/opportunity.service.js';
import type { Opportunity } from '../opportunities/opportunity.types.js';
import { RunService } from '../runs/run.service.js';
import type { Run } from '../runs/run.types.js';
import { PortfolioService } from '../portfolio/portfolio.service.js';
import type { Account } from '../portfolio/portfolio.types.js';
import { SystemService } from '../system/system.service.js';
import type { Health } from '../system/system.types.js';
import { WorkflowService } from '../workflows/workflow.service.js';
import type { Workflow } from '../workflows/workflow.types.js';
import { Channel } from './channel.js';
import { lastLines, newest, newestBy } from './mailbox.js';

/** The steps of the pump; nothing on a screen needs to be faster. */
const TICK_MS = 250;
const DEPTH_MS = 500;
const STATE_MS = 1_000;
/** The bus may lose a message: heads are read from the rows as well. */
const HEADS_MS = 1_000;
const LINKED_MS = 5_000;
const COMPLAIN_MS = 60_000;
const LINES = 1_000;
/** Behind every entry of a `seq`: the column's largest integer. */
const LAST_ORDINAL = 2_147_483_647;

interface DepthSeat {
  readonly place: MarketPlace;
  readonly levels: number;
}

/**
 * What is pushed to the pages. The bus only says how far the tape is committed; everything sent is read from rows, once
 * for all subscribers, and paced. Runs only while somebody listens.
 */
@Injectable()
export class LiveFeed implements OnModuleInit, OnModuleDestroy {
  readonly #quotes = new Channel<readonly Quote[], ReadonlySet<string> | null>(
    TICK_MS,
    newestBy(
      (quote) => quote.market,
      (quote) => quote.seq,
    ),
  );
  readonly #journal = new Channel<readonly JournalEntry[], ReadonlySet<string> | null>(TICK_MS, lastLines(LINES));
  readonly #opportunities = new Channel<readonly Opportunity[], null>(
    TICK_MS,
    newestBy(
      (row) => row.id,
      (row) => row.updatedAt,
    ),
  );
  readonly #depth = new Channel<Depth, DepthSeat>(DEPTH_MS, newest);
  readonly #accounts = new Channel<readonly Account[], null>(STATE_MS, newest);
  readonly #workflows = new Channel<readonly Workflow[], null>(STATE_MS, newest);
  readonly #health = new Channel<Health, null>(STATE_MS, newest);
  readonly #runs = new Channel<readonly Run[], string | null>(
    STATE_MS,
    newestBy(
      (row) => row.id,
      () => 0,
    ),
  );
  readonly #all = [
    this.#quotes,
    this.#journal,
    this.#opportunities,
    this.#depth,
    this.#accounts,
    this.#workflows,
    this.#health,
    this.#runs,
  ];

  /** Committed head per lane, and how far each subject has been read. */
  readonly #heads = new Map<number, number>();
  readonly #quotesRead = new Map<number, number>();
  readonly #depthRead = new Map<number, number>();
  readonly #opportunitiesRead = new Map<number, number>();
  readonly #journalRead = new Map<number, JournalPlace>();
  readonly #sent = new Map<string, string>();
  readonly #runsTold = new Set<string>();
  #runsSent: ReadonlyMap<string, string> = new Map();
  #linked: ReadonlySet<string> = new Set();
  #linkedUntil = 0;
  #headsUntil = 0;
  #quietUntil = 0;
  #running: Promise<void> | null = null;
  #stopped = false;
  #unsubscribe: () => void = () => undefined;

  constructor(
    private readonly house: House,
    private readonly journals: JournalService,
    private readonly opportunityRows: OpportunityService,
    private readonly portfolio: PortfolioService,
    private readonly workflowRows: WorkflowService,
    private readonly system: SystemService,
    private readonly runRows: RunService,
  ) {}

  onModuleInit(): void {
    this.#unsubscribe = this.house.bus.subscribe((message) => {
      if (message.topic === 'lane') this.#advance(message.lane, message.seq);
      else if (message.topic === 'run' && this.#runs.size > 0) this.#runsTold.add(message.run);
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    await Promise.all(this.#all.map((channel) => channel.close()));
    await this.#running;
  }

  /** First everything there is, then what changes; `markets` null means every linked market. */
  async quotes(markets: readonly string[] | null): Promise<AsyncIterator<readonly Quote[]>> {
    const first = this.#quotes.size === 0;
    await this.#readHeads();
    if (first) this.#from(this.#quotesRead);
    const filter = markets && new Set(markets);
    const box = this.#open(this.#quotes, filter);
    const wanted = filter ?? (await this.#linkedMarkets());
    box.put((await quotesOf(this.house.pool, wanted)).map(quoteView));
    return box;
  }

  /** What is written from now on. The first answer is empty: what is read after it misses nothing. */
  async journal(kinds: readonly string[] | null): Promise<AsyncIterator<readonly JournalEntry[]>> {
    const first = this.#journal.size === 0;
    await this.#readHeads();
    if (first) for (const [lane, seq] of this.#heads) this.#journalRead.set(lane, { seq, ordinal: LAST_ORDINAL });
    const box = this.#open(this.#journal, kinds && new Set(kinds));
    box.put([]);
    return box;
  }

  /** What changes from now on, after an empty first answer as for the journal. */
  async opportunities(): Promise<AsyncIterator<readonly Opportunity[]>> {
    const first = this.#opportunities.size === 0;
    await this.#readHeads();
    if (first) this.#from(this.#opportunitiesRead);
    const box = this.#open(this.#opportunities, null);
    box.put([]);
    return box;
  }

  async depth(market: string, levels: number): Promise<AsyncIterator<Depth>> {
    const place = await marketPlace(this.house.pool, market);
    if (!place)
      throw new UserProblem(`There is no market ${market}.`, [{ path: '/market', message: 'unknown market' }]);
    const first = this.#depth.size === 0;
    await this.#readHeads();
    if (first) this.#from(this.#depthRead);
    const box = this.#open(this.#depth, { place, levels });
    box.put(await marketDepth(this.house.pool, place, levels));
    return box;
  }

  accounts = (): Promise<AsyncIterator<readonly Account[]>> =>
    this.#state('accounts', this.#accounts, () => this.portfolio.accounts());
  workflows = (): Promise<AsyncIterator<readonly Workflow[]>> =>
    this.#state('workflows', this.#workflows, () => this.workflowRows.all());
  health = (): Promise<AsyncIterator<Health>> => this.#state('health', this.#health, () => this.system.health());

  /** One run as it stands and whatever changes of it; `null` is what changes of all of them, after an empty first answer. */
  async runs(id: string | null): Promise<AsyncIterator<readonly Run[]>> {
    const now = id === null ? null : await this.runRows.byId(id);
    const box = this.#open(this.#runs, id);
    box.put(now ? [now] : []);
    if (id !== null) this.#runsTold.add(id);
    return box;
  }

  async #state<T>(name: string, channel: Channel<T, null>, read: () => Promise<T>): Promise<AsyncIterator<T>> {
    const now = await read();
    const box = this.#open(channel, null);
    box.put(now);
    // The others may have been sent something newer while this was read: the next turn sends it to all.
    this.#sent.delete(name);
    return box;
  }

  #open<T, Filter>(channel: Channel<T, Filter>, filter: Filter): ReturnType<Channel<T, Filter>['open']> {
    const box = channel.open(filter, () => undefined);
    this.#running ??= this.#run();
    return box;
  }

  async #run(): Promise<void> {
    while (!this.#stopped && this.#all.some(({ size }) => size > 0)) {
      const began = this.house.now();
      await this.#tick(began);
      await new Promise((go) => setTimeout(go, Math.max(25, TICK_MS - (this.house.now() - began))));
    }
    // In the same breath as the last look at the seats: who comes next starts a new run.
    this.#running = null;
  }

  async #tick(now: number): Promise<void> {
    if (now >= this.#headsUntil) await this.#tried(now, () => this.#readHeads());
    if (this.#quotes.due(now)) await this.#tried(now, () => this.#sendQuotes());
    if (this.#journal.due(now)) await this.#tried(now, () => this.#sendJournal());
    if (this.#opportunities.due(now)) await this.#tried(now, () => this.#sendOpportunities());
    if (this.#depth.due(now)) await this.#tried(now, () => this.#sendDepth());
    if (this.#accounts.due(now))
      await this.#tried(now, async () => this.#sendState('accounts', this.#accounts, await this.portfolio.accounts()));
    if (this.#workflows.due(now))
      await this.#tried(now, async () => this.#sendState('workflows', this.#workflows, await this.workflowRows.all()));
    if (this.#health.due(now))
      await this.#tried(now, async () => this.#sendState('health', this.#health, await this.system.healthOrLoss()));
    if (this.#runs.due(now)) await this.#tried(now, () => this.#sendRuns());
  }

  /** One subject that cannot be read does not keep the others waiting; what was missed is read at the next turn. */
  async #tried(now: number, read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      if (now < this.#quietUntil) return;
      this.#quietUntil = now + COMPLAIN_MS;
      this.house.log.warn('live feed could not read; it keeps trying', { error });
    }
  }

  async #sendQuotes(): Promise<void> {
    for (const [lane, head] of this.#behind(this.#quotesRead)) {
      const rows = await changedQuotes(this.house.pool, lane, this.#quotesRead.get(lane) ?? 0);
      this.#quotesRead.set(
        lane,
        rows.reduce((most, row) => Math.max(most, row.seq), head),
      );
      if (rows.length === 0) continue;
      const linked = this.#quotes.filters.includes(null) ? await this.#linkedMarkets() : this.#linked;
      const quotes = rows.map(quoteView);
      this.#quotes.send((filter) => {
        const share = quotes.filter(({ market }) => (filter ?? linked).has(market));
        return share.length > 0 ? share : null;
      });
    }
  }

  async #sendJournal(): Promise<void> {
    for (const [lane, head] of this.#heads) {
      const after = this.#journalRead.get(lane) ?? { seq: 0, ordinal: LAST_ORDINAL };
      if (after.seq >= head) continue;
      const entries = await journalAfter(this.house.pool, lane, after, head, LINES);
      const last = entries.at(-1);
      // A full read may have stopped within a `seq`; the next tick goes on behind its last entry.
      this.#journalRead.set(
        lane,
        entries.length === LINES && last
          ? { seq: last.seq, ordinal: last.ordinal }
          : { seq: head, ordinal: LAST_ORDINAL },
      );
      if (entries.length === 0) continue;
      const told = await this.journals.told(entries);
      this.#journal.send((kinds) => {
        const share = kinds ? told.filter(({ kind }) => kinds.has(kind)) : told;
        return share.length > 0 ? share : null;
      });
    }
  }

  async #sendOpportunities(): Promise<void> {
    for (const [lane, head] of this.#behind(this.#opportunitiesRead)) {
      const rows = await changedOpportunities(this.house.pool, lane, this.#opportunitiesRead.get(lane) ?? 0);
      this.#opportunitiesRead.set(lane, head);
      if (rows.length === 0) continue;
      const titled = await this.opportunityRows.titled(rows);
      this.#opportunities.send(() => titled);
    }
  }

  async #sendDepth(): Promise<void> {
    const seats = this.#depth.filters;
    for (const [lane, head] of this.#behind(this.#depthRead)) {
      const places = new Map(seats.filter(({ place }) => place.lane === lane).map(({ place }) => [place.ref, place]));
      const changed = await changedBooks(
        this.house.pool,
        lane,
        [...places.keys()],
        this.#depthRead.get(lane) ?? 0,
        head,
      );
      this.#depthRead.set(lane, head);
      for (const ref of changed) {
        const place = places.get(ref);
        if (!place) continue;
        const most = Math.max(...seats.filter((seat) => seat.place.id === place.id).map(({ levels }) => levels));
        const depth = await marketDepth(this.house.pool, place, most);
        this.#depth.send((seat) =>
          seat.place.id === place.id
            ? { ...depth, bids: depth.bids.slice(0, seat.levels), asks: depth.asks.slice(0, seat.levels) }
            : null,
        );
      }
    }
  }

  /** Rows that differ from what was sent, and those the bus named: a new line of a log changes no row. */
  async #sendRuns(): Promise<void> {
    const told = new Set(this.#runsTold);
    this.#runsTold.clear();
    const rows = await this.runRows.lately([...told, ...this.#runs.filters.filter((id) => id !== null)]);
    const sent = new Map(rows.map((row) => [row.id, JSON.stringify(row)]));
    const fresh = rows.filter(({ id }) => told.has(id) || sent.get(id) !== this.#runsSent.get(id));
    this.#runsSent = sent;
    this.#runs.send((id) => {
      const share = id === null ? fresh : fresh.filter((row) => row.id === id);
      return share.length > 0 ? share : null;
    });
  }

  #sendState<T>(name: string, channel: Channel<T, null>, value: T): void {
    const text = JSON.stringify(value);
    if (this.#sent.get(name) === text) return;
    this.#sent.set(name, text);
    channel.send(() => value);
  }

  async #readHeads(): Promise<void> {
    for (const [lane, seq] of await laneHeads(this.house.pool)) this.#advance(lane, seq);
    this.#headsUntil = this.house.now() + HEADS_MS;
  }

  #advance(lane: number, seq: number): void {
    if (seq > (this.#heads.get(lane) ?? -1)) this.#heads.set(lane, seq);
  }

  /** Lanes whose head is beyond what was read. */
  #behind(read: ReadonlyMap<number, number>): (readonly [number, number])[] {
    return [...this.#heads].filter(([lane, head]) => head > (read.get(lane) ?? 0));
  }

  #from(read: Map<number, number>): void {
    for (const [lane, seq] of this.#heads) read.set(lane, seq);
  }

  async #linkedMarkets(): Promise<ReadonlySet<string>> {
    const now = this.house.now();
    if (now >= this.#linkedUntil) {
      this.#linked = await linkedMarkets(this.house.pool);
      this.#linkedUntil = now + LINKED_MS;
    }
    return this.#linked;
  }
}
