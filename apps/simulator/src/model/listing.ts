import type { Dislocations } from './dislocation.js';
import { isInverse, kalshiNames, polymarketNames } from './identity.js';
import { Ladder } from './ladder.js';
import type { Quoting } from './maker.js';
import type { FeeTerms, Grid, Market, MarketCard, MarketStage } from './market.js';
import { mix, mulberry32, seedOf } from './random.js';
import {
  DETERMINED_AFTER_MS,
  SETTLED_AFTER_MS,
  type Category,
  type Outcome,
  type Question,
  type SimTime,
  type Venue,
} from './question.types.js';
import type { Truth } from './truth.js';

/** Polymarket's taker rates by category, autumn 2026 (docs.polymarket.com/trading/fees). */
const POLYMARKET_RATES: Readonly<Record<Category, number>> = {
  crypto: 0.07,
  sports: 0.03,
  politics: 0.04,
  economics: 0.05,
  culture: 0.05,
  weather: 0.05,
  geopolitics: 0,
};

const DIFFERENT_WORDS: Readonly<Record<Venue, string>> = {
  kalshi: 'The exchange settles on the source named above; its rulebook prevails in a dispute.',
  polymarket: 'The market settles by the oracle on a consensus of credible reporting.',
};

export function card(seed: number, question: Question, venue: Venue): MarketCard {
  const { def, group } = question;
  const round = def.periodMs ? ` (round ${question.generation})` : '';
  const inverse = isInverse(question, venue);
  return {
    title: `${inverse ? `${def.no} or ${def.yes}?` : def.title}${round}`,
    outcomes: names(question, venue, inverse),
    rules: `${def.rules} ${DIFFERENT_WORDS[venue]}`,
    category: def.category,
    event: {
      title: `${group && !inverse ? group.title : def.title}${round}`,
      exclusive: (group?.exclusive ?? false) && !inverse,
      augmented: group?.augmented ?? false,
    },
    ...(venue === 'polymarket'
      ? { polymarket: polymarketNames(seed, question) }
      : { kalshi: kalshiNames(seed, question) }),
    question,
    negRisk: venue === 'polymarket' && Boolean(group?.exclusive) && !inverse,
    negRiskOther: def.other ?? false,
    minSize: venue === 'polymarket' ? 5 : 1,
  };
}

/** Kalshi names its sides; Polymarket says Yes/No unless the outcomes have names of their own (Up/Down, teams). */
function names(question: Question, venue: Venue, inverse: boolean): [string, string] {
  const { def } = question;
  if (inverse) return [def.no, def.yes];
  return venue === 'kalshi' || (def.periodMs && !def.group) ? [def.yes, def.no] : ['Yes', 'No'];
}

export function fees(question: Question, venue: Venue): FeeTerms {
  const { category } = question.def;
  if (venue === 'kalshi')
    return category === 'sports'
      ? { venue, type: 'quadratic_with_maker_fees', multiplier: 0.5 }
      : { venue, type: 'quadratic', multiplier: 1 };
  const rate = POLYMARKET_RATES[category];
  return { venue, rate, type: rate === 0 ? 'zero_fees' : `${category}_fees_v2` };
}

/** How the venue's makers see the question: late, with a wobble of their own, and sometimes dislocated. */
export function quoting(truth: Truth, dislocations: Dislocations, question: Question, venue: Venue): Quoting {
  const { def } = question;
  const seed = mix(truth.seed, seedOf(def.key), venue === 'kalshi' ? 11 : 12, question.generation);
  const random = mulberry32(mix(truth.seed, seedOf(def.key), venue === 'kalshi' ? 13 : 14));
  const delay = venue === 'kalshi' ? 200 + 700 * random() : 800 + 1_700 * random();
  const fine = (def.subCent ?? []).includes(venue);
  const inverse = isInverse(question, venue);
  const low = fine ? 6 : 12;
  const thin = def.thin ?? false;
  return {
    seed,
    depth: (venue === 'kalshi' ? 140 + 80 * random() : 180 + 120 * random()) * (def.depth ?? 1) * (thin ? 0.06 : 1),
    halfSpread: (fine ? 2.5 : 4 + 3 * random()) * (thin ? 4 : 1),
    fractional: venue === 'kalshi' ? 0.15 : 0.4,
    centre(time) {
      const p = truth.probability(question, time - delay);
      const wobble = noise(seed, time) * (1 + 16 * p * (1 - p)) * (thin ? 4 : 1);
      const mils = p * 1_000 + wobble + dislocations.shift(question, venue, time);
      const own = inverse ? 1_000 - mils : mils;
      return Math.min(Math.max(own, low), 1_000 - low);
    },
  };
}

/** Value noise between -1 and 1 with a knot every 20 s. */
function noise(seed: number, time: SimTime): number {
  const knot = Math.floor(time / 20_000);
  const at = (k: number): number => mulberry32(mix(seed, k, 15))() * 2 - 1;
  const part = time / 20_000 - knot;
  return at(knot) * (1 - part) + at(knot + 1) * part;
}

export function initialGrid(question: Question, venue: Venue): Grid {
  if (!(question.def.subCent ?? []).includes(venue)) return 'cent';
  return venue === 'kalshi' ? 'tapered' : 'mil';
}

/**
 * Polymarket narrows the tick once the price has left 0.04 … 0.96. For a short-lived question that moment is known from
 * its path; lasting ones keep the grid they have.
 */
export function narrowsAt(truth: Truth, question: Question, venue: Venue): SimTime {
  if (venue !== 'polymarket' || !question.def.periodMs) return Infinity;
  for (let time = question.opensAt + 1_000; time < question.closesAt; time += 1_000) {
    const p = truth.probability(question, time);
    if (p > 0.965 || p < 0.035) return time + 500;
  }
  return Infinity;
}

export function outcomeAt(question: Question, venue: Venue, outcome: Outcome | null): Outcome | null {
  if (!isInverse(question, venue) || outcome === null) return outcome;
  return outcome === 'yes' ? 'no' : outcome === 'no' ? 'yes' : outcome;
}

export function newMarket(truth: Truth, question: Question, venue: Venue): Market {
  const about = card(truth.seed, question, venue);
  return {
    venue,
    native: about.kalshi?.ticker ?? about.polymarket!.condition,
    card: about,
    opensAt: question.opensAt,
    closesAt: question.closesAt,
    outcome: outcomeAt(question, venue, truth.outcome(question)),
    ladder: new Ladder(),
    lastTrade: 0,
    lastSize: 0,
    lastChangeAt: question.opensAt,
    volume: 0,
    trades: [],
    grid: initialGrid(question, venue),
    fee: fees(question, venue),
  };
}

export function stageOf(market: Market, now: SimTime): MarketStage {
  if (now < market.opensAt) return 'unopened';
  if (now < market.closesAt) return 'open';
  if (now < market.closesAt + DETERMINED_AFTER_MS) return 'closed';
  return now < market.closesAt + SETTLED_AFTER_MS ? 'determined' : 'settled';
}
