import { PRICE_ONE, SIZE_ONE, type FeeRule } from '#core';
import type { EstimateRow, QuoteAt } from '#data';
import { POOL_MEMBERS, pooledFairValue } from '#plugins';
import { logit, microprice, mid } from '#quant';
import type { WhyStep } from './estimate.types.js';
import { beliefOf, worthOf, type Belief } from './worth.js';

/** What of Kelly's size a workflow takes unless told otherwise (math 10.2). */
const USUAL_FRACTION = 0.25;

const step = (part: string, label: string, value: number | null, unit: string, how = ''): WhyStep => ({
  part,
  label,
  value: value === null || Number.isFinite(value) ? value : null,
  unit,
  how,
});

/** Every number between the book an estimate read and the size it is worth, in the order they follow from each other. */
export function whySteps(
  fair: EstimateRow,
  quote: QuoteAt | null,
  rule: FeeRule | null,
  said: readonly EstimateRow[],
): WhyStep[] {
  const belief = beliefOf(fair.low, fair.high);
  return [
    step('estimate', 'Fair value', fair.value, 'probability', 'mean of the believed distribution'),
    step('estimate', 'Band from', fair.low, 'probability', '2.5 % quantile'),
    step('estimate', 'Band to', fair.high, 'probability', '97.5 % quantile'),
    ...(belief === null
      ? []
      : [
          step('estimate', 'Log-odds', belief.mean, 'log-odds', 'middle of the band’s ends in log-odds'),
          step('estimate', 'Deviation', belief.deviation, 'log-odds', 'width of the band / 3.92'),
        ]),
    ...poolSteps(fair, said),
    ...bookSteps(quote, belief),
    ...(quote === null || rule === null || belief === null
      ? []
      : [...sideSteps('yes', belief, quote, rule), ...sideSteps('no', belief, quote, rule)]),
    ...regimeSteps(said),
  ];
}

/** What each member of a pool said, and how much of the pool it is. */
function poolSteps(fair: EstimateRow, said: readonly EstimateRow[]): WhyStep[] {
  if (fair.model !== pooledFairValue.manifest.id) return [];
  const share = said.find(({ model, name }) => model === fair.model && name === 'pool-share')?.value ?? null;
  return POOL_MEMBERS.flatMap((id, i) => {
    const one = said.find(({ model, name }) => model === id && name === fair.name);
    const belief = one === undefined ? null : beliefOf(one.low, one.high);
    const [what, from] = MEMBERS[id];
    if (one === undefined || belief === null) return [step('pool', what, null, 'probability', 'had not spoken')];
    return [
      step('pool', what, one.value, 'probability', from),
      step('pool', `${what}, log-odds`, belief.mean, 'log-odds', 'middle of its band'),
      step('pool', `${what}, deviation`, belief.deviation, 'log-odds', 'width of its band / 3.92'),
      step('pool', `${what}, weight`, share === null || i === 0 ? share : 1 - share, 'share', POOL_HOW),
    ];
  });
}

const POOL_HOW = 'pool weight / variance, of both; the pooled log-odds are their mean by these';
const MEMBERS: Readonly<Record<(typeof POOL_MEMBERS)[number], readonly [what: string, from: string]>> = {
  'kalman-fair-value': ['Quotes', 'Kalman fair value'],
  'bayes-fair-value': ['Trades', 'Bayesian fair value: trades on top of a base rate'],
};

function bookSteps(quote: QuoteAt | null, belief: Belief | null): WhyStep[] {
  if (quote === null) return [];
  const [bid, ask] = [quote.bid, quote.ask].map((price) => (price < 0 ? NaN : price / PRICE_ONE));
  const [bidSize, askSize] = [quote.bidSize / SIZE_ONE, quote.askSize / SIZE_ONE];
  const middle = mid(bid, ask);
  const away = belief === null ? NaN : (belief.mean - logit(middle)) / belief.deviation;
  return [
    step('market', 'Bid', bid, 'dollars'),
    step('market', 'Bid size', bidSize, 'contracts'),
    step('market', 'Ask', ask, 'dollars'),
    step('market', 'Ask size', askSize, 'contracts'),
    step('market', 'Mid', middle, 'dollars', '(bid + ask) / 2'),
    step(
      'market',
      'Microprice',
      microprice(bid, ask, bidSize, askSize),
      'dollars',
      'each price weighs the other side’s size',
    ),
    step('market', 'Fair value from mid', away, 'number', 'difference in log-odds / deviation'),
  ];
}

function sideSteps(side: 'yes' | 'no', belief: Belief, quote: QuoteAt, rule: FeeRule): WhyStep[] {
  const one = worthOf(side, belief, quote, rule);
  if (one === null) return [];
  const paid = side === 'yes' ? 'ask' : '1 − bid';
  return [
    step(side, 'Price', one.price, 'dollars', paid),
    step(side, 'Fee', one.fee, 'dollars', 'taker, one contract, before rounding'),
    step(side, 'Worth', one.worth, 'dollars', side === 'yes' ? 'fair value' : '1 − fair value'),
    step(side, 'Edge', one.edge, 'dollars', 'worth − price − fee'),
    step(side, 'Chance of an edge', one.chance, 'probability', 'that the true value lies beyond the cost'),
    step(side, 'Kelly', one.kelly, 'share', '(worth − cost) / (1 − cost)'),
    step(side, 'Held back to', one.shrink, 'share', 'edge² / (edge² + variance of the fair value)'),
    step(side, 'Size', one.kelly * one.shrink * USUAL_FRACTION, 'share', 'Kelly × held back × 0.25, of free cash'),
  ];
}

const REGIME_LABELS: Readonly<Record<string, readonly [label: string, unit: string, how: string]>> = {
  regime: ['Regime', 'number', '0 quiet, 0.5 normal, 1 volatile; held until another is sure'],
  'regime-drift': ['Drift', 'direction', '−1 falling, 0 none proved, 1 rising in this regime'],
  'regime-quiet': ['Quiet', 'probability', 'filtered: nothing later was used'],
  'regime-volatile': ['Volatile', 'probability', 'filtered: nothing later was used'],
  volatility: ['Volatility', 'number', 'log-odds per √day, running'],
};

const regimeSteps = (said: readonly EstimateRow[]): WhyStep[] =>
  said.flatMap(({ name, value }) => {
    const known = REGIME_LABELS[name];
    return known === undefined ? [] : [step('regime', known[0], value, known[1], known[2])];
  });
