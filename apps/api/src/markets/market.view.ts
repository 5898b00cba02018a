import { nativeOf, type Link as DomainLink, type MarketId } from '#core';
import type { MarketRow, QuoteRow } from '#data';
import { feeText } from './fee-text.js';
import type { Link, Market, Quote } from './market.types.js';

export const quoteView = (row: QuoteRow): Quote => ({
  ...row,
  mid: row.bid === null || row.ask === null ? null : Math.round((row.bid + row.ask) / 2),
});

/** `now` decides which period of the fee schedule holds. */
export const marketView = (row: MarketRow, now: number): Market => ({
  id: row.id,
  venue: row.venue,
  native: nativeOf(row.id as MarketId),
  group: row.info.group,
  title: row.title,
  rules: row.info.rules,
  category: row.info.category,
  status: row.status,
  closesAt: row.info.closesAt,
  paysAt: row.info.paysAt,
  fees: feeText(row.info.fees, now),
  minSize: row.info.minSize,
  quote: row.quote && quoteView(row.quote),
  trusted: row.trusted,
  trustReason: row.trustReason,
  freshAt: row.freshAt,
});

export const linkView = (link: DomainLink): Link => ({
  id: link.id,
  aId: link.a,
  bId: link.b,
  polarity: link.polarity,
  state: link.state,
  mismatch: link.mismatch,
  differences: link.differences,
  reviewedBy: link.reviewedBy,
});

/** A market that no lane carries yet, or any more. */
export function unheardMarket(id: string): Market {
  return {
    id,
    venue: id.slice(0, id.indexOf(':')),
    native: id.slice(id.indexOf(':') + 1),
    group: null,
    title: id,
    rules: '',
    category: '',
    status: 'unopened',
    closesAt: null,
    paysAt: null,
    fees: { known: false, text: 'The fee is not known; nothing is traded here.' },
    minSize: 0,
    quote: null,
    trusted: false,
    trustReason: 'not-connected',
    freshAt: null,
  };
}
