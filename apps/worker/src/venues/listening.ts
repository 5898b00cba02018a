import { venueOf, type MarketId, type MarketRef, type TapeEvent, type VenueId } from '#core';
import type { KernelLook } from '#engine';
import type { VenueIo, VenuePlugin } from '#plugin-sdk';
import type { FeedHouse, FeedPace } from './feed.types.js';
import { createVenueIo, REST_DEFAULTS } from './rest.io.js';
import { VenueFeed } from './venue.feed.js';

/** The rest of a venue's REST budget is left to the jobs. */
const LANE_SHARE = 0.6;
const HEARD = new Set(['unopened', 'open', 'paused']);

export interface VenueSetting {
  readonly plugin: VenuePlugin;
  readonly config: unknown;
}

export interface ListeningHouse extends Omit<FeedHouse, 'io'> {
  readonly venues: readonly VenueSetting[];
  readonly look: KernelLook;
  readonly marketsPerVenue: number;
  readonly pace: FeedPace;
  /** A venue's clock less ours, ms, by an answer of its: whether ours holds, theirs was taken for it, or nobody knows yet. */
  heardClock(ms: number): 'ours' | 'theirs' | 'doubt';
}

/** All venues of a lane: which markets are listened to, and the feeds that do it. */
export class Listening {
  private feeds = new Map<VenueId, VenueFeed>();
  private stop_: AbortController | null = null;
  private dirty = true;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly house: ListeningHouse) {}

  get running(): boolean {
    return this.stop_ !== null;
  }

  feed(venue: VenueId): VenueFeed | undefined {
    return this.feeds.get(venue);
  }

  start(): void {
    if (this.running) return;
    const stop = new AbortController();
    this.stop_ = stop;
    for (const { plugin, config } of this.house.venues) {
      const feed: VenueFeed = new VenueFeed(
        plugin,
        { ...this.house, io: this.io(plugin, config, stop.signal, (ms) => this.heardClock(feed, ms)) },
        this.house.pace,
      );
      this.feeds.set(feed.venue, feed);
      feed.start();
    }
    this.dirty = true;
    this.choose();
    this.timer = setInterval(() => this.choose(), this.house.pace.tickMs);
  }

  /** Closes every connection; the books they carried are untrusted from here on. */
  stop(): void {
    if (this.timer) clearInterval(this.timer);
    for (const feed of this.feeds.values()) feed.stop();
    this.stop_?.abort();
    this.stop_ = null;
  }

  /** Our clock leapt: no book is trusted until a venue has told what time it is. */
  doubtClock(reason: string): void {
    for (const feed of this.feeds.values()) feed.doubtClock(reason);
  }

  /** Everything anew: what was counted by a time that was none is forgotten with its connections. */
  restart(): void {
    if (!this.running) return;
    this.stop();
    this.start();
  }

  /** A market or a link has changed: the choice is made again at the next tick. */
  applied(event: TapeEvent): void {
    if (event.kind === 'market' || event.kind === 'link') this.dirty = true;
  }

  private heardClock(feed: VenueFeed, ms: number): void {
    const verdict = this.house.heardClock(ms);
    if (verdict === 'ours') feed.heardClock(ms);
    else if (verdict === 'doubt') feed.heardDoubt();
  }

  private choose(): void {
    if (!this.dirty || !this.running) return;
    this.dirty = false;
    const chosen = chooseMarkets(this.house.look, this.house.marketsPerVenue);
    try {
      for (const [venue, feed] of this.feeds) feed.setMarkets(chosen.get(venue) ?? []);
    } catch (error) {
      this.house.broken(error);
    }
  }

  private io(
    plugin: VenuePlugin,
    config: unknown,
    signal: AbortSignal,
    onSkew: (ms: number) => void,
  ): VenueIo<unknown> {
    const { now, random } = this.house;
    return createVenueIo(config, {
      venue: plugin.manifest.title,
      budget: plugin.rest,
      share: LANE_SHARE,
      now,
      random,
      ...REST_DEFAULTS,
      onSkew,
      signal,
    });
  }
}

/** Markets that trade or may soon, per venue: linked ones and those held first, then in the order they came. */
export function chooseMarkets(look: KernelLook, most: number): Map<VenueId, MarketRef[]> {
  const first = new Set<MarketId>();
  for (const link of look.links()) if (link.state !== 'rejected') first.add(link.a).add(link.b);
  for (const account of look.accounts()) for (const position of account.positions) first.add(position.market);
  const chosen = new Map<VenueId, MarketRef[]>();
  const refs = look.markets().filter((ref) => HEARD.has(look.info(ref).status));
  const take = (ref: MarketRef): void => {
    const venue = venueOf(look.info(ref).id);
    const list = chosen.get(venue) ?? [];
    if (list.length === 0) chosen.set(venue, list);
    if (list.length < most) list.push(ref);
  };
  for (const ref of refs) if (first.has(look.info(ref).id)) take(ref);
  for (const ref of refs) if (!first.has(look.info(ref).id)) take(ref);
  return chosen;
}
