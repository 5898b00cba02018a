import { ASK, BID, PRICE_ONE } from '#core';
import type { BookMessage } from '#plugin-sdk';
import { JsonScanner, piece } from '../json-scanner.js';
import { saneInstant } from '../json.js';

const scan = new JsonScanner();
const SID = piece('{"type":"orderbook_delta","sid":');
const SEQ = piece(',"seq":');
const TICKER = piece(',"msg":{"market_ticker":"');
const MARKET_ID = piece(',"market_id":"');
const PRICE = piece(',"price_dollars":"');
const DELTA = piece(',"delta_fp":"');
const SIDE = piece(',"side":"');
const YES = piece('yes"');
const NO = piece('no"');
const TS = piece(',"ts":"');
const TS_MS = piece(',"ts_ms":');
const END = piece('}}');

/** The commonest frame, an `orderbook_delta` in the spelling of Kalshi's server; `null` for any other frame or spelling. */
export function scanDelta(frame: Buffer): BookMessage | null {
  scan.begin(frame);
  if (!scan.word(SID)) return null;
  const sid = scan.integer();
  if (sid < 0 || !scan.word(SEQ)) return null;
  const seq = scan.integer();
  if (seq < 0 || !scan.word(TICKER)) return null;
  const native = scan.name();
  if (!native || !scan.word(MARKET_ID) || !scan.skipString() || !scan.word(PRICE)) return null;
  const micros = scan.decimal(6);
  if (!(micros <= PRICE_ONE) || !scan.word(DELTA)) return null;
  const change = scan.decimal(2, true);
  if (Number.isNaN(change) || !scan.word(SIDE)) return null;
  const yes = scan.word(YES);
  if (!yes && !scan.word(NO)) return null;
  if (!scan.word(TS) || !scan.skipString() || !scan.word(TS_MS)) return null;
  const at = scan.integer();
  if (at < 0 || !scan.word(END) || !scan.ended) return null;
  const levels = [yes ? BID : ASK, yes ? micros : PRICE_ONE - micros, change];
  return {
    kind: 'book',
    native,
    mode: 'increment',
    levels,
    venueAt: saneInstant(at),
    sequence: { stream: String(sid), seq },
  };
}
