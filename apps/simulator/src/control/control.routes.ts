import { UserProblem } from '#core';
import { QUESTIONS } from '../model/catalogue.js';
import { isInverse } from '../model/identity.js';
import { newMarket, stageOf } from '../model/listing.js';
import type { ModelFeed } from '../model/model-feed.js';
import { VENUES, type Question } from '../model/question.types.js';
import type { Market } from '../model/market.js';

/** Two listings of one question, as a links file states them. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly polarity: 'same' | 'inverse';
  readonly mismatch: number | null;
  readonly differences: readonly string[];
}

/** Pairs of every question now open at both venues, and of the round after it. */
export function pairs(feed: ModelFeed): readonly Pair[] {
  return QUESTIONS.flatMap((def, slot) => {
    if (def.venues.length < 2) return [];
    const open = feed.truth.open(slot, feed.now);
    const questions = def.periodMs ? [open, feed.truth.question(slot, open.generation + 1)] : [open];
    return questions.map((question): Pair => {
      const [a, b] = VENUES.map((venue) => newMarket(feed.truth, question, venue));
      return {
        a: `kalshi:${a.native}`,
        b: `polymarket:${b.native}`,
        polarity: isInverse(question, 'polymarket') ? 'inverse' : 'same',
        mismatch: def.category === 'culture' ? 0.01 : 0.002,
        differences: [
          'Kalshi settles on the named source, Polymarket by its oracle on credible reporting.',
          ...(isInverse(question, 'polymarket')
            ? [`Polymarket's first outcome is ${def.no}; Kalshi's YES is ${def.yes}.`]
            : []),
        ],
      };
    });
  });
}

/** What is really going on: for scoring estimates and strategies, never for trading. */
export function truthNow(feed: ModelFeed): unknown {
  const { truth, now } = feed;
  const show = (question: Question): unknown => ({
    key: question.def.key,
    title: question.def.title,
    group: question.def.group ?? null,
    generation: question.generation,
    probability: truth.probability(question, now),
    opensAt: Math.floor(feed.origin + question.opensAt),
    closesAt: question.closesAt === Infinity ? null : Math.floor(feed.origin + question.closesAt),
    outcome: truth.outcome(question),
    markets: question.def.venues.map((venue) => {
      const market = feed.find(venue, newMarket(truth, question, venue).native)!;
      return {
        id: `${venue}:${market.native}`,
        inverse: isInverse(question, venue),
        probability: isInverse(question, venue)
          ? 1 - truth.probability(question, now)
          : truth.probability(question, now),
        stage: stageOf(market, now),
        shift: feed.dislocations.shift(question, venue, now),
      };
    }),
  });
  const minute = Math.floor(now / 60_000);
  return {
    at: Math.floor(feed.origin + now),
    origin: feed.origin,
    seed: truth.seed,
    questions: QUESTIONS.map((_, slot) => show(truth.open(slot, now))),
    news: [minute - 1, minute].flatMap((each) => (each < 0 ? [] : truth.news(each))).filter(({ at }) => at <= now),
  };
}

/** The market a person means: named, or the first open one of the venue that ends some time. */
export function chosenMarket(
  feed: { readonly listed: (venue: 'kalshi' | 'polymarket') => readonly Market[]; readonly now: number },
  venue: 'kalshi' | 'polymarket',
  native: string | null,
): Market {
  const open = feed.listed(venue).filter((market) => stageOf(market, feed.now) === 'open');
  const market =
    native === null
      ? (open.find(({ closesAt }) => closesAt < Infinity) ?? open[0])
      : open.find((each) => each.native === native);
  if (!market)
    throw new UserProblem(native === null ? `no market is open at ${venue}` : `${native} is not open at ${venue}`, [
      { path: '/market', message: 'an open market' },
    ]);
  return market;
}
