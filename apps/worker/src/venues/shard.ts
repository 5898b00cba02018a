import type { Instant, MarketInfo, MarketRef, VenueId } from '#core';
import type { ControlMessage, SocketDescription } from '#plugin-sdk';
import { BackOff } from './back-off.js';
import type { FeedHouse, FeedPace } from './feed.types.js';
import { sentenceOf } from './rest.io.js';
import { SocketLink, type LinkEvents } from './socket.link.js';

export interface ShardDesk {
  readonly venue: VenueId;
  readonly socket: SocketDescription;
  readonly house: FeedHouse;
  readonly pace: FeedPace;
  /** Books of these markets cannot be trusted any more. */
  refresh(refs: readonly MarketRef[], now: Instant): void;
  /** A while after subscribing the connection has brought no trusted book of these. */
  missing(refs: readonly MarketRef[], now: Instant): void;
  /** The venue ended the connection for good: its list is not to be subscribed again as it is. */
  finished(shard: Shard, sentence: string): void;
  /** The venue refuses so many markets on one connection. */
  tooMany(shard: Shard): void;
}

/** Of a frame that was not understood: enough for a sample, and no copy of megabytes. */
const beginningOf = (frame: string | Buffer): string =>
  typeof frame === 'string' ? frame.slice(0, 1_000) : frame.subarray(0, 1_000).toString();

/**
 * Some markets and the connection that carries them. A reconnect loses nothing that was not lost already: after a
 * break every book is made anew, and a planned one opens the new connection first and closes the old one when the new
 * one has brought every book.
 */
export class Shard implements LinkEvents {
  readonly markets = new Set<MarketRef>();
  current: SocketLink | null = null;
  problem: string | null = null;
  private successor: SocketLink | null = null;
  /** The successor that was asked a second time for what it had not brought. */
  private askedAgain: SocketLink | null = null;
  private readonly backOff: BackOff;
  private connectAt: Instant | null = null;
  private confirmAt: Instant | null = null;
  private renewAt: Instant;
  private retired = false;

  constructor(private readonly desk: ShardDesk) {
    const { house, pace } = desk;
    this.backOff = new BackOff(house.random, pace.backOffFirstMs, pace.backOffMostMs);
    this.renewAt = house.now() + this.lifetime();
  }

  get open(): boolean {
    return this.current?.state === 'open';
  }

  /** Sockets of this shard that are open right now. */
  get connections(): number {
    return Number(this.open) + Number(this.successor?.state === 'open');
  }

  add(refs: readonly MarketRef[]): void {
    for (const ref of refs) this.markets.add(ref);
    for (const link of [this.current, this.successor]) {
      if (link?.state !== 'open') continue;
      this.desk.house.intake.add(link.connection, refs);
      link.send(this.desk.socket.change(this.infos(refs), [], link.session, link.ids));
    }
    if (this.open) this.confirmAt = this.desk.house.now() + this.desk.pace.confirmAfterMs;
    else if (!this.current && this.connectAt === null) this.connect();
  }

  drop(refs: readonly MarketRef[]): void {
    const held = refs.filter((ref) => this.markets.delete(ref));
    if (held.length === 0) return;
    for (const link of [this.current, this.successor]) {
      if (link?.state !== 'open') continue;
      link.send(this.desk.socket.change([], this.infos(held), link.session, link.ids));
      this.desk.house.intake.drop(link.connection, held);
    }
    if (this.markets.size === 0) this.retire('no market is left on this connection');
  }

  /** Asks for fresh books on the live connection. False when only REST can. */
  refresh(refs: readonly MarketRef[]): boolean {
    const link = this.current;
    if (link?.state !== 'open') return false;
    const frames = this.desk.socket.refresh(this.infos(refs), link.session, link.ids);
    link.send(frames);
    return frames.length > 0;
  }

  resubscribe(refs: readonly MarketRef[]): void {
    if (this.current?.state === 'open') this.askAgain(this.current, refs);
  }

  private askAgain(link: SocketLink, refs: readonly MarketRef[]): void {
    link.send(this.desk.socket.change([], this.infos(refs), link.session, link.ids));
    link.send(this.desk.socket.change(this.infos(refs), [], link.session, link.ids));
  }

  /** Planned: the old connection goes on until the new one has brought every book. */
  renew(reason: string): void {
    if (this.retired || this.successor || !this.open) return;
    this.renewAt = this.desk.house.now() + this.lifetime();
    this.desk.house.log.info('renewing a connection', {
      venue: this.desk.venue,
      connection: this.current?.connection,
      reason,
    });
    this.successor = this.dial();
  }

  retire(reason: string): void {
    this.retired = true;
    this.connectAt = null;
    this.successor?.close(reason);
    this.current?.close(reason);
  }

  tick(now: Instant): void {
    this.current?.tick(now);
    this.successor?.tick(now);
    if (this.retired) return;
    if (this.connectAt !== null && now >= this.connectAt) this.connect();
    if (this.open && now >= this.renewAt) this.renew('it is old');
    this.handOver(now);
    if (this.confirmAt !== null && now >= this.confirmAt && !this.successor) {
      this.confirmAt = null;
      const { intake } = this.desk.house;
      const absent = [...this.markets].filter((ref) => {
        const { trusted, connection } = intake.state(ref);
        return !trusted || connection !== this.current?.connection;
      });
      if (absent.length > 0) this.desk.missing(absent, now);
    }
  }

