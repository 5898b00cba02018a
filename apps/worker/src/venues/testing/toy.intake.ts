import { nativeOf, type Instant, type MarketInfo, type MarketRef, type VenueId } from '#core';
import type { BookMessage, LifecycleMessage, VenueMessage } from '#plugin-sdk';
import type { FeedIntake } from '../feed.types.js';
import { TOY, toyMarket, toyVenue } from './toy.venue.js';

interface Market {
  info: MarketInfo;
  trusted: boolean;
  reason: string;
  lastDataAt: Instant;
  connection: number;
  owner: number;
  micros: number | null;
}

/** Keeps just enough of intake's promises for tests of connections: ownership, hand-over at a book, trust. */
export class ToyIntake implements FeedIntake {
  readonly markets: Market[] = [];
  readonly log: string[] = [];
  frames = 0;
  rejected = 0;
  gaps = 0;
  private vetoed = false;
  private readonly wire = toyVenue().wire;
  private readonly owned = new Map<number, Set<MarketRef>>();

  constructor(names: readonly string[]) {
    for (const name of names)
      this.markets.push({
        info: toyMarket(name),
        trusted: false,
        reason: 'not-connected',
        lastDataAt: 0,
        connection: 0,
        owner: 0,
        micros: null,
      });
  }

  get refs(): MarketRef[] {
    return this.markets.map((_, at) => at as MarketRef);
  }

  info = (ref: MarketRef): MarketInfo => this.markets[ref].info;
  state = (ref: MarketRef) => this.markets[ref] as ReturnType<FeedIntake['state']>;
  trusted = (): string[] => this.markets.filter((one) => one.trusted).map((one) => nativeOf(one.info.id));

  open(connection: number, _venue: VenueId, refs: readonly MarketRef[]): void {
    this.owned.set(connection, new Set(refs));
    this.log.push(`open ${connection}`);
  }

  add(connection: number, refs: readonly MarketRef[]): void {
    for (const ref of refs) this.owned.get(connection)?.add(ref);
  }

  drop(connection: number, refs: readonly MarketRef[]): void {
    for (const ref of refs) this.owned.get(connection)?.delete(ref);
    this.distrust(refs, 'not-connected');
  }

  frame(connection: number, frame: string | Buffer, at: Instant): ReturnType<FeedIntake['frame']> {
    const text = frame.toString();
    this.frames += 1;
    const outcome = {
      refresh: [] as MarketRef[],
      control: [] as Extract<VenueMessage, { kind: 'control' }>[],
      newMarkets: [],
      fatal: null as string | null,
      rejected: null as string | null,
    };
    if (text.includes('"gap"')) {
      const ref = this.refOf((JSON.parse(text) as { gap: string }).gap);
      this.gaps += 1;
      this.distrust([ref], 'gap');
      outcome.refresh.push(ref);
      return outcome;
    }
    for (const message of this.wire.parse(text, () => undefined)) {
      if (message.kind === 'rejected') {
        this.rejected += 1;
        outcome.rejected = message.reason;
      }
      if (message.kind === 'control') outcome.control.push(message);
      if (message.kind === 'book' && this.owned.get(connection)?.has(this.refOf(message.native)))
        this.take(message, at, connection);
    }
    return outcome;
  }

  books(_venue: VenueId, messages: readonly BookMessage[], at: Instant): void {
    for (const message of messages) this.take(message, at, null);
  }

  close(connection: number, reason: string): void {
    this.log.push(`close ${connection}: ${reason}`);
    this.owned.delete(connection);
    this.distrust(
      this.refs.filter((ref) => this.markets[ref].connection === connection),
      'not-connected',
    );
  }

  distrust(refs: readonly MarketRef[], reason: string): void {
    for (const ref of refs) {
      if (this.markets[ref].trusted) this.log.push(`distrust ${nativeOf(this.info(ref).id)}: ${reason}`);
      this.markets[ref].trusted = false;
      this.markets[ref].reason = reason;
    }
  }

  veto(_venue: VenueId, reason: string | null): void {
    this.vetoed = reason !== null;
    if (reason !== null) this.distrust(this.refs, reason);
  }

  lifecycle(_venue: VenueId, messages: readonly LifecycleMessage[]): void {
    for (const message of messages) {
      const market = this.markets[this.refOf(message.native)];
      market.info = { ...market.info, status: message.status ?? market.info.status };
    }
  }

  stats(): ReturnType<FeedIntake['stats']> {
    return [
      {
        venue: TOY,
        framesByType: new Map(),
        frames: this.frames,
        events: 0,
        unknown: 0,
        rejected: this.rejected,
        gaps: this.gaps,
        resyncs: 0,
        hashPassed: 0,
        hashFailed: 0,
        lastFrameAt: null,
        lagMs: null,
      },
    ];
  }

  private take(message: BookMessage, at: Instant, connection: number | null): void {
    const market = this.markets[this.refOf(message.native)];
    const micros = message.levels[1];
    market.reason = connection === null && market.trusted && market.micros !== micros ? 'restated' : 'snapshot';
    if (market.reason === 'restated') this.gaps += 1;
    market.trusted = !this.vetoed;
    market.micros = micros;
    market.lastDataAt = at;
    if (connection !== null) market.connection = connection;
  }

  private refOf(name: string): MarketRef {
    return this.markets.findIndex((one) => nativeOf(one.info.id) === name) as MarketRef;
  }
}
