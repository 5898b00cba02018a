import { ASK, BID, PRICE_ONE, type Price } from '#core';
import type { Alias, AliasLookup, BookMessage, BookProof } from '#plugin-sdk';
import { JsonScanner, piece } from '../json-scanner.js';
import { instantOfMs } from '../json.js';

/** One row of a frame, as far as it is needed; kept between frames. */
class Row {
  alias: Alias | null = null;
  bid = false;
  micros = 0;
  size = 0;
  hash = '';
  bestBid = 0;
  bestAsk = 0;
}

const scan = new JsonScanner();
const MARKET = piece('{"market":"');
const CHANGES = piece(',"price_changes":[');
const COMMA = piece(',');
const TIMESTAMP = piece('],"timestamp":"');
const END = piece(',"event_type":"price_change"}');
const ASSET = piece('{"asset_id":"');
const PRICE = piece(',"price":"');
const SIZE = piece(',"size":"');
const SIDE = piece(',"side":"');
const BUY = piece('BUY"');
const SELL = piece('SELL"');
const HASH = piece(',"hash":"');
const BEST_BID = piece(',"best_bid":"');
const BEST_ASK = piece(',"best_ask":"');
const ROW_END = piece('}');
const yes = new Row();
const no = new Row();

/**
 * The commonest frame, a `price_change` of one level in both views of one market and in the spelling of Polymarket's
 * server; `null` for any other frame or spelling, and for anything that is not readable.
 */
export function scanPriceChange(frame: Buffer, alias: AliasLookup): BookMessage | null {
  scan.begin(frame);
  if (!scan.word(MARKET) || !scan.skipString() || !scan.word(CHANGES)) return null;
  if (!scanRow(yes, alias) || !scan.word(COMMA) || !scanRow(no, alias) || !scan.word(TIMESTAMP)) return null;
  const timestamp = scan.string();
  if (timestamp === null || !scan.word(END) || !scan.ended) return null;
  if (yes.alias === null || no.alias === null) return null;
  const { native } = yes.alias;
  if (yes.alias.token !== 0 || no.alias.token !== 1 || no.alias.native !== native) return null;
  const levels = [yes.bid ? BID : ASK, yes.micros, yes.size];
  const spelled = { timestamp };
  return {
    kind: 'book',
    native,
    mode: 'absolute',
    levels,
    venueAt: instantOfMs(timestamp),
    proof: proofOf(yes, 0, spelled),
    mirrorProof: proofOf(no, 1, spelled),
  };
}

function scanRow(row: Row, alias: AliasLookup): boolean {
  if (!scan.word(ASSET)) return false;
  const asset = scan.name();
  row.alias = asset === null ? null : (alias(asset) ?? null);
  if (row.alias === null || !scan.word(PRICE)) return false;
  row.micros = scan.decimal(6);
  if (!(row.micros <= PRICE_ONE) || !scan.word(SIZE)) return false;
  row.size = scan.decimal(2);
  if (Number.isNaN(row.size) || !scan.word(SIDE)) return false;
  row.bid = scan.word(BUY);
  if (!row.bid && !scan.word(SELL)) return false;
  if (!scan.word(HASH)) return false;
  const hash = scan.string();
  if (hash === null || !scan.word(BEST_BID)) return false;
  row.hash = hash;
  row.bestBid = scan.decimal(6);
  if (!(row.bestBid <= PRICE_ONE) || !scan.word(BEST_ASK)) return false;
  row.bestAsk = scan.decimal(6);
  return row.bestAsk <= PRICE_ONE && scan.word(ROW_END);
}

/** An absent side is spelled 0 (bid) or 1 (ask). */
function proofOf(row: Row, token: 0 | 1, spelled: BookProof['spelled']): BookProof {
  const bid = row.bestBid === 0 ? null : row.bestBid;
  const ask = row.bestAsk === PRICE_ONE ? null : row.bestAsk;
  return {
    token,
    hash: row.hash === '' ? null : row.hash,
    bestBid: (token === 0 ? bid : mirrored(ask)) as Price | null,
    bestAsk: (token === 0 ? ask : mirrored(bid)) as Price | null,
    spelled,
  };
}

const mirrored = (value: number | null): number | null => (value === null ? null : PRICE_ONE - value);
