import type { Dislocations } from './dislocation.js';
import { quoting } from './listing.js';
import { MINUTE_MS } from './maker.js';
import { ceilTo, floorTo, type Market, type PastMinute } from './market.js';
import type { SimTime } from './question.types.js';
import { Truth } from './truth.js';

/** Looks within a minute: its ends and two between. */
const LOOKS = [0, 20_000, 40_000, 59_999] as const;
/** More than a client may ask for at once. */
const MOST_MINUTES = 11_000;

/**
 * What the makers of a market quoted in the past, minute by minute: the truth is a function of time, so nothing had to
 * be kept. It has a truth of its own: to look back moves the one that the live market reads.
 */
export class Past {
  readonly #truth: Truth;

  constructor(
    seed: number,
    private readonly dislocations: Dislocations,
  ) {
    this.#truth = new Truth(seed);
  }

  minutes(market: Market, from: SimTime, to: SimTime): PastMinute[] {
    const { question } = market.card;
    if (!question) return [];
    const quotes = quoting(this.#truth, this.dislocations, question, market.venue);
    const first = Math.ceil(Math.max(from, market.opensAt) / MINUTE_MS);
    const last = Math.min(Math.floor(Math.min(to, market.closesAt) / MINUTE_MS), first + MOST_MINUTES);
    const minutes: PastMinute[] = [];
    for (let minute = first; minute < last; minute++) {
      const at = minute * MINUTE_MS;
      const centres = LOOKS.map((look) => quotes.centre(at + look));
      minutes.push({
        at,
        bid: ohlc(centres.map((centre) => floorTo(market.grid, centre - quotes.halfSpread))),
        ask: ohlc(centres.map((centre) => ceilTo(market.grid, centre + quotes.halfSpread))),
      });
    }
    return minutes;
  }
}

const ohlc = (values: readonly number[]): [number, number, number, number] => [
  values[0],
  Math.max(...values),
  Math.min(...values),
  values[values.length - 1],
];
