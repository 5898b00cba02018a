import { createHash, type Hash } from 'node:crypto';
import {
  ASK,
  BID,
  formatPrice,
  formatSize,
  nativeOf,
  PRICE_ONE,
  type BookSide,
  type MarketInfo,
  type Levels,
} from '#core';
import type { BookProof, VerifiableBook, Verdict } from '#plugin-sdk';

/** Every tick the venue has (venues: 5). */
const TICKS = ['0.1', '0.01', '0.005', '0.0025', '0.001', '0.0001'];
/** Levels of one frame whose price may be the trade's that caused it. */
const MOST_CHANGES = 8;

/**
 * The venue's undocumented but reproducible book hash (venues: 3.4): SHA-1 of compact JSON with keys in this order,
 * bids ascending, asks descending, every number spelled as the venue does. The market-level last trade price and the
 * tick are those in force *after* the frame, which may be told a moment later: what a trade at one of the changed
 * levels, or another tick, would make of it is tried too, and a mismatch is still evidence, not proof.
 */
export function verifyHash(book: VerifiableBook, market: MarketInfo, proof: BookProof): Verdict {
  const { hash, spelled } = proof;
  const { minSize, negRisk, tickSize } = market.venueData;
  if (hash === null || !minSize || !negRisk) return { kind: 'unproven' };
  const tick = spelled['tick_size'] ?? tickSize;
  const head = headOf(book, market, proof);
  if (!tick || head === null) return { kind: 'unproven' };
  const lastTrade = spelled['last_trade_price'];
  const agrees = (withTick: string, withTrade: string): boolean =>
    head
      .copy()
      .update(tailOf(minSize, withTick, negRisk === 'true', withTrade))
      .digest('hex') === hash;
  if (lastTrade !== undefined && agrees(tick, lastTrade)) return { kind: 'proven', by: 'hash' };
  for (const price of tradesThatMayBe(lastTrade, proof.changes))
    if (agrees(tick, price)) return { kind: 'proven', by: 'hash', spelled: { last_trade_price: price } };
  if (lastTrade === undefined) return { kind: 'unproven' };
  for (const other of TICKS)
    if (other !== tick && agrees(other, lastTrade))
      return { kind: 'proven', by: 'hash', spelled: { tick_size: other } };
  const ours = bookHash(book, market, proof) ?? '';
  return {
    kind: 'suspect',
    reason: 'hash-mismatch',
    detail: `the venue says ${hash.slice(0, 12)}, our book gives ${ours.slice(0, 12)}`,
  };
}

/** The hash of a book with the spellings given; `null` while one of them is not known. */
export function bookHash(book: VerifiableBook, market: MarketInfo, proof: BookProof): string | null {
  const { minSize, negRisk, tickSize } = market.venueData;
  const tick = proof.spelled['tick_size'] ?? tickSize;
  const lastTrade = proof.spelled['last_trade_price'];
  const head = headOf(book, market, proof);
  if (!minSize || !negRisk || !tick || lastTrade === undefined || head === null) return null;
  return head.update(tailOf(minSize, tick, negRisk === 'true', lastTrade)).digest('hex');
}

/** All up to the levels; what follows is short and may have to be tried in several spellings. */
function headOf(book: VerifiableBook, market: MarketInfo, { token, spelled }: BookProof): Hash | null {
  const asset = market.venueData[token === 0 ? 'yesToken' : 'noToken'];
  const { timestamp } = spelled;
  if (!asset || !timestamp) return null;
  const [bids, asks] = token === 0 ? [BID, ASK] : [ASK, BID];
  const head = { market: nativeOf(market.id), asset_id: asset, timestamp, hash: '' };
  const text = JSON.stringify(head).slice(0, -1);
  return createHash('sha1').update(
    `${text},"bids":[${half(book, bids as BookSide, token)}],"asks":[${half(book, asks as BookSide, token)}],`,
  );
}

/** A side's levels from the worst to the best: bids ascend, asks descend. */
function half(book: VerifiableBook, side: BookSide, token: 0 | 1): string {
  let levels = '';
  for (let level = book.count(side) - 1; level >= 0; level--) {
    const micros = book.price(side, level);
    levels += `${levels === '' ? '' : ','}{"price":"${formatPrice(token === 0 ? micros : PRICE_ONE - micros)}","size":"${formatSize(book.size(side, level))}"}`;
  }
  return levels;
}

const tailOf = (minSize: string, tick: string, negRisk: boolean, lastTrade: string): string =>
  JSON.stringify({ min_order_size: minSize, tick_size: tick, neg_risk: negRisk, last_trade_price: lastTrade }).slice(1);

/** Other spellings of the last trade's price, and prices of trades at the changed levels, in terms of either token. */
function tradesThatMayBe(lastTrade: string | undefined, changes: Levels | undefined): Set<string> {
  const prices = new Set<string>();
  const add = (text: string): void => {
    prices.add(text);
    // 0.87 was seen as 0.870 (sample: an opening book).
    if (/^0\.\d{1,2}$/.test(text)) prices.add(text.padEnd(5, '0'));
  };
  if (lastTrade !== undefined) add(lastTrade.replace(/(\.\d*?)0+$/, '$1'));
  for (let i = 0; changes && i < changes.length && i < 3 * MOST_CHANGES; i += 3) {
    add(formatPrice(changes[i + 1]));
    add(formatPrice(PRICE_ONE - changes[i + 1]));
  }
  prices.delete(lastTrade ?? '');
  return prices;
}
