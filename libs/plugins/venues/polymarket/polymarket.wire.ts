import {
  ASK,
  BID,
  parseDecimal,
  parsePrice,
  parseSize,
  price,
  PRICE_ONE,
  size,
  type BookSide,
  type Levels,
  type Price,
} from '#core';
import type {
  Alias,
  AliasLookup,
  BookMessage,
  BookProof,
  LifecycleMessage,
  TradeMessage,
  VenueMessage,
  VenueWire,
} from '#plugin-sdk';
import { instantOfMs, isObject, list, text, type Json } from '../json.js';
import { verifyHash } from './polymarket.hash.js';
import { scanPriceChange } from './polymarket.price-change.js';

/**
 * The market channel (venues: 3.3). Frames are an object or an array of them; every price and size is text. Frames
 * speak of tokens: both views of a market are turned into its one YES book.
 */
export const wire: VenueWire = {
  scan: scanPriceChange,
  parse,
  verify: verifyHash,
  aliases: ({ venueData }) => [venueData['yesToken'] ?? '', venueData['noToken'] ?? ''],
};

type Side = 'bid' | 'ask';

const CHAIN_DECIMALS = 6;
/** A hundredth of a share in the chain's units. */
const CHAIN_HUNDREDTH = 10_000;

function parse(frame: string, alias: AliasLookup): readonly VenueMessage[] {
  const first = frame.charCodeAt(0);
  if (first !== 91 && first !== 123) return [word(frame.trim())];
  let body: unknown;
  try {
    body = JSON.parse(frame);
  } catch {
    return [{ kind: 'rejected', reason: 'the frame is not JSON' }];
  }
  const messages: VenueMessage[] = [];
  for (const one of Array.isArray(body) ? (body as unknown[]) : [body]) {
    if (isObject(one)) read(one, alias, messages);
    else messages.push({ kind: 'rejected', reason: 'an entry of the frame is not an object' });
  }
  return messages;
}

function word(said: string): VenueMessage {
  switch (said) {
    case 'PONG':
      return { kind: 'control', what: 'pong', text: said };
    case 'NO NEW ASSETS':
      return { kind: 'control', what: 'notice', text: said };
    case 'INVALID OPERATION':
      return { kind: 'control', what: 'error', text: said };
    default:
      return { kind: 'rejected', reason: 'the frame is not JSON' };
  }
}

function read(body: Json, alias: AliasLookup, messages: VenueMessage[]): void {
  const type = body['event_type'];
  switch (type) {
    case 'book':
      return void messages.push(...book(body, alias));
    case 'price_change':
      return void priceChange(body, alias, messages);
    case 'last_trade_price':
      return void messages.push(...trade(body, alias));
    case 'tick_size_change':
      return void messages.push(tick(body));
    case 'market_resolved':
      return void messages.push(...resolved(body, alias));
    case 'new_market':
      return void messages.push(
        text(body['market'])
          ? { kind: 'new-market', native: text(body['market']) }
          : rejected('new_market without market'),
      );
    // The top of a book, which the book itself shows: it adds nothing and may come before its changes.
    case 'best_bid_ask':
      return;
    default:
      // Some opening books were seen without a type (venues: 3.3).
      if (type === undefined && ('bids' in body || 'buys' in body)) return void messages.push(...book(body, alias));
      messages.push({ kind: 'unknown', type: typeof type === 'string' ? type.slice(0, 40) : 'untyped' });
  }
}

const rejected = (reason: string, native?: string): VenueMessage =>
  native === undefined ? { kind: 'rejected', reason } : { kind: 'rejected', reason, native };

/** Level of the canonical book: what is bid for NO at p is asked for YES at 1 − p. */
function put(levels: number[] | Float64Array, at: number, side: Side, micros: Price, size: number, token: 0 | 1): void {
  const yesSide: BookSide = (side === 'bid') === (token === 0) ? BID : ASK;
  levels[at] = yesSide;
  levels[at + 1] = token === 0 ? micros : PRICE_ONE - micros;
  levels[at + 2] = size;
}

