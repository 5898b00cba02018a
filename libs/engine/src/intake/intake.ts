import {
  Defect,
  groupId,
  nativeOf,
  parsePrice,
  price,
  PRICE_ONE,
  venueOf,
  type GroupInfo,
  type Instant,
  type MarketId,
  type MarketInfo,
  type MarketRef,
  type TapeEvent,
  type TrustLoss,
  type Unstamped,
  type VenueId,
} from '#core';
import type {
  Alias,
  BookMessage,
  ControlMessage,
  FeeMessage,
  LifecycleMessage,
  Sequence,
  TradeMessage,
  VenueMessage,
  VenueWire,
} from '#plugin-sdk';
import { BookKeeper } from './book-keeper.js';
import type { FrameOutcome, IntakeOptions, MarketTrust, VenueStats } from './intake.types.js';
import { ConnectionEntry, isSame, MarketEntry } from './market-entry.js';
import { Tally } from './tally.js';
import { TradeMemory } from './trade-memory.js';

const OVER: ReadonlySet<string> = new Set(['closed', 'determined', 'settled']);

/** Most frames leave nothing to do. */
const NOTHING: FrameOutcome = { refresh: [], control: [], newMarkets: [], rejected: null, fatal: null };

interface Outcome {
  refresh: MarketRef[];
  control: ControlMessage[];
  newMarkets: string[];
  rejected: string | null;
  fatal: string | null;
}

/**
 * Frames in, unstamped events out: which connection brings a market, whether what it brought is whole, and what of it
 * is new. Pure: no clock, no socket; live sockets and captured files go through the very same code.
 */
export class Intake {
  private readonly entries: MarketEntry[] = [];
  private readonly refs = new Map<MarketId, MarketRef>();
  private readonly groups = new Map<string, GroupInfo>();
  private readonly connections = new Map<number, ConnectionEntry>();
  private readonly tallies = new Map<VenueId, Tally>();
  private readonly trades = new Map<VenueId, TradeMemory>();
  private readonly aliases = new Map<string, Alias>();
  private readonly keeper: BookKeeper;

  constructor(private readonly options: IntakeOptions) {
    for (const venue of options.wires.keys()) this.tally(venue);
    this.keeper = new BookKeeper((event, venue) => this.emit(event, venue), options.hashEveryMs);
  }

  /** Tells the tape when the market is new or anything of it has changed. Its ref is dense from 0 and stays. */
  market(info: MarketInfo): MarketRef {
    const known = this.refs.get(info.id);
    if (known === undefined) {
      const entry = new MarketEntry(this.entries.length as MarketRef, info);
      this.entries.push(entry);
      this.refs.set(info.id, entry.ref);
      this.learnAliases(entry);
      this.emit({ kind: 'market', ref: entry.ref, info }, entry.venue);
      return entry.ref;
    }
    const entry = this.entries[known];
    if (isSame(entry.info, info)) return known;
    entry.info = info;
    this.learnAliases(entry);
    this.emit({ kind: 'market', ref: known, info }, entry.venue);
    if (OVER.has(info.status)) this.keeper.lose(entry, 'closed', info.status);
    return known;
  }

  group(group: GroupInfo): void {
    if (isSame(this.groups.get(group.id), group)) return;
    this.groups.set(group.id, group);
    this.emit({ kind: 'group', group }, venueOf(group.id));
  }

  ref(id: MarketId): MarketRef | undefined {
    return this.refs.get(id);
  }

  info(ref: MarketRef): MarketInfo {
    return this.entry(ref).info;
  }

  markets(): readonly MarketRef[] {
    return this.entries.map((entry) => entry.ref);
  }

  state(ref: MarketRef): MarketTrust {
    return this.entry(ref);
  }

  /** This connection brings these markets from their next whole book on; until then whoever brought them goes on. */
  open(connection: number, venue: VenueId, markets: readonly MarketRef[]): void {
    this.connections.set(connection, new ConnectionEntry(connection, venue));
    this.add(connection, markets);
  }

  add(connection: number, markets: readonly MarketRef[]): void {
    const entry = this.connections.get(connection);
    for (const ref of markets) entry?.refs.add(ref);
  }

  drop(connection: number, markets: readonly MarketRef[]): void {
    const entry = this.connections.get(connection);
    for (const ref of markets) {
      entry?.refs.delete(ref);
      const market = this.entry(ref);
      if (market.connection !== connection) continue;
      market.connection = 0;
      this.keeper.lose(market, 'not-connected', 'not listened to any more');
    }
  }

  close(connection: number, reason: string, _at: Instant): void {
    this.connections.delete(connection);
    for (const market of this.entries) {
      if (market.connection !== connection) continue;
      market.connection = 0;
      this.keeper.lose(market, 'not-connected', reason);
    }
  }

