import type { Instant, MarketRef, VenueId } from '#core';
import type { SocketDescription, VenueAccess, VenuePlugin } from '#plugin-sdk';
import { BooksFetch } from './books.fetch.js';
import { MAX_SKEW_MS, type FeedHouse, type FeedPace } from './feed.types.js';
import { Resync } from './resync.js';
import { sentenceOf } from './rest.io.js';
import { Shard, type ShardDesk } from './shard.js';
import { Watchdog } from './watchdog.js';

/** Silence after which a polled book that could not be asked for is no longer trusted. */
const POLL_SILENCE_ROUNDS = 5;
/** While clocks disagree nothing is traded: they are compared this often at least. */
const SKEWED_CHECK_MS = 5_000;

export interface FeedState {
  readonly access: VenueAccess;
  readonly state: 'idle' | 'connecting' | 'streaming' | 'polling' | 'down';
  readonly connections: number;
  readonly markets: number;
  readonly trusted: number;
  readonly resyncs: number;
  readonly problem: string | null;
}

/** One venue as a lane hears it: its connections, their care, and what is wrong with them. */
export class VenueFeed {
  readonly venue: VenueId;
  private readonly access: VenueAccess;
  private socket: SocketDescription | null = null;
  private readonly shards: Shard[] = [];
  private readonly wanted = new Set<MarketRef>();
  private readonly books: BooksFetch;
  private readonly resync: Resync;
  private readonly watchdog: Watchdog | null;
  private marketsPerConnection: number;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private setUpProblem: string | null = null;
  private skewMs = 0;
  private skewed = false;
  /** Why, where our own clock is in doubt and not the venue's. */
  private doubt: string | null = null;
  private skewSeenAt: Instant = 0;
  /** Why the venue takes no orders at present. */
  private pause: string | null = null;
  private nextStatusAt: Instant = -Infinity;
  private nextPollAt: Instant = 0;
  private polling = false;
  /** Why the last connection was ended for good, until its markets are heard again. */
  private finishedSentence: string | null = null;
  private readonly resting = new Map<MarketRef, Instant>();

  constructor(
    private readonly plugin: VenuePlugin,
    private readonly house: FeedHouse,
    private readonly pace: FeedPace,
  ) {
    this.venue = plugin.manifest.id as VenueId;
    this.access = plugin.access(house.io.config);
    try {
      this.socket = plugin.socket(house.io.config);
    } catch (error) {
      this.setUpProblem = sentenceOf(error);
    }
    this.marketsPerConnection = this.socket?.marketsPerConnection ?? Infinity;
    this.books = new BooksFetch(this.venue, plugin, house, () => this.stopped, this.socket === null);
    this.resync = new Resync(
      {
        settled: (ref) => !this.wanted.has(ref) || this.isHeard(ref),
        refresh: (refs) => this.byShard(refs).flatMap(([shard, own]) => (shard?.refresh(own) ? [] : own)),
        fetch: (refs) => void this.books.fetch(refs),
        resubscribe: (refs) => this.byShard(refs).forEach(([shard, own]) => shard?.resubscribe(own)),
        reconnect: (refs) => this.byShard(refs).forEach(([shard]) => shard?.renew('books did not come back')),
      },
      pace,
    );
    this.watchdog = this.socket
      ? new Watchdog(house, this.books, this.socket.heartbeat.probeAfterMs, (refs, missed) => {
          if (missed) this.byShard(refs).forEach(([shard]) => shard?.renew('data was missed on a silent connection'));
          else this.resync.want(refs, this.house.now());
        })
      : null;
  }

  start(): void {
    // What a feed before this one held against the clocks is found out anew.
    this.house.intake.veto(this.venue, null, '');
    this.timer = setInterval(() => this.tick(), this.pace.tickMs);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    for (const shard of this.shards) shard.retire('the worker stops');
  }

  /** The markets to listen to from now on. */
  setMarkets(refs: readonly MarketRef[]): void {
    const next = new Set(refs);
    const gone = [...this.wanted].filter((ref) => !next.has(ref));
    const fresh = refs.filter((ref) => !this.wanted.has(ref));
    for (const ref of gone) {
      this.wanted.delete(ref);
      this.resting.delete(ref);
    }
    this.resync.forget(gone);
    for (const [shard, own] of this.byShard(gone)) shard?.drop(own);
    this.sweep();
    for (const ref of fresh) this.wanted.add(ref);
    this.place(fresh);
    if (!this.socket && gone.length > 0) this.house.intake.distrust(gone, 'not-connected', 'not listened to any more');
  }

