import { Defect, marketId, price, size, type MarketInfo } from '#core';
import { QUESTIONS } from '../../../simulator/src/model/catalogue.js';
import { Dislocations } from '../../../simulator/src/model/dislocation.js';
import { ASK, BID } from '../../../simulator/src/model/ladder.js';
import { newMarket, quoting } from '../../../simulator/src/model/listing.js';
import { Maker, MINUTE_MS } from '../../../simulator/src/model/maker.js';
import type { Mood, Venue } from '../../../simulator/src/model/question.types.js';
import { Truth } from '../../../simulator/src/model/truth.js';

/** One simulated market over some hours: every quote and trade, and what was true. Columns of equal length, oldest first. */
export interface MarketPath {
  readonly info: MarketInfo;
  readonly quotes: {
    readonly at: Float64Array;
    /** Micro-dollars, −1 for an empty side; sizes in hundredths. */
    readonly bid: Float64Array;
    readonly ask: Float64Array;
    readonly bidSize: Float64Array;
    readonly askSize: Float64Array;
  };
  /** Prices in micro-dollars, sizes in hundredths. */
  readonly trades: { readonly at: Float64Array; readonly price: Float64Array; readonly size: Float64Array };
  /** The true probability every `SAMPLE_MS`, each sample after the quotes up to it. */
  readonly truth: Float64Array;
  /** Mood of each minute. */
  readonly moods: readonly Mood[];
}

/** A sample of the truth every ten seconds. */
export const SAMPLE_MS = 10_000;
const EVENTS_PER_SECOND = 1.15;

/** Plays the makers of one lasting question at one venue, alone: the same books the simulator would serve. */
export function walk(seed: number, key: string, venue: Venue, hours: number): MarketPath {
  const slot = QUESTIONS.findIndex((def) => def.key === key);
  if (slot < 0) throw new Defect(`the simulator asks no question ${key}`);
  const truth = new Truth(seed);
  const question = truth.open(slot, 0);
  const market = newMarket(truth, question, venue);
  const maker = new Maker(
    market,
    quoting(truth, new Dislocations(seed), question, venue),
    { perSecond: EVENTS_PER_SECOND },
    0,
  );
  const [at, bid, ask, bidSize, askSize]: number[][] = [[], [], [], [], []];
  const [tradedAt, tradedFor, traded]: number[][] = [[], [], []];
  const probabilities: number[] = [];
  const moods: Mood[] = [];
  const { ladder } = market;
  const note = (time: number, trade: { readonly mils: number; readonly size: number } | null): void => {
    at.push(time);
    bid.push(ladder.bid > 0 ? ladder.bid * 1_000 : -1);
    ask.push(ladder.ask < 1_000 ? ladder.ask * 1_000 : -1);
    bidSize.push(ladder.bid > 0 ? ladder.size(BID, ladder.bid) : 0);
    askSize.push(ladder.ask < 1_000 ? ladder.size(ASK, ladder.ask) : 0);
    if (trade === null) return;
    tradedAt.push(time);
    tradedFor.push(trade.mils * 1_000);
    traded.push(trade.size);
  };
  const until = (time: number): void => {
    for (let next = (probabilities.length + 1) * SAMPLE_MS; next <= time; next += SAMPLE_MS)
      probabilities.push(truth.probability(question, next));
  };
  for (let minute = 0; minute < hours * 60; minute++) {
    moods.push(truth.mood(question, minute * MINUTE_MS) ?? 'calm');
    const begun = maker.begin(minute);
    note(minute * MINUTE_MS, begun.trade);
    for (let next = begun.next; next < (minute + 1) * MINUTE_MS;) {
      const deed = maker.act(next);
      note(next, deed.trade);
      next = deed.next;
    }
    until((minute + 1) * MINUTE_MS);
  }
  const columns = [at, bid, ask, bidSize, askSize].map((column) => Float64Array.from(column));
  return {
    info: infoOf(venue, key),
    quotes: { at: columns[0], bid: columns[1], ask: columns[2], bidSize: columns[3], askSize: columns[4] },
    trades: {
      at: Float64Array.from(tradedAt),
      price: Float64Array.from(tradedFor),
      size: Float64Array.from(traded),
    },
    truth: Float64Array.from(probabilities),
    moods,
  };
}

const infoOf = (venue: Venue, key: string): MarketInfo => ({
  id: marketId(venue, key),
  group: null,
  title: key,
  rules: '',
  category: '',
  status: 'open',
  grid: [{ start: price(0), end: price(1_000_000), step: 10_000 }],
  minSize: size(100),
  sizeStep: size(100),
  fees: null,
  closesAt: null,
  paysAt: null,
  venueData: {},
});
