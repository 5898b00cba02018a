import { Agenda } from './agenda.js';
import { QUESTIONS } from './catalogue.js';
import { Dislocations } from './dislocation.js';
import {
  placeOfCondition,
  placeOfEventId,
  placeOfGammaId,
  placeOfToken,
  placesOfTicker,
  type Place,
} from './identity.js';
import { ASK, BID, type Change } from './ladder.js';
import { narrowsAt, newMarket, quoting, stageOf } from './listing.js';
import { Maker, MINUTE_MS } from './maker.js';
import type { Feed, FeedEvent, FeeTerms, Market, PastMinute, Trade } from './market.js';
import { Past } from './past.js';
import { mix, seedOf } from './random.js';
import {
  DETERMINED_AFTER_MS,
  SETTLED_AFTER_MS,
  VENUES,
  type Outcome,
  type Question,
  type SimTime,
  type Venue,
} from './question.types.js';
import { Truth } from './truth.js';

/** Something a person forced on a market; kept with the seed, so that a restart tells the same story. */
export interface Override {
  readonly at: SimTime;
  readonly venue: Venue;
  readonly native: string;
  readonly outcome?: Outcome;
  readonly fee?: FeeTerms;
  readonly narrow?: boolean;
}

export interface ModelOptions {
  readonly seed: number;
  readonly origin: number;
  /** Multiplies the events per second. */
  readonly rate: number;
  readonly overrides?: readonly Override[];
}

const EVENTS_PER_SECOND = 1.15;

/** The seeded market, an exact function of seed, origin and sim time: made at any moment, it is what it would have become. */
export class ModelFeed implements Feed {
  readonly origin: number;
  readonly truth: Truth;
  readonly dislocations: Dislocations;
  readonly overrides: Override[];
  readonly #past: Past;
  readonly #rate: number;
  readonly #agenda = new Agenda();
  readonly #live = new Map<string, Market>();
  #now: SimTime;
  #emit: (event: FeedEvent) => void = () => {};

  constructor(options: ModelOptions, from: SimTime = 0) {
    this.origin = options.origin;
    this.truth = new Truth(options.seed);
    this.dislocations = new Dislocations(options.seed);
    this.overrides = [...(options.overrides ?? [])];
    this.#past = new Past(options.seed, this.dislocations);
    this.#rate = options.rate;
    this.#now = from;
    QUESTIONS.forEach((def, slot) => {
      const question = this.truth.open(slot, from);
      for (const venue of def.venues) {
        if (question.generation > 0)
          this.#closing(this.#enlist(this.truth.question(slot, question.generation - 1), venue));
        this.#start(question, venue);
      }
    });
    this.advance(from, () => {});
  }

  get now(): SimTime {
    return this.#now;
  }

  advance(to: SimTime, emit: (event: FeedEvent) => void): void {
    this.#emit = emit;
    while (this.#agenda.next <= to) {
      const task = this.#agenda.pop()!;
      this.#now = Math.max(this.#now, task.at);
      task.run();
    }
    this.#now = Math.max(this.#now, to);
    this.#emit = () => {};
  }

