import {
  Defect,
  groupId,
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
  BookMessage,
  ControlMessage,
  FeeMessage,
  LifecycleMessage,
  Sequence,
  TradeMessage,
  VenueMessage,
} from '#plugin-sdk';
import { BookKeeper } from './book-keeper.js';
import { FrameTurn, NOTHING } from './frame-turn.js';
import type { Gathered } from './gathered.js';
import type { FrameOutcome, IntakeOptions, MarketTrust, VenueStats } from './intake.types.js';
import { ConnectionEntry, isSame, MarketEntry, regridded } from './market-entry.js';
import { believed, isOlder } from './venue-time.js';
import { VenueEntry } from './venue-entry.js';

/**
 * Frames in, unstamped events out: which connection brings a market, whether what it brought is whole, and what of it
 * is new. Pure: no clock, no socket; live sockets and captured files go through the very same code.
 */
export class Intake {
  private readonly entries: MarketEntry[] = [];
  private readonly refs = new Map<MarketId, MarketRef>();
  private readonly groups = new Map<string, GroupInfo>();
  private readonly connections = new Map<number, ConnectionEntry>();
  private readonly venues = new Map<VenueId, VenueEntry>();
  private readonly keeper: BookKeeper;
  private readonly turn = new FrameTurn();

  constructor(private readonly options: IntakeOptions) {
    for (const venue of options.wires.keys()) this.venue(venue);
    this.keeper = new BookKeeper((event, venue) => this.emit(event, venue), options.hashEveryMs);
  }

  /** Tells the tape when the market is new or anything of it has changed. Its ref is dense from 0 and stays. */
  market(info: MarketInfo): MarketRef {
    const known = this.refs.get(info.id);
    if (known === undefined) {
      const entry = this.enter(info);
      this.emit({ kind: 'market', ref: entry.ref, info }, entry.venue);
      return entry.ref;
    }
    const entry = this.entries[known];
    this.change(entry, entry.listed(info));
    return known;
  }

  private change(entry: MarketEntry, info: MarketInfo): void {
    // What has paid stays paid, however old the listing is that says otherwise.
    const next = entry.final && info.status !== 'settled' ? { ...info, status: 'settled' as const } : info;
    if (isSame(entry.info, next)) return;
    entry.info = next;
    entry.venue.learn(entry);
    this.emit({ kind: 'market', ref: entry.ref, info: next }, entry.venue);
    if (entry.over) this.keeper.lose(entry, 'closed', next.status);
  }

