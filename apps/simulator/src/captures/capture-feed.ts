import { Ladder } from '../model/ladder.js';
import type { Feed, FeedEvent, Market } from '../model/market.js';
import type { SimTime, Venue } from '../model/question.types.js';
import { readCaptures } from './capture-files.js';
import type { CaptureTrack } from './capture.types.js';

export interface CaptureOptions {
  /** `real`: at the captured pace; `flat`: as fast as they can be sent. */
  readonly pace: 'real' | 'flat';
  readonly loop: boolean;
  readonly origin: number;
}

/** Frames of one step of the clock when flat out. */
const FLAT_BATCH = 500;
/** Rest between two rounds of a loop. */
const PAUSE_MS = 1_000;

interface Playing {
  readonly track: CaptureTrack;
  readonly venue: Venue;
  next: number;
  /** Sim time of the track's first frame; `null` until somebody listens to its venue. */
  from: SimTime | null;
}

/** Captured markets, played. Every file is a track of its own; all begin when the first client subscribes at its venue. */
export class CaptureFeed implements Feed {
  readonly origin: number;
  readonly refused: readonly string[];
  readonly #markets: readonly Market[];
  readonly #begin: readonly { readonly market: Market; readonly ladder: Ladder; readonly lastTrade: number }[];
  readonly #tracks: readonly Playing[];
  #now: SimTime = 0;

  constructor(
    folder: string,
    readonly options: CaptureOptions,
  ) {
    const reading = readCaptures(folder);
    this.origin = options.origin;
    this.refused = reading.refused;
    this.#markets = reading.markets;
    this.#begin = reading.markets.map((market) => ({
      market,
      ladder: copy(market.ladder),
      lastTrade: market.lastTrade,
    }));
    this.#tracks = reading.tracks.map((track) => ({
      track,
      venue: track.file.includes('/kalshi/') ? 'kalshi' : 'polymarket',
      next: 0,
      from: null,
    }));
  }

  get now(): SimTime {
    return this.#now;
  }

  /** Whether every track has been played to its end. */
  get finished(): boolean {
    return !this.options.loop && this.#tracks.every(({ track, next }) => next >= track.steps.length);
  }

  wake(venue: Venue): void {
    // A moment for the client to have its opening books.
    for (const playing of this.#tracks)
      if (playing.venue === venue && playing.from === null) playing.from = this.#now + PAUSE_MS;
  }

  advance(to: SimTime, emit: (event: FeedEvent) => void): void {
    this.#now = Math.max(this.#now, to);
    for (const playing of this.#tracks) this.#play(playing, emit);
  }

  #play(playing: Playing, emit: (event: FeedEvent) => void): void {
    const { steps, lengthMs } = playing.track;
    const flat = this.options.pace === 'flat';
    let left = flat ? FLAT_BATCH : Infinity;
    while (playing.from !== null && playing.from <= this.#now && left-- > 0) {
      if (playing.next < steps.length) {
        const step = steps[playing.next];
        const due = playing.from + step.at;
        if (!flat && due > this.#now) return;
        playing.next++;
        const event = step.play(flat ? this.#now : due);
        if (event) emit(event);
      } else {
        if (!this.options.loop) return;
        playing.next = 0;
        playing.from = (flat ? this.#now : playing.from + lengthMs) + PAUSE_MS;
        this.#restate(playing.venue, emit);
      }
    }
  }

  /** A round begins with the books it began with. */
  #restate(venue: Venue, emit: (event: FeedEvent) => void): void {
    for (const { market, ladder, lastTrade } of this.#begin) {
      if (market.venue !== venue) continue;
      market.ladder.become(ladder);
      market.lastTrade = lastTrade;
      emit({ kind: 'restate', at: this.#now, market });
    }
  }

  listed(venue: Venue): readonly Market[] {
    return this.#markets.filter((market) => market.venue === venue);
  }

  find(venue: Venue, native: string): Market | null {
    return this.#markets.find((market) => market.venue === venue && market.native === native) ?? null;
  }

  findToken(token: string): { readonly market: Market; readonly outcome: 0 | 1 } | null {
    for (const market of this.#markets) {
      const outcome = market.card.polymarket?.tokens.indexOf(token) ?? -1;
      if (outcome >= 0) return { market, outcome: outcome as 0 | 1 };
    }
    return null;
  }

  findGamma(id: string): Market | null {
    return this.#markets.find((market) => market.card.polymarket?.gammaId === id) ?? null;
  }

  siblings(market: Market): readonly Market[] {
    if (market.venue === 'polymarket') return [market];
    return this.#markets.filter((each) => each.card.kalshi?.event === market.card.kalshi!.event);
  }

  eventById(venue: Venue, id: string): readonly Market[] {
    return this.#markets.filter(
      (market) =>
        (venue === 'kalshi' ? market.card.kalshi?.event : market.card.polymarket?.eventId) === id &&
        market.venue === venue,
    );
  }

  /** Captured markets do not end. */
  ended(): readonly Market[] {
    return [];
  }
}

function copy(ladder: Ladder): Ladder {
  const twin = new Ladder();
  twin.become(ladder);
  return twin;
}