/** Reads a whole book, of a frame or of REST. */
export function book(body: Json, alias: AliasLookup): readonly VenueMessage[] {
  const known = alias(text(body['asset_id']));
  const bids = list(body['bids'] ?? body['buys']);
  const asks = list(body['asks'] ?? body['sells']);
  if (!text(body['asset_id'])) return [rejected('a book without asset_id')];
  if (!known) return [];
  const levels = new Float64Array((bids.length + asks.length) * 3);
  let at = 0;
  for (const [side, half] of [
    ['bid', bids],
    ['ask', asks],
  ] as const) {
    for (const level of half) {
      const micros = isObject(level) ? parsePrice(text(level['price'])) : NaN;
      const size = isObject(level) ? parseSize(text(level['size'])) : NaN;
      if (Number.isNaN(micros) || Number.isNaN(size))
        return [rejected('a level of a book without a readable price and size', known.native)];
      put(levels, at, side, price(micros), size, known.token);
      at += 3;
    }
  }
  const spelled: Record<string, string> = { timestamp: text(body['timestamp']) };
  for (const name of ['last_trade_price', 'tick_size'] as const) if (text(body[name])) spelled[name] = text(body[name]);
  const message: BookMessage = {
    kind: 'book',
    native: known.native,
    mode: 'snapshot',
    levels,
    venueAt: instantOfMs(body['timestamp']),
    proof: { token: known.token, hash: text(body['hash']) || null, spelled },
    ...(text(body['tick_size']) ? { tick: text(body['tick_size']) } : {}),
  };
  return [message];
}

/** What one frame says of one token. */
interface View {
  readonly asset: string;
  readonly known: Alias;
  /** Rows of this token. */
  readonly rows: Json[];
}

/** Both views of a market come in one frame: the YES rows are taken, the NO rows only where there are no others. */
function priceChange(body: Json, alias: AliasLookup, messages: VenueMessage[]): VenueMessage[] {
  const before = messages.length;
  const refuse = (reason: string, native = text(body['market']) || undefined): VenueMessage[] => {
    messages.length = before;
    messages.push(rejected(reason, native));
    return messages;
  };
  const rows = body['price_changes'] ?? body['changes'] ?? [body];
  if (!Array.isArray(rows)) return refuse('price changes that are not a list');
  const views: View[] = [];
  for (const raw of rows as unknown[]) {
    if (!isObject(raw)) return refuse('a price change that is not an object');
    const asset = text(raw['asset_id']) || text(body['asset_id']);
    if (!asset) return refuse('a price change without asset_id');
    let view = views.length > 0 && views[views.length - 1].asset === asset ? views[views.length - 1] : undefined;
    view ??= views.find((one) => one.asset === asset);
    if (!view) {
      const known = alias(asset);
      if (!known) continue;
      views.push((view = { asset, known, rows: [] }));
    }
    view.rows.push(raw);
  }
  const stamp = text(body['timestamp']);
  const venueAt = instantOfMs(body['timestamp']);
  const spelled = { timestamp: stamp };
  for (const view of views) {
    const levels = levelsOf(view);
    const { native, token } = view.known;
    if (levels === null) return refuse('a price change without a readable price, size and side', native);
    const mirror = views.length === 1 ? undefined : views.find((one) => one !== view && one.known.native === native);
    // The NO rows say the same again; they are worth their proof.
    if (token === 1 && mirror?.known.token === 0) continue;
    messages.push({
      kind: 'book',
      native,
      mode: 'absolute',
      levels,
      venueAt,
      proof: proofOf(view, body, spelled),
      mirrorProof: mirror && mirror.known.token !== token ? proofOf(mirror, body, spelled) : undefined,
    });
  }
  return messages;
}

