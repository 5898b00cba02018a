import { onGrid } from '../price-grid.js';
import { PRICE_ONE } from '../units.js';
import { opens, type RiskLeg, type RiskOrder, type RiskState, type Refuse } from './order.js';
import { cents, contracts, percent, seconds } from './words.js';

/** Rules about the market of each leg: is what we see true, fresh, open and deep enough. */
export function checkMarkets(state: RiskState, order: RiskOrder, refuse: Refuse): void {
  for (const leg of order.legs) {
    checkBook(state, leg, refuse);
    checkTicket(leg, refuse);
    checkPrice(state, leg, refuse);
    if (order.legs.length === 1) checkFair(state, leg, refuse);
  }
}

export function checkBook(state: RiskState, leg: RiskLeg, refuse: Refuse): void {
  if (leg.status !== 'open') refuse('market-not-open', `${leg.market} is ${leg.status}, not open.`);
  else refuse.passed?.('market-not-open', `${leg.market} is open.`);
  if (!leg.trusted) refuse('untrusted', `The book of ${leg.market} cannot be trusted: ${leg.trustReason}.`);
  else refuse.passed?.('untrusted', `The book of ${leg.market} can be trusted.`);
  if (leg.crossed) refuse('crossed-book', `The book of ${leg.market} is crossed: its best bid is above its best ask.`);
  else refuse.passed?.('crossed-book', `The book of ${leg.market} is not crossed.`);
  if (!leg.feeKnown) refuse('unknown-fee', `The fee of ${leg.market} is not known.`);
  else refuse.passed?.('unknown-fee', `The fee of ${leg.market} is known.`);
  const limit = state.limits.maxQuoteAgeMs;
  if (!(leg.quoteAgeMs <= limit))
    refuse(
      'stale-quote',
      `The quote of ${leg.market} is ${seconds(leg.quoteAgeMs)} old; at most ${seconds(limit)} is allowed.`,
      { limit, use: 0, asked: leg.quoteAgeMs, unit: 'ms' },
    );
  else refuse.passed?.('stale-quote', leg.market, { limit, use: 0, asked: leg.quoteAgeMs, unit: 'ms' });
}

/** The venue would not take it. */
function checkTicket(leg: RiskLeg, refuse: Refuse): void {
  if (
    leg.limit <= 0 ||
    leg.limit >= PRICE_ONE ||
    !onGrid(leg.grid, leg.outcome === 'yes' ? leg.limit : PRICE_ONE - leg.limit)
  )
    refuse('off-grid', `A limit of ${cents(leg.limit)} is not a price ${leg.market} takes.`);
  else refuse.passed?.('off-grid', `${cents(leg.limit)} is a price ${leg.market} takes.`);
  if (leg.size < leg.minSize)
    refuse(
      'below-minimum',
      `${contracts(leg.size)} are below the minimum of ${contracts(leg.minSize)} at ${leg.market}.`,
      {
        limit: leg.minSize,
        use: 0,
        asked: leg.size,
        unit: 'hundredths',
      },
    );
  else
    refuse.passed?.(
      'below-minimum',
      `${contracts(leg.size)} are no less than the minimum of ${contracts(leg.minSize)}.`,
    );
  if (leg.sizeStep > 0 && leg.size % leg.sizeStep !== 0)
    refuse('size-step', `${contracts(leg.size)} are no multiple of ${contracts(leg.sizeStep)} at ${leg.market}.`);
  else refuse.passed?.('size-step', `${contracts(leg.size)} are a size ${leg.market} takes.`);
}

/** A buy on its own is worth what it is worth; the legs of a group are worth what they pay together. */
function checkFair(state: RiskState, leg: RiskLeg, refuse: Refuse): void {
  if (leg.fair === null || !opens(leg)) return;
  const allowed = state.limits.maxThroughFair;
  const through = leg.limit - leg.fair;
  if (!(through <= allowed))
    refuse(
      'fair-value',
      `A limit of ${cents(leg.limit)} is ${cents(Math.ceil(through))} above the fair value of ${cents(Math.round(leg.fair))} at ${leg.market}; at most ${cents(allowed)} is allowed.`,
      { limit: allowed, use: 0, asked: Math.ceil(through), unit: 'micro-dollars' },
    );
  else
    refuse.passed?.('fair-value', leg.market, {
      limit: allowed,
      use: 0,
      asked: Math.ceil(through),
      unit: 'micro-dollars',
    });
}

function checkPrice(state: RiskState, leg: RiskLeg, refuse: Refuse): void {
  if (leg.best < 0) {
    // An order that waits needs nobody yet.
    if (leg.rests === true) return;
    refuse('no-quote', `Nobody ${opens(leg) ? 'offers' : 'bids for'} ${leg.outcome.toUpperCase()} of ${leg.market}.`);
    return;
  }
  const through = opens(leg) ? leg.limit - leg.best : leg.best - leg.limit;
  const allowed = state.limits.maxThroughAsk;
  if (!(through <= allowed))
    refuse(
      'price-sanity',
      `A limit of ${cents(leg.limit)} is ${cents(through)} through the best price of ${cents(leg.best)} at ${leg.market}; at most ${cents(allowed)} is allowed.`,
      { limit: allowed, use: 0, asked: through, unit: 'micro-dollars' },
    );
  else refuse.passed?.('price-sanity', leg.market, { limit: allowed, use: 0, asked: through, unit: 'micro-dollars' });
  const share = state.limits.maxDepthShare;
  const allowedSize = Math.floor((leg.depth * share) / 1_000_000);
  if (!opens(leg)) return;
  const takes = leg.rests === true ? Math.min(leg.size, leg.depth) : leg.size;
  if (!(takes <= allowedSize))
    refuse(
      'depth-share',
      `${contracts(takes)} are more than ${percent(share)} of the ${contracts(leg.depth)} offered up to ${cents(leg.limit)} at ${leg.market}.`,
      { limit: allowedSize, use: 0, asked: takes, unit: 'hundredths' },
    );
  else refuse.passed?.('depth-share', leg.market, { limit: allowedSize, use: 0, asked: takes, unit: 'hundredths' });
}
