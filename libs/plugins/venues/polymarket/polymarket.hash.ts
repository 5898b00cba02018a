import { createHash } from 'node:crypto';
import {
  ASK,
  BID,
  formatPrice,
  formatSize,
  nativeOf,
  price,
  PRICE_ONE,
  size,
  type BookSide,
  type MarketInfo,
} from '#core';
import type { BookProof, VerifiableBook, Verdict } from '#plugin-sdk';

/**
 * The venue's undocumented but reproducible book hash (venues: 3.4): SHA-1 of compact JSON with keys in this order,
 * bids ascending, asks descending, every number spelled as the venue does. The market-level last trade price and the
 * tick are those in force *after* the frame, which may be told a moment later: a mismatch is evidence, not proof.
 */
export function bookHash(book: VerifiableBook, market: MarketInfo, proof: BookProof): string | null {
  const { venueData } = market;
  const { timestamp, last_trade_price: lastTrade } = proof.spelled;
  const tickSize = proof.spelled['tick_size'] ?? venueData['tickSize'];
  const token = venueData[proof.token === 0 ? 'yesToken' : 'noToken'];
  const { minSize, negRisk } = venueData;
  if (!timestamp || lastTrade === undefined || !tickSize || !token || !minSize || !negRisk) return null;
  // A side's levels from the worst to the best: bids ascend, asks descend.
  const half = (side: BookSide): { price: string; size: string }[] => {
    const out: { price: string; size: string }[] = [];
    for (let level = book.count(side) - 1; level >= 0; level--) {
      const micros = book.price(side, level);
      out.push({
        price: formatPrice(proof.token === 0 ? micros : price(PRICE_ONE - micros)),
        size: formatSize(size(book.size(side, level))),
      });
    }
    return out;
  };
  const body = {
    market: nativeOf(market.id),
    asset_id: token,
    timestamp,
    hash: '',
    bids: half(proof.token === 0 ? BID : ASK),
    asks: half(proof.token === 0 ? ASK : BID),
    min_order_size: minSize,
    tick_size: tickSize,
    neg_risk: negRisk === 'true',
    last_trade_price: lastTrade,
  };
  return createHash('sha1').update(JSON.stringify(body)).digest('hex');
}

export function verifyHash(book: VerifiableBook, market: MarketInfo, proof: BookProof): Verdict {
  if (proof.hash === null) return { kind: 'unproven' };
  const ours = bookHash(book, market, proof);
  if (ours === null) return { kind: 'unproven' };
  if (ours === proof.hash) return { kind: 'proven', by: 'hash' };
  return {
    kind: 'suspect',
    reason: 'hash-mismatch',
    detail: `the venue says ${proof.hash.slice(0, 12)}, our book gives ${ours.slice(0, 12)}`,
  };
}
