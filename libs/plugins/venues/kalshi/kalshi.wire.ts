import {
  ASK,
  BID,
  parsePrice,
  parseSignedSize,
  parseSize,
  price,
  PRICE_ONE,
  size,
  type BookSide,
  type MarketStatus,
} from '#core';
import type { LifecycleMessage, RejectedMessage, Sequence, VenueMessage, VenueWire } from '#plugin-sdk';
import { instantOfMs, instantOfSeconds, isObject, list, numeric, spelling, text, type Json } from '../json.js';
import { feesFrom, gridFrom } from './kalshi.catalogue.js';
import { scanDelta } from './kalshi.delta.js';

/**
 * The socket's frames (venues: 5). `seq` counts every sequenced frame of a sid, acknowledgements included, so it is
 * read before anything else. A NO bid at p is a YES ask at 1 − p.
 */
export const wire: VenueWire = { scan: scanDelta, parse, verify: () => ({ kind: 'unproven' }) };

/** Error codes that end the subscription: channel error and buffer overflow. */
const FATAL = new Set([10, 25]);
const TOO_MANY = 26;

function parse(frame: string): readonly VenueMessage[] {
  let body: unknown;
  try {
    body = JSON.parse(frame);
  } catch {
    return [{ kind: 'rejected', reason: 'the frame is not JSON' }];
  }
  if (!isObject(body)) return [{ kind: 'rejected', reason: 'the frame is not an object' }];
  const { sid, seq } = body;
  const sequence: Sequence | undefined =
    Number.isSafeInteger(sid) && Number.isSafeInteger(seq) ? { stream: String(sid), seq: seq as number } : undefined;
  const msg = isObject(body['msg']) ? body['msg'] : {};
  if (body['type'] === 'orderbook_delta') return [delta(msg, sequence)];
  // Of a book without its place in the stream nobody could say which changes it holds.
  if (body['type'] === 'orderbook_snapshot' && !sequence) return [rejected('a snapshot without sid and seq')];
  const message = read(body, msg);
  if (message === null)
    return sequence ? [{ kind: 'control', what: 'notice', text: text(body['type']), sequence }] : [];
  return [sequence ? { ...message, sequence } : message];
}

function read(body: Json, msg: Json): VenueMessage | null {
  const type = text(body['type']);
  switch (type) {
    case 'orderbook_snapshot':
      return snapshot(msg);
    // A block was agreed outside the book: it took nothing from it and reached no order that rests there.
    case 'trade':
      return msg['is_block_trade'] === true ? null : trade(msg);
    // Tops of books, which the books themselves show.
    case 'ticker':
      return null;
    case 'market_lifecycle_v2':
      return lifecycle(msg);
    case 'event_fee_update':
      return {
        kind: 'fee',
        native: null,
        nativeGroup: text(msg['event_ticker']),
        fees: feesFrom(msg['fee_type_override'], msg['fee_multiplier_override']),
      };
    case 'event_lifecycle':
      return null;
    case 'subscribed':
      return {
        kind: 'control',
        what: 'subscribed',
        text: text(msg['channel']),
        stream: { channel: text(msg['channel']), id: spelling(msg['sid']) },
      };
    case 'ok':
    case 'unsubscribed':
      return { kind: 'control', what: type, text: type };
    case 'error': {
      const code = numeric(msg['code']);
      return {
        kind: 'control',
        what: 'error',
        text: `Kalshi: ${text(msg['msg']) || 'error'} (${code})`,
        fatal: FATAL.has(code),
        tooMany: code === TOO_MANY,
      };
    }
    default:
      return { kind: 'unknown', type: type.slice(0, 40) || 'untyped' };
  }
}

const rejected = (reason: string, native = ''): RejectedMessage =>
  native === '' ? { kind: 'rejected', reason } : { kind: 'rejected', reason, native };

function snapshot(msg: Json): VenueMessage {
  const native = text(msg['market_ticker']);
  if (!native) return rejected('a snapshot without market_ticker');
  // A client of the old shape sees an empty book, not an error (venues: 1).
  if ('yes' in msg || 'no' in msg) return rejected('a snapshot in whole cents, which ended in March 2026', native);
  const levels = bothSides(msg['yes_dollars_fp'], msg['no_dollars_fp']);
  if (!levels) return rejected('a level of a snapshot without a readable price and size', native);
  return { kind: 'book', native, mode: 'snapshot', levels, venueAt: null };
}