  distrust(markets: readonly MarketRef[], reason: TrustLoss, detail: string): void {
    for (const ref of markets) this.keeper.lose(this.entry(ref), reason, detail);
  }

  /** While a venue is vetoed (its clock is not ours) none of its books is trusted; `null` lifts it. */
  veto(venue: VenueId, reason: TrustLoss | null, detail: string): void {
    this.keeper.veto(venue, reason);
    if (reason === null) return;
    for (const market of this.entries) if (market.venue === venue) this.keeper.lose(market, reason, detail);
  }

  frame(connection: number, text: string, at: Instant): FrameOutcome {
    const socket = this.connections.get(connection);
    if (!socket) return NOTHING;
    const tally = this.tally(socket.venue);
    tally.frames += 1;
    tally.lastFrameAt = at;
    const messages = this.parse(socket.venue, text);
    let outcome: Outcome | null = null;
    const need = (): Outcome => (outcome ??= { refresh: [], control: [], newMarkets: [], rejected: null, fatal: null });
    const touched: MarketEntry[] = [];
    let numbered: Sequence | null = null;
    for (const message of messages) {
      tally.count(message);
      const { sequence } = message as { readonly sequence?: Sequence };
      if (sequence && !(numbered && numbered.stream === sequence.stream && numbered.seq === sequence.seq)) {
        numbered = sequence;
        const order = this.inOrder(socket, sequence, need);
        if (order === 'repeated') break;
      }
      this.take(message, socket, at, tally, touched, need);
    }
    for (const market of touched) {
      if (this.keeper.settle(market, at) && !need().refresh.includes(market.ref)) need().refresh.push(market.ref);
    }
    return outcome ?? NOTHING;
  }

  /**
   * Whole books by REST. On a trusted book that is the same it is a probe; where the venue's is another one, data was
   * missed. A market without a socket (polling) simply follows.
   */
  books(venue: VenueId, messages: readonly BookMessage[], at: Instant): void {
    const tally = this.tally(venue);
    for (const message of messages) {
      const market = this.find(venue, message.native);
      if (!market || message.mode !== 'snapshot') continue;
      const socket = market.connection === 0 ? undefined : this.connections.get(market.connection);
      this.keeper.byRest(market, message, at, socket?.sequenced ?? false, tally);
    }
  }

  lifecycle(venue: VenueId, messages: readonly LifecycleMessage[], at: Instant): void {
    for (const message of messages) this.life(venue, message, at);
  }

  stats(): readonly VenueStats[] {
    return [...this.tallies.values()].map((tally) => tally.stats());
  }

  /** After a recovery: the tape's markets in the order of their refs. No book is known; what was trusted is so no more. */
  restore(markets: readonly MarketInfo[], trusted: ReadonlySet<MarketRef>): void {
    if (this.entries.length > 0) throw new Defect('intake is restored before it hears anything');
    for (const info of markets) {
      const entry = new MarketEntry(this.entries.length as MarketRef, info);
      entry.reason = 'recovery';
      this.entries.push(entry);
      this.refs.set(info.id, entry.ref);
      this.learnAliases(entry);
    }
    for (const ref of trusted) {
      const entry = this.entry(ref);
      entry.trusted = true;
      this.keeper.lose(entry, 'recovery', '');
    }
  }

  private take(
    message: VenueMessage,
    socket: ConnectionEntry,
    at: Instant,
    tally: Tally,
    touched: MarketEntry[],
    need: () => Outcome,
  ): void {
    switch (message.kind) {
      case 'book':
        return this.book(message, socket, at, tally, touched);
      case 'trade':
        return this.trade(message, socket, at, tally);
      case 'lifecycle':
        return this.life(socket.venue, message, at);
      case 'fee':
        return this.fee(socket.venue, message);
      case 'new-market':
        need().newMarkets.push(message.native);
        return;
      case 'control':
        if (message.what !== 'pong') need().control.push(message);
        return;
      case 'unknown':
        tally.unknown += 1;
        return;
      case 'rejected':
        tally.rejected += 1;
        need().rejected ??= message.reason;
        return;
    }
  }

  private book(message: BookMessage, socket: ConnectionEntry, at: Instant, tally: Tally, touched: MarketEntry[]): void {
    const market = this.find(socket.venue, message.native);
    if (!market || !socket.refs.has(market.ref)) return;
    if (market.connection !== socket.id) {
      // Hand-over happens at a whole book: until then whoever brought the market goes on.
      if (message.mode !== 'snapshot') return;
      market.connection = socket.id;
    }
    tally.lagOf(message.mode === 'snapshot' ? null : message.venueAt, at);
    if (message.tick !== undefined) this.regrid(market, message.tick);
    this.keeper.take(market, message, socket.id, at, tally, this.wire(socket.venue));
    if (!touched.includes(market)) touched.push(market);
  }