  opened(link: SocketLink): void {
    const { house, socket, venue, pace } = this.desk;
    if (this.retired) {
      link.close('not needed any more');
      return;
    }
    this.problem = null;
    const refs = [...this.markets];
    house.intake.open(link.connection, venue, refs);
    link.send(socket.subscribe(this.infos(refs), link.ids));
    this.confirmAt = house.now() + pace.confirmAfterMs;
    house.log.info('connected', { venue, connection: link.connection, markets: refs.length });
  }

  frame(link: SocketLink, frame: string | Buffer): void {
    const { house, venue } = this.desk;
    const now = house.now();
    const started = performance.now();
    let outcome;
    try {
      outcome = house.intake.frame(link.connection, frame, now);
    } catch (error) {
      house.broken(error);
      return;
    }
    house.timed(performance.now() - started);
    if (outcome.rejected !== null) house.rejected(venue, beginningOf(frame), outcome.rejected);
    if (outcome.refresh.length > 0) this.desk.refresh(outcome.refresh, now);
    for (const message of outcome.control) this.heed(link, message);
    if (outcome.newMarkets.length > 0) house.announced(venue, outcome.newMarkets);
    if (outcome.fatal !== null) link.terminate(outcome.fatal);
  }

  ended(link: SocketLink, code: number, reason: string): void {
    const { house, pace, socket, venue } = this.desk;
    const now = house.now();
    try {
      house.intake.close(link.connection, reason || `closed with ${code}`, now);
    } catch (error) {
      house.broken(error);
      return;
    }
    if (link === this.successor) {
      this.successor = null;
      // The old connection still carries everything; try again at leisure.
      this.renewAt = now + this.backOff.next() + pace.retryMs;
      return;
    }
    if (link !== this.current) return;
    this.current = this.successor;
    this.successor = null;
    if (this.current || this.retired) return;
    const verdict = socket.closed(code, reason);
    const sentence = reason && !verdict.sentence.includes(reason) ? `${verdict.sentence}: ${reason}` : verdict.sentence;
    house.log.warn('connection ended', { venue, connection: link.connection, code, reason: sentence });
    if (!verdict.retry) {
      this.retired = true;
      this.desk.finished(this, sentence);
      return;
    }
    if (now - link.openedAt >= pace.stableMs) this.backOff.reset();
    this.waitToConnect(sentence, now);
  }

  private connect(): void {
    this.connectAt = null;
    if (this.retired || this.current || this.markets.size === 0) return;
    this.current = this.dial();
    if (!this.current) this.waitToConnect(this.problem ?? 'the connection could not be made', this.desk.house.now());
    else this.renewAt = this.desk.house.now() + this.lifetime();
  }

  /** `null` when the handshake could not even be prepared: a key that does not sign, an address that is none. */
  private dial(): SocketLink | null {
    const { house, socket, pace } = this.desk;
    try {
      return new SocketLink(house.nextConnection(), socket, this, house.now, pace.handshakeMs);
    } catch (error) {
      this.problem = sentenceOf(error);
      return null;
    }
  }

  private waitToConnect(sentence: string, now: Instant): void {
    const wait = this.backOff.next();
    this.connectAt = now + wait;
    this.problem = `${sentence}; next attempt in ${Math.max(1, Math.round(wait / 1000))} s`;
  }

  private handOver(now: Instant): void {
    const next = this.successor;
    if (next?.state !== 'open') return;
    const { intake } = this.desk.house;
    const missing = [...this.markets].filter((ref) => intake.state(ref).connection !== next.connection);
    const waited = now - next.openedAt;
    if (missing.length > 0 && waited < this.desk.pace.handOverMs) {
      // What the old one brings well must not be lost because the new one has swallowed its opening.
      if (waited < this.desk.pace.handOverMs / 2 || this.askedAgain === next) return;
      this.askedAgain = next;
      this.askAgain(next, missing);
      return;
    }
    const old = this.current;
    this.current = next;
    this.successor = null;
    old?.close('replaced by a new connection');
  }

  private heed(link: SocketLink, message: ControlMessage): void {
    const { house, venue } = this.desk;
    if (message.stream) link.learn(message.stream.channel, message.stream.id);
    // What it refused before does not stand in the way of what it takes.
    if (message.what === 'ok' || message.what === 'subscribed') this.problem = null;
    if (message.what !== 'error') return;
    house.log.warn('the venue refused a command', { venue, connection: link.connection, text: message.text });
    this.problem = message.text;
    if (message.tooMany) this.desk.tooMany(this);
    else if (message.fatal) link.terminate(message.text);
  }

  /** Spread, so that shards opened together are not renewed together. */
  private lifetime(): number {
    return this.desk.pace.maxAgeMs * (0.75 + 0.25 * this.desk.house.random());
  }

  private infos(refs: readonly MarketRef[]): MarketInfo[] {
    return refs.map((ref) => this.desk.house.intake.info(ref));
  }
}