  /** Our own clock leapt: what the books missed meanwhile, and how old they are, nobody knows until the venue was asked. */
  doubtClock(reason: string): void {
    if (this.stopped) return;
    this.skewed = true;
    this.doubt = reason;
    this.skewSeenAt = -Infinity;
    this.veto();
  }

  /** As the next, of an answer that leaves our own clock in doubt. */
  heardDoubt(): void {
    this.skewSeenAt = this.house.now();
  }

  /** The venue's clock minus ours, from any HTTP answer. Two in a row must agree before it counts. */
  heardClock(ms: number): void {
    this.doubt = null;
    const apart = Math.abs(ms) > MAX_SKEW_MS;
    const wasApart = Math.abs(this.skewMs) > MAX_SKEW_MS;
    this.skewMs = ms;
    this.skewSeenAt = this.house.now();
    if (this.skewed === apart || (apart && !wasApart) || this.stopped) return;
    this.skewed = apart;
    this.veto();
  }

  /** Tells intake what stands against all of the venue's books, or that nothing does any more: then they are made anew. */
  private veto(): void {
    const { intake, now, broken } = this.house;
    try {
      if (this.skewed) intake.veto(this.venue, 'clock-skew', this.skewSentence());
      else if (this.pause !== null) intake.veto(this.venue, 'closed', this.pause);
      else {
        intake.veto(this.venue, null, '');
        this.resync.want([...this.wanted], now());
      }
    } catch (error) {
      broken(error);
    }
  }

  look(): FeedState {
    let trusted = 0;
    for (const ref of this.wanted) if (this.house.intake.state(ref).trusted) trusted += 1;
    const connections = this.shards.reduce((sum, shard) => sum + shard.connections, 0);
    const problem = this.problem();
    const state =
      this.wanted.size === 0
        ? 'idle'
        : this.socket
          ? connections > 0
            ? 'streaming'
            : problem
              ? 'down'
              : 'connecting'
          : trusted > 0
            ? 'polling'
            : problem
              ? 'down'
              : 'connecting';
    return {
      access: this.access,
      state,
      connections,
      markets: this.wanted.size,
      trusted,
      resyncs: this.resync.count,
      problem,
    };
  }

  /** Where the venue streams, a book that only REST brought stands still: the stream is still asked for it. */
  private isHeard(ref: MarketRef): boolean {
    // Under a veto nothing can be brought back; when it is lifted, all is asked for.
    if (this.skewed || this.pause !== null) return true;
    const { trusted, connection } = this.house.intake.state(ref);
    return trusted && (connection > 0 || this.socket === null);
  }

  private problem(): string | null {
    if (this.setUpProblem) return this.setUpProblem;
    if (this.skewed) return `${this.skewSentence()}: nothing is traded until they agree`;
    if (this.pause !== null) return this.pause;
    for (const shard of this.shards) if (shard.problem) return shard.problem;
    if (this.finishedSentence && this.resting.size > 0) return this.finishedSentence;
    return this.books.problem;
  }

  private tick(): void {
    if (this.stopped) return;
    const now = this.house.now();
    try {
      this.shards.slice().forEach((shard) => shard.tick(now));
      this.resync.tick(now);
      this.watchdog?.tick(this.wanted, now);
      this.wake(now);
    } catch (error) {
      this.house.broken(error);
      return;
    }
    if (this.plugin.paused && now >= this.nextStatusAt && this.wanted.size > 0) this.askForPause(now);
    if (!this.socket) this.poll(now);
    else if (now - this.skewSeenAt > this.clockEveryMs && this.wanted.size > 0) this.askForClock(now);
  }

  private get clockEveryMs(): number {
    return this.skewed ? Math.min(SKEWED_CHECK_MS, this.pace.skewCheckMs) : this.pace.skewCheckMs;
  }

  private skewSentence(): string {
    if (this.doubt !== null) return this.doubt;
    return `our clock and the venue's differ by ${Math.round(this.skewMs)} ms`;
  }

  /** Puts markets on connections with room, opening new ones as needed. */
  private place(refs: readonly MarketRef[]): void {
    if (!this.socket || refs.length === 0) return;
    let from = 0;
    for (const shard of this.shards) {
      const room = this.marketsPerConnection - shard.markets.size;
      if (room <= 0 || from >= refs.length) continue;
      shard.add(refs.slice(from, from + room));
      from += room;
    }
    while (from < refs.length) {
      const shard = new Shard(this.desk(this.socket));
      this.shards.push(shard);
      shard.add(refs.slice(from, from + this.marketsPerConnection));
      from += this.marketsPerConnection;
    }
  }