  listed(venue: Venue): readonly Market[] {
    return [...this.#live.values()].filter(
      (market) => market.venue === venue && stageOf(market, this.#now) !== 'settled',
    );
  }

  find(venue: Venue, native: string): Market | null {
    const live = this.#live.get(`${venue}:${native}`);
    if (live) return live;
    const place = venue === 'kalshi' ? placesOfTicker(native)[0] : placeOfCondition(native);
    const market = place ? this.#at(place, venue) : null;
    return market?.native === native ? market : null;
  }

  findToken(token: string): { readonly market: Market; readonly outcome: 0 | 1 } | null {
    const place = placeOfToken(token);
    const market = place ? this.#at(place, 'polymarket') : null;
    return place && market?.card.polymarket!.tokens[place.outcome] === token
      ? { market, outcome: place.outcome }
      : null;
  }

  findGamma(id: string): Market | null {
    const place = placeOfGammaId(id);
    return place ? this.#at(place, 'polymarket') : null;
  }

  siblings(market: Market): readonly Market[] {
    const question = market.card.question!;
    // The two halves of a game are one event at Kalshi; Polymarket lists the game as one market.
    if (!question.def.group || (market.venue === 'polymarket' && question.def.inverseAtPolymarket)) return [market];
    return QUESTIONS.flatMap((def, slot) => {
      if (def.group !== question.def.group || !def.venues.includes(market.venue)) return [];
      return this.#at({ slot, generation: question.generation }, market.venue) ?? [];
    });
  }

  eventById(venue: Venue, id: string): readonly Market[] {
    const place = venue === 'kalshi' ? placesOfTicker(id)[0] : placeOfEventId(id);
    const first = place ? this.#at(place, venue) : null;
    return first ? this.siblings(first) : [];
  }

  ended(venue: Venue, limit: number): readonly Market[] {
    const slots = QUESTIONS.flatMap((def, slot) => (def.periodMs && def.venues.includes(venue) ? [slot] : []));
    const markets: Market[] = this.overrides.flatMap((each) =>
      each.outcome && each.venue === venue ? (this.find(venue, each.native) ?? []) : [],
    );
    for (let back = 0; markets.length < limit; back++) {
      let any = false;
      for (const slot of slots) {
        const generation = this.truth.lastSettled(slot, this.#now) - back;
        const market = generation >= 0 ? this.#at({ slot, generation }, venue) : null;
        if (!market) continue;
        any = true;
        if (!markets.includes(market)) markets.push(market);
      }
      if (!any) break;
    }
    return markets.sort((a, b) => b.closesAt - a.closesAt).slice(0, limit);
  }

  past(market: Market, from: SimTime, to: SimTime): readonly PastMinute[] {
    return this.#past.minutes(market, from, Math.min(to, this.#now));
  }

  /** Forces a result, a fee or a finer grid on a live market, now. */
  force(override: Override): void {
    this.overrides.push(override);
    const market = this.#live.get(`${override.venue}:${override.native}`);
    if (!market) return;
    const from = market.grid;
    const wasOpen = stageOf(market, this.#now) === 'open';
    apply(market, override);
    this.#agenda.push({
      at: override.at,
      order: -1,
      run: () => {
        if (override.fee) this.#emit({ kind: 'fee', at: override.at, market });
        if (override.narrow && from !== market.grid) this.#emit({ kind: 'tick', at: override.at, market, from });
      },
    });
    if (override.outcome && wasOpen) this.#closing(market);
  }

  #at(place: Place, venue: Venue): Market | null {
    const def = QUESTIONS[place.slot];
    if (!def.venues.includes(venue)) return null;
    const question = this.truth.question(place.slot, place.generation);
    if (question.opensAt > this.#now) return null;
    const market = newMarket(this.truth, question, venue);
    const live = this.#live.get(`${venue}:${market.native}`);
    if (live) return live;
    this.#override(market);
    return market;
  }

  #enlist(question: Question, venue: Venue): Market {
    const market = newMarket(this.truth, question, venue);
    this.#override(market);
    this.#live.set(`${venue}:${market.native}`, market);
    return market;
  }