  private trade(message: TradeMessage, socket: ConnectionEntry, at: Instant, tally: Tally): void {
    const market = this.find(socket.venue, message.native);
    if (!market || !socket.refs.has(market.ref)) return;
    tally.lagOf(message.venueAt, at);
    let memory = this.trades.get(socket.venue);
    if (!memory) this.trades.set(socket.venue, (memory = new TradeMemory()));
    if (!memory.isNew(message.tradeId)) return;
    if (message.spelled) Object.assign(market.spelled, message.spelled);
    const { tradeId, size, taker, venueAt, sequence } = message;
    this.emit(
      {
        kind: 'trade',
        market: market.ref,
        tradeId,
        price: message.price,
        size,
        taker,
        venueAt,
        connection: socket.id,
        venueSeq: sequence?.seq ?? null,
      },
      socket.venue,
    );
  }

  private life(venue: VenueId, message: LifecycleMessage, _at: Instant): void {
    const market = this.find(venue, message.native);
    if (!market) return;
    const final = message.resolution?.final === true;
    const next: MarketInfo = {
      ...market.info,
      status: final ? 'settled' : (message.status ?? market.info.status),
      closesAt: message.closesAt === undefined ? market.info.closesAt : message.closesAt,
      paysAt: message.paysAt === undefined ? market.info.paysAt : message.paysAt,
      grid: message.grid ?? market.info.grid,
    };
    this.market(next);
    if (!message.resolution) return;
    const told = JSON.stringify(message.resolution);
    if (told === market.resolution) return;
    market.resolution = told;
    const { outcome } = message.resolution;
    this.emit({ kind: 'resolution', market: market.ref, outcome, final }, venue);
  }

  private fee(venue: VenueId, message: FeeMessage): void {
    const group = message.nativeGroup === null ? null : groupId(venue, message.nativeGroup);
    for (const market of this.entries) {
      if (market.venue !== venue) continue;
      const meant =
        message.native === null
          ? group !== null && market.info.group === group
          : nativeOf(market.info.id) === message.native;
      if (meant) this.market({ ...market.info, fees: message.fees });
    }
  }

  /** The frame states the grid in force: the venue narrows it near the ends, sometimes before it says so. */
  private regrid(market: MarketEntry, tick: string): void {
    const step = parsePrice(tick);
    const { grid } = market.info;
    if (!(step > 0) || (grid.length === 1 && grid[0].step === step)) return;
    this.market({ ...market.info, grid: [{ start: price(0), end: PRICE_ONE, step }] });
  }

  /** A break makes every book of the connection doubtful: nobody can say whose change was lost. */
  private inOrder(socket: ConnectionEntry, sequence: Sequence, need: () => Outcome): 'next' | 'repeated' | 'gap' {
    const last = socket.streams.get(sequence.stream) ?? 0;
    if (sequence.seq <= last) return 'repeated';
    socket.streams.set(sequence.stream, sequence.seq);
    if (sequence.seq === last + 1) return 'next';
    this.tally(socket.venue).gaps += 1;
    const detail = `${last} was followed by ${sequence.seq}`;
    for (const ref of socket.refs) {
      const market = this.entry(ref);
      if (market.connection !== socket.id) continue;
      market.known = false;
      this.keeper.lose(market, 'gap', detail);
      need().refresh.push(ref);
    }
    return 'gap';
  }

  private parse(venue: VenueId, text: string): readonly VenueMessage[] {
    try {
      return this.wire(venue).parse(text, (name) => this.aliases.get(`${venue}:${name}`));
    } catch (error) {
      return [
        { kind: 'rejected', reason: `the parser failed: ${error instanceof Error ? error.message : String(error)}` },
      ];
    }
  }

  private learnAliases(entry: MarketEntry): void {
    const names = this.options.wires.get(entry.venue)?.aliases?.(entry.info) ?? [];
    names
      .slice(0, 2)
      .forEach((name, token) =>
        this.aliases.set(`${entry.venue}:${name}`, { native: entry.native, token: token === 0 ? 0 : 1 }),
      );
  }

  private emit(event: Unstamped<TapeEvent>, venue: VenueId): void {
    this.tally(venue).events += 1;
    this.options.emit(event);
  }

  private find(venue: VenueId, native: string): MarketEntry | undefined {
    const ref = this.refs.get(`${venue}:${native}` as MarketId);
    return ref === undefined ? undefined : this.entries[ref];
  }

  private entry(ref: MarketRef): MarketEntry {
    const entry = this.entries[ref];
    if (!entry) throw new Defect(`intake does not know market ${ref}`);
    return entry;
  }

  private wire(venue: VenueId): VenueWire {
    const wire = this.options.wires.get(venue);
    if (!wire) throw new Defect(`no wire for venue ${venue}`);
    return wire;
  }

  private tally(venue: VenueId): Tally {
    let tally = this.tallies.get(venue);
    if (!tally) this.tallies.set(venue, (tally = new Tally(venue)));
    return tally;
  }
}