  group(group: GroupInfo): void {
    if (isSame(this.groups.get(group.id), group)) return;
    this.groups.set(group.id, group);
    this.emit({ kind: 'group', group }, this.venue(venueOf(group.id)));
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
    this.connections.set(connection, new ConnectionEntry(connection, this.venue(venue)));
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
      this.leave(this.entry(ref), connection, 'not listened to any more');
    }
  }

  close(connection: number, reason: string, _at: Instant): void {
    this.connections.delete(connection);
    for (const market of this.entries) this.leave(market, connection, reason);
  }

  distrust(markets: readonly MarketRef[], reason: TrustLoss, detail: string): void {
    for (const ref of markets) this.keeper.lose(this.entry(ref), reason, detail);
  }

  /** While a venue is vetoed (its clock is not ours) none of its books is trusted; `null` lifts it. */
  veto(venue: VenueId, reason: TrustLoss | null, detail: string): void {
    const entry = this.venue(venue);
    entry.veto = reason;
    if (reason === null) return;
    for (const market of entry.markets.values()) this.keeper.lose(market, reason, detail);
  }

  /** A frame as text or as the socket's bytes. One of a connection that is not open (any more) changes nothing. */
  frame(connection: number, frame: string | Buffer, at: Instant): FrameOutcome {
    const socket = this.connections.get(connection);
    if (!socket) return NOTHING;
    const { venue } = socket;
    const { tally } = venue;
    tally.frames += 1;
    tally.lastFrameAt = at;
    const turn = this.turn.begin();
    const commonest = venue.scan(frame);
    if (commonest !== null) this.hear(commonest, socket, at, turn);
    else for (const message of venue.parse(frame)) if (!this.hear(message, socket, at, turn)) break;
    const { touched } = turn;
    for (let i = 0; i < touched.size; i++) if (this.keeper.settle(touched.at(i), at)) turn.ask(touched.at(i));
    for (const market of this.keeper.expire(at)) turn.ask(market);
    return turn.outcome ?? NOTHING;
  }

  /**
   * Whole books by REST. On a trusted book that is the same it is a probe; where the venue's is another one, data was
   * missed. `alone`: no socket brings this venue's books, so they simply follow; otherwise one that no connection has brought
   * yet is shown but not trusted, for its changes are not heard.
   */
  books(venue: VenueId, messages: readonly BookMessage[], at: Instant, alone = true): void {
    for (const message of messages) {
      const market = this.venue(venue).markets.get(message.native);
      if (!market || message.mode !== 'snapshot') continue;
      const socket = market.connection === 0 ? undefined : this.connections.get(market.connection);
      const dated = believed(message, at, this.options.mostLateMs);
      if (message.tick !== undefined && !isOlder(dated, market))
        this.change(market, regridded(market.info, message.tick));
      this.keeper.byRest(market, dated, at, socket?.sequenced ?? false, alone || market.connection > 0);
    }
  }

  lifecycle(venue: VenueId, messages: readonly LifecycleMessage[], _at: Instant): void {
    for (const message of messages) this.life(this.venue(venue), message);
  }

  stats(): readonly VenueStats[] {
    return [...this.venues.values()].map(({ tally }) => tally.stats());
  }

  /** After a recovery: the tape's markets in the order of their refs. No book is known; what was trusted is so no more. */
  restore(markets: readonly MarketInfo[], trusted: ReadonlySet<MarketRef>): void {
    if (this.entries.length > 0) throw new Defect('intake is restored before it hears anything');
    for (const info of markets) {
      const entry = this.enter(info);
      entry.reason = 'recovery';
      entry.final = info.status === 'settled';
    }
    for (const ref of trusted) {
      const entry = this.entry(ref);
      entry.trusted = true;
      this.keeper.lose(entry, 'recovery', '');
    }
  }

  private enter(info: MarketInfo): MarketEntry {
    const entry = new MarketEntry(this.entries.length as MarketRef, this.venue(venueOf(info.id)), info);
    this.entries.push(entry);
    this.refs.set(info.id, entry.ref);
    entry.venue.learn(entry);
    return entry;
  }

  /** Nobody brings this market any more. */
  private leave(market: MarketEntry, connection: number, detail: string): void {
    if (market.connection !== connection) return;
    market.connection = 0;
    market.stream = null;
    this.keeper.lose(market, 'not-connected', detail);
  }

  /** False when the rest of the frame is a repetition. */
  private hear(message: VenueMessage, socket: ConnectionEntry, at: Instant, turn: FrameTurn): boolean {
    socket.venue.tally.count(message);
    const { sequence } = message as { readonly sequence?: Sequence };
    if (sequence) {
      if (socket.retired.size > 0 && socket.retired.has(sequence.stream)) return true;
      const { numbered } = turn;
      if (!numbered || numbered.stream !== sequence.stream || numbered.seq !== sequence.seq) {
        turn.numbered = sequence;
        if (!this.inOrder(socket, sequence, turn)) return false;
      }
    }
    this.take(message, socket, at, turn);
    return true;
  }

  private take(message: VenueMessage, socket: ConnectionEntry, at: Instant, turn: FrameTurn): void {
    const { tally } = socket.venue;
    switch (message.kind) {
      case 'book':
        return this.book(message, socket, at, turn.touched);
      case 'trade':
        return this.trade(message, socket, at);
      case 'lifecycle': {
        const renewed = this.life(socket.venue, message);
        if (renewed && socket.refs.has(renewed.ref)) turn.ask(renewed);
        return;
      }
      case 'fee':
        return this.fee(socket.venue, message);
      case 'new-market':
        turn.need().newMarkets.push(message.native);
        return;
      case 'control':
        return this.control(message, socket, turn);
      case 'unknown':
        tally.unknown += 1;
        return;
      case 'rejected':
        tally.rejected += 1;
        turn.need().rejected ??= message.reason;
        // It may have changed a book: a change lost as much as one that never came.
        if (message.native ?? message.sequence)
          this.doubt(socket, message.reason, turn, message.sequence?.stream, message.native);
        return;
    }
  }

  private control(message: ControlMessage, socket: ConnectionEntry, turn: FrameTurn): void {
    if (message.what === 'pong') return;
    if (message.what === 'subscribed' && message.stream) socket.subscribed(message.stream.channel, message.stream.id);
    if (message.what === 'unsubscribed' && message.sequence) socket.retired.add(message.sequence.stream);
    if (message.fatal) turn.need().fatal ??= message.text;
    turn.need().control.push(message);
  }

  private book(told: BookMessage, socket: ConnectionEntry, at: Instant, touched: Gathered<MarketEntry>): void {
    const message = believed(told, at, this.options.mostLateMs);
    const market = socket.venue.markets.get(message.native);
    if (!market || !socket.refs.has(market.ref)) return;
    if (market.connection !== socket.id) {
      // Hand-over happens at a whole book, and only to a younger connection: the old one still talks for a while.
      if (message.mode !== 'snapshot' || market.connection > socket.id) return;
      market.connection = socket.id;
      market.restatedAt = 0;
      market.lateMs = 0;
    }
    // A whole book may have stood unchanged for hours; one without a time was asked for, and the next change will tell.
    if (message.venueAt === null) market.lateMs = 0;
    else if (message.mode !== 'snapshot') {
      socket.venue.tally.lagOf(message.venueAt, at);
      const lateMs = at - message.venueAt;
      market.lateMs = lateMs > (this.options.mostLateMs ?? Infinity) ? lateMs : 0;
    }
    if (message.tick !== undefined) this.change(market, regridded(market.info, message.tick));
    if (!market.turn.open) touched.push(market);
    this.keeper.take(market, message, socket.id, at);
  }

  private trade(message: TradeMessage, socket: ConnectionEntry, at: Instant): void {
    const { venue } = socket;
    const market = venue.markets.get(message.native);
    if (!market || !socket.refs.has(market.ref)) return;
    venue.tally.lagOf(message.venueAt, at);
    if (!venue.trades.isNew(message.tradeId)) return;
    if (message.spelled && market.connection === socket.id) {
      Object.assign(market.spelled, message.spelled);
      this.keeper.reconsider(market);
    }
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
      venue,
    );
  }

  /** The market, when it must be rebuilt: another price grid is a new epoch of its book. */
  private life(venue: VenueEntry, message: LifecycleMessage): MarketEntry | null {
    const market = venue.markets.get(message.native);
    if (!market) return null;
    const { info } = market;
    const final = message.resolution?.final === true;
    const renewed = message.grid !== undefined && !isSame(message.grid, info.grid);
    // The result before the status: a tape that is cut between the two asks again for it.
    if (message.resolution) this.resolve(market, message.resolution);
    this.change(market, {
      ...info,
      status: final ? 'settled' : (message.status ?? info.status),
      closesAt: message.closesAt === undefined ? info.closesAt : message.closesAt,
      paysAt: message.paysAt === undefined ? info.paysAt : message.paysAt,
      grid: message.grid ?? info.grid,
    });
    if (!renewed) return null;
    this.keeper.forget(market, 'the price grid has changed');
    return market;
  }

  private resolve(market: MarketEntry, resolution: NonNullable<LifecycleMessage['resolution']>): void {
    const { outcome, final } = resolution;
    const told = JSON.stringify(resolution);
    if (told === market.resolution || (market.final && !final)) return;
    market.resolution = told;
    market.final = final;
    this.emit({ kind: 'resolution', market: market.ref, outcome, final }, market.venue);
  }

  private fee(venue: VenueEntry, message: FeeMessage): void {
    const { nativeGroup } = message;
    const group = nativeGroup === null || nativeGroup === '' ? null : groupId(venue.id, nativeGroup);
    for (const market of venue.markets.values()) {
      const meant =
        message.native === null ? group !== null && market.event === group : market.native === message.native;
      if (meant) this.change(market, { ...market.info, fees: message.fees });
    }
  }

  /**
   * False for a repeated frame. After a break every book of that stream is doubtful: nobody can say whose change was
   * lost.
   */
  private inOrder(socket: ConnectionEntry, sequence: Sequence, turn: FrameTurn): boolean {
    const { stream, seq } = sequence;
    const last = socket.streams.get(stream) ?? 0;
    if (seq <= last) return false;
    socket.streams.set(stream, seq);
    if (seq === last + 1) return true;
    this.doubt(socket, `${last} was followed by ${seq}`, turn, stream);
    return true;
  }

  /** The books this socket brings, of a stream or a market where one is said, lack a change. */
  private doubt(socket: ConnectionEntry, detail: string, turn: FrameTurn, stream?: string, native?: string): void {
    socket.venue.tally.gaps += 1;
    for (const ref of socket.refs) {
      const market = this.entry(ref);
      if (market.connection !== socket.id || (stream !== undefined && market.stream !== stream)) continue;
      if (native !== undefined && market.native !== native) continue;
      market.known = false;
      this.keeper.lose(market, 'gap', detail);
      turn.ask(market);
    }
  }

  private emit(event: Unstamped<TapeEvent>, venue: VenueEntry): void {
    venue.tally.events += 1;
    this.options.emit(event);
  }

  private entry(ref: MarketRef): MarketEntry {
    const entry = this.entries[ref];
    if (!entry) throw new Defect(`intake does not know market ${ref}`);
    return entry;
  }

  private venue(id: VenueId): VenueEntry {
    let venue = this.venues.get(id);
    if (!venue) this.venues.set(id, (venue = new VenueEntry(id, this.options.wires.get(id) ?? null)));
    return venue;
  }
}