  #override(market: Market): void {
    for (const each of this.overrides)
      if (each.venue === market.venue && each.native === market.native) apply(market, each);
  }

  /** Lists a question at a venue and lets its makers begin. */
  #start(question: Question, venue: Venue): void {
    const market = this.#enlist(question, venue);
    const order = question.slot * 10 + VENUES.indexOf(venue);
    const lasting = !question.def.periodMs;
    const quotes = quoting(this.truth, this.dislocations, question, venue);
    const phase = lasting ? -(mix(seedOf(question.def.key), order, 16) % MINUTE_MS) : question.opensAt;
    const maker = new Maker(market, quotes, { perSecond: EVENTS_PER_SECOND * this.#rate }, phase);
    const narrows = market.grid === 'cent' ? narrowsAt(this.truth, question, venue) : Infinity;

    const first = Math.max(0, maker.minuteOf(Math.min(this.#now, market.closesAt - 1)));
    if (narrows < phase + first * MINUTE_MS) market.grid = 'mil';
    else if (narrows < Infinity)
      this.#agenda.push({ at: narrows, order: order + 5, run: () => this.#narrow(market, narrows) });

    const open = (at: SimTime): boolean => at < market.closesAt;
    const beginAt = (minute: number): void => {
      const at = phase + minute * MINUTE_MS;
      this.#agenda.push({
        at,
        order,
        run: () => {
          if (!open(at)) return;
          const deed = maker.begin(minute);
          this.#announce(market, at, deed.changes, deed.trade);
          next(minute, deed.next);
        },
      });
    };
    const next = (minute: number, at: SimTime): void => {
      if (at >= phase + (minute + 1) * MINUTE_MS) return beginAt(minute + 1);
      this.#agenda.push({
        at,
        order,
        run: () => {
          if (!open(at)) return;
          const deed = maker.act(at);
          this.#announce(market, at, deed.changes, deed.trade);
          next(minute, deed.next);
        },
      });
    };
    beginAt(first);
    if (question.closesAt < Infinity || market.closesAt < Infinity) this.#closing(market);
  }

  #announce(market: Market, at: SimTime, changes: readonly Change[], trade: Trade | null): void {
    if (changes.length === 0 && !trade) return;
    market.lastChangeAt = at;
    this.#emit(trade ? { kind: 'trade', at, market, changes, trade } : { kind: 'change', at, market, changes });
  }

  #narrow(market: Market, at: SimTime): void {
    if (market.grid !== 'cent' || at >= market.closesAt) return;
    market.grid = 'mil';
    this.#emit({ kind: 'tick', at, market, from: 'cent' });
  }

  /** The end of a market: book emptied, closed, determined, settled, forgotten; and the next round of its question. */
  #closing(market: Market): void {
    const question = market.card.question!;
    const order = question.slot * 10 + 2 + VENUES.indexOf(market.venue);
    const end = market.closesAt;
    const at = (moment: SimTime, run: () => void): void => {
      this.#agenda.push({ at: moment, order, run: () => market.closesAt === end && run() });
    };
    at(end, () => {
      const changes = ([BID, ASK] as const).flatMap((side) =>
        market.ladder.levels(side).flatMap(({ mils }) => market.ladder.set(side, mils, 0) ?? []),
      );
      this.#announce(market, end, changes, null);
      this.#emit({ kind: 'closed', at: end, market });
    });
    at(end + DETERMINED_AFTER_MS, () => this.#emit({ kind: 'determined', at: end + DETERMINED_AFTER_MS, market }));
    at(end + SETTLED_AFTER_MS, () => this.#emit({ kind: 'settled', at: end + SETTLED_AFTER_MS, market }));
    at(end + 10 * MINUTE_MS, () => this.#live.delete(`${market.venue}:${market.native}`));
    const successor = question.def.periodMs ? this.truth.question(question.slot, question.generation + 1) : null;
    if (!successor || this.#live.has(`${market.venue}:${newMarket(this.truth, successor, market.venue).native}`))
      return;
    if (successor.opensAt <= this.#now) return;
    this.#agenda.push({
      at: successor.opensAt,
      order: order + 2,
      run: () => {
        if (this.#live.has(`${market.venue}:${newMarket(this.truth, successor, market.venue).native}`)) return;
        this.#start(successor, market.venue);
        const opened = this.find(market.venue, newMarket(this.truth, successor, market.venue).native)!;
        this.#emit({ kind: 'opened', at: successor.opensAt, market: opened });
      },
    });
  }
}

function apply(market: Market, override: Override): void {
  if (override.outcome) {
    market.closesAt = Math.min(market.closesAt, override.at);
    market.outcome = override.outcome;
  }
  if (override.fee) {
    market.fee = override.fee;
    market.feeOverridden = true;
  }
  if (override.narrow) market.grid = market.venue === 'kalshi' ? 'tapered' : 'mil';
}