/** Levels of both sides' bids as the canonical YES book; `null` when one of them cannot be read. An absent side is empty. */
export function bothSides(yes: unknown, no: unknown): Float64Array | null {
  const yesBids = list(yes);
  const noBids = list(no);
  const levels = new Float64Array((yesBids.length + noBids.length) * 3);
  let at = 0;
  for (const [side, half] of [
    [BID, yesBids],
    [ASK, noBids],
  ] as const) {
    for (const level of half) {
      const [spelledPrice, spelledSize] = list(level);
      const micros = parsePrice(text(spelledPrice));
      const contracts = parseSize(text(spelledSize));
      if (Number.isNaN(micros) || Number.isNaN(contracts)) return null;
      levels[at++] = side;
      levels[at++] = side === BID ? micros : PRICE_ONE - micros;
      levels[at++] = contracts;
    }
  }
  return levels;
}

function delta(msg: Json, sequence: Sequence | undefined): VenueMessage {
  const native = text(msg['market_ticker']);
  const micros = parsePrice(text(msg['price_dollars']));
  const change = parseSignedSize(text(msg['delta_fp']));
  const side: BookSide | null = msg['side'] === 'yes' ? BID : msg['side'] === 'no' ? ASK : null;
  if (!native || Number.isNaN(micros) || Number.isNaN(change) || side === null)
    return { ...rejected('a delta without a readable market, price, size and side', native), sequence };
  const levels = [side, side === BID ? micros : PRICE_ONE - micros, change];
  return { kind: 'book', native, mode: 'increment', levels, venueAt: instantOfMs(msg['ts_ms']), sequence };
}

function trade(msg: Json): VenueMessage {
  const native = text(msg['market_ticker']);
  const micros = parsePrice(text(msg['yes_price_dollars']));
  const contracts = parseSize(text(msg['count_fp']));
  if (!native || !text(msg['trade_id']) || Number.isNaN(micros) || Number.isNaN(contracts))
    return rejected('a trade without a readable market, id, price and size');
  // `taker_side` is the older name; buying NO is selling YES.
  const outcome = text(msg['taker_outcome_side']) || text(msg['taker_side']);
  return {
    kind: 'trade',
    native,
    tradeId: text(msg['trade_id']),
    price: price(micros),
    size: size(contracts),
    taker: outcome === 'yes' ? 'buy' : outcome === 'no' ? 'sell' : null,
    venueAt: instantOfMs(msg['ts_ms']),
  };
}

function lifecycle(msg: Json): VenueMessage | null {
  const native = text(msg['market_ticker']);
  if (!native) return rejected('a life cycle message without market_ticker');
  // The channel cannot be filtered: combinations come along with everything else.
  if (native.startsWith('KXMVE')) return null;
  const life = (more: Partial<LifecycleMessage>, status: MarketStatus | null): LifecycleMessage => ({
    kind: 'lifecycle',
    native,
    status,
    venueAt: null,
    ...more,
  });
  const type = text(msg['event_type']);
  switch (type) {
    case 'created':
      return { kind: 'new-market', native };
    case 'activated':
      return life({}, 'open');
    case 'deactivated':
      return life({}, 'paused');
    case 'close_date_updated': {
      const closesAt = instantOfSeconds(msg['close_ts']);
      return closesAt === null ? rejected('a close date that is not readable') : life({ closesAt }, null);
    }
    case 'determined': {
      const yesPays = payout(msg['settlement_value'], msg['result']);
      const venueAt = instantOfSeconds(msg['determination_ts']);
      return life(
        {
          venueAt,
          ...(yesPays === null
            ? {}
            : { resolution: { outcome: { kind: 'value', yesPays: price(yesPays) }, final: false } }),
        },
        'determined',
      );
    }
    // Says that it pays, not what: the settlement poll brings both together.
    case 'settled':
      return life({ venueAt: instantOfSeconds(msg['settled_ts']) }, 'determined');
    case 'price_level_structure_updated': {
      const grid = gridFrom(msg['price_ranges']);
      return grid ? life({ grid }, null) : rejected('price ranges that are not readable');
    }
    case 'metadata_updated':
      return null;
    default:
      return { kind: 'unknown', type: `market_lifecycle_v2 ${type.slice(0, 40)}` };
  }
}

/** What YES pays: the settlement value, or the plain result where no value is given. */
export function payout(value: unknown, result: unknown): number | null {
  const micros = parsePrice(spelling(value));
  if (!Number.isNaN(micros)) return micros;
  return result === 'yes' ? PRICE_ONE : result === 'no' ? 0 : null;
}