/** Triples of the canonical book; `null` when a row cannot be read. */
function levelsOf({ rows, known: { token } }: View): Levels | null {
  const levels: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const raw = rows[i];
    const micros = parsePrice(text(raw['price']));
    const size = parseSize(text(raw['size']));
    const side = raw['side'];
    if (Number.isNaN(micros) || Number.isNaN(size) || (side !== 'BUY' && side !== 'SELL')) return null;
    put(levels, i * 3, side === 'BUY' ? 'bid' : 'ask', micros, size, token);
  }
  return levels;
}

/** An absent side is spelled `0` (bid), `1` (ask) or as nothing. */
function best(value: unknown, absent: number): Price | null | undefined {
  if (typeof value !== 'string') return undefined;
  if (value === '') return null;
  const micros = parsePrice(value);
  return Number.isNaN(micros) ? undefined : micros === absent ? null : micros;
}

function proofOf({ known: { token }, rows }: View, body: Json, spelled: BookProof['spelled']): BookProof {
  // Rows of one token share the hash and the top after the whole frame.
  const last = rows[rows.length - 1];
  const bid = best(last['best_bid'], 0);
  const ask = best(last['best_ask'], PRICE_ONE);
  return {
    token,
    hash: text(last['hash']) || text(body['hash']) || null,
    bestBid: token === 0 ? bid : mirrored(ask),
    bestAsk: token === 0 ? ask : mirrored(bid),
    spelled,
  };
}

const mirrored = (value: Price | null | undefined): Price | null | undefined =>
  value === null || value === undefined ? value : price(PRICE_ONE - value);

function trade(body: Json, alias: AliasLookup): readonly VenueMessage[] {
  const asset = text(body['asset_id']);
  const known = alias(asset);
  const micros = parsePrice(text(body['price']));
  // The chain counts shares to six decimals and a trade may be any part of one; what is below a hundredth is not told.
  const shares = Math.floor(parseDecimal(text(body['size']), CHAIN_DECIMALS) / CHAIN_HUNDREDTH);
  if (!asset || Number.isNaN(micros) || Number.isNaN(shares))
    return [rejected('a trade without a readable asset, price and size')];
  if (!known) return [];
  const bought = body['side'] === 'BUY' ? true : body['side'] === 'SELL' ? false : null;
  const message: TradeMessage = {
    kind: 'trade',
    native: known.native,
    // One transaction may hold several fills: the hash alone is no key.
    tradeId: [body['transaction_hash'], asset.slice(-12), body['price'], body['size'], body['timestamp']]
      .map(text)
      .join('|'),
    price: price(known.token === 0 ? micros : PRICE_ONE - micros),
    size: size(shares),
    taker: bought === null ? null : bought === (known.token === 0) ? 'buy' : 'sell',
    venueAt: instantOfMs(body['timestamp']),
    // The market-level value: the trade's own price, whichever token it was of.
    spelled: { last_trade_price: text(body['price']) },
  };
  return [message];
}

function tick(body: Json): VenueMessage {
  const step = parsePrice(text(body['new_tick_size']));
  if (!text(body['market']) || !(step > 0)) return rejected('tick_size_change without a readable market and tick');
  const message: LifecycleMessage = {
    kind: 'lifecycle',
    native: text(body['market']),
    status: null,
    grid: [{ start: price(0), end: PRICE_ONE, step }],
    venueAt: instantOfMs(body['timestamp']),
  };
  return message;
}

function resolved(body: Json, alias: AliasLookup): readonly VenueMessage[] {
  const winner = alias(text(body['winning_asset_id']));
  if (!text(body['market'])) return [rejected('market_resolved without market')];
  if (!winner) return [];
  return [
    {
      kind: 'lifecycle',
      native: winner.native,
      status: 'settled',
      resolution: { outcome: { kind: 'value', yesPays: winner.token === 0 ? PRICE_ONE : price(0) }, final: true },
      venueAt: instantOfMs(body['timestamp']),
    },
  ];
}