  private desk(socket: SocketDescription): ShardDesk {
    return {
      venue: this.venue,
      socket,
      house: this.house,
      pace: this.pace,
      refresh: (refs, now) => this.resync.want(refs, now),
      missing: (refs, now) => this.resync.want(refs, now, true),
      finished: (shard, sentence) => this.finish(shard, sentence),
      tooMany: (shard) => this.split(shard),
    };
  }

  private split(shard: Shard): void {
    const all = [...shard.markets];
    if (all.length < 2) return;
    this.marketsPerConnection = Math.max(1, Math.min(this.marketsPerConnection, Math.floor(all.length / 2)));
    const moved = all.slice(this.marketsPerConnection);
    this.house.log.warn('splitting a connection', {
      venue: this.venue,
      markets: all.length,
      perConnection: this.marketsPerConnection,
    });
    shard.drop(moved);
    this.place(moved);
  }

  /** Its markets rest, the venue is asked what became of them, and those still open are subscribed again later. */
  private finish(shard: Shard, sentence: string): void {
    const refs = [...shard.markets].filter((ref) => this.wanted.has(ref));
    this.finishedSentence = sentence;
    this.sweep(shard);
    for (const ref of refs) this.resting.set(ref, this.house.now() + this.pace.retryMs);
    if (refs.length > 0) void this.askForLife(refs);
  }

  private async askForLife(refs: readonly MarketRef[]): Promise<void> {
    try {
      const messages = await this.plugin.resolve(
        this.house.io,
        refs.map((ref) => this.house.intake.info(ref)),
      );
      if (!this.stopped) this.house.intake.lifecycle(this.venue, messages, this.house.now());
    } catch (error) {
      this.house.log.warn('the venue was not able to say what became of markets', {
        venue: this.venue,
        problem: sentenceOf(error),
      });
    }
  }

  private wake(now: Instant): void {
    const due: MarketRef[] = [];
    for (const [ref, at] of this.resting) if (now >= at) due.push(ref);
    for (const ref of due) this.resting.delete(ref);
    this.place(due.filter((ref) => this.wanted.has(ref)));
  }

  private poll(now: Instant): void {
    if (this.polling || now < this.nextPollAt || this.wanted.size === 0) return;
    this.polling = true;
    this.nextPollAt = now + this.pace.pollMs;
    const silenceMs = POLL_SILENCE_ROUNDS * this.pace.pollMs;
    void this.books
      .fetch([...this.wanted])
      .then((answer) => {
        if (this.stopped) return;
        const at = this.house.now();
        const silent = [...answer.failed, ...answer.missing].filter((ref) => {
          const state = this.house.intake.state(ref);
          return state.trusted && at - state.lastDataAt > silenceMs;
        });
        if (silent.length > 0)
          this.house.intake.distrust(
            silent,
            'silence',
            answer.problem ?? 'the venue has no order book for this market now',
          );
      })
      .catch((error: unknown) => this.house.broken(error))
      .finally(() => {
        this.polling = false;
      });
  }

  private askForPause(now: Instant): void {
    this.nextStatusAt = now + this.pace.statusMs;
    this.plugin.paused?.(this.house.io).then(
      (pause) => {
        if (this.stopped || pause === this.pause) return;
        this.pause = pause;
        this.house.log.info(pause ?? 'the venue takes orders again', { venue: this.venue });
        this.veto();
      },
      (error: unknown) =>
        this.house.log.debug('the venue did not say whether it trades', {
          venue: this.venue,
          problem: sentenceOf(error),
        }),
    );
  }

  /** Nothing else asked the venue by HTTP for a while: one book, for the `Date` of its answer. */
  private askForClock(now: Instant): void {
    this.skewSeenAt = now;
    const [first] = this.wanted;
    this.plugin.snapshot(this.house.io, [this.house.intake.info(first)]).catch((error: unknown) => {
      this.house.log.debug('the clock could not be compared', { venue: this.venue, problem: sentenceOf(error) });
    });
  }

  /** Shards that are over leave the list. */
  private sweep(over?: Shard): void {
    for (let at = this.shards.length - 1; at >= 0; at--) {
      if (this.shards[at] === over || this.shards[at].markets.size === 0) this.shards.splice(at, 1);
    }
  }

  private byShard(refs: readonly MarketRef[]): [Shard | null, MarketRef[]][] {
    const groups = new Map<Shard | null, MarketRef[]>();
    for (const ref of refs) {
      const shard = this.shards.find((one) => one.markets.has(ref)) ?? null;
      const group = groups.get(shard);
      if (group) group.push(ref);
      else groups.set(shard, [ref]);
    }
    return [...groups];
  }
}
