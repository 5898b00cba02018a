import { ASK, BID, PRICE_ONE } from '#core';
import type { BookMessage } from '#plugin-sdk';
import { JsonScanner } from '../json-scanner.js';
import { saneInstant } from '../json.js';

const scan = new JsonScanner();

/** The commonest frame, an `orderbook_delta` in the spelling of Kalshi's server; `null` for any other frame or spelling. */
export function scanDelta(frame: string): BookMessage | null {
  scan.begin(frame);
  if (!scan.word('{"type":"orderbook_delta","sid":')) return null;
  const sid = scan.integer();
  if (sid < 0 || !scan.word(',"seq":')) return null;
  const seq = scan.integer();
  if (seq < 0 || !scan.word(',"msg":{"market_ticker":"')) return null;
  const native = scan.string();
  if (!native || !scan.word(',"market_id":"') || !scan.skipString() || !scan.word(',"price_dollars":"')) return null;
  const micros = scan.decimal(6);
  if (!(micros <= PRICE_ONE) || !scan.word(',"delta_fp":"')) return null;
  const change = scan.decimal(2, true);
  if (Number.isNaN(change) || !scan.word(',"side":"')) return null;
  const yes = scan.word('yes"');
  if (!yes && !scan.word('no"')) return null;
  if (!scan.word(',"ts":"') || !scan.skipString() || !scan.word(',"ts_ms":')) return null;
  const at = scan.integer();
  if (at < 0 || !scan.word('}}') || !scan.ended) return null;
  const levels = new Float64Array(3);
  levels[0] = yes ? BID : ASK;
  levels[1] = yes ? micros : PRICE_ONE - micros;
  levels[2] = change;
  return {
    kind: 'book',
    native,
    mode: 'increment',
    levels,
    venueAt: saneInstant(at),
    sequence: { stream: String(sid), seq },
  };
}
