import { marketId, OrderBook, price, PRICE_ONE, size, type MarketInfo } from '#core';
import type { AliasLookup, BookMessage, BookProof, VenueMessage, VenuePlugin, VenueWire } from '#plugin-sdk';
import { entriesOf, isObject, type CapturedFrame } from './capture.read.js';

/** The finest grid either venue has: a capture does not say which one was in force. */
const ANY_GRID = [{ start: price(0), end: PRICE_ONE, step: 100 }];
/** Smallest orders and neg-risk flags that enter Polymarket's hash; captures do not hold them. */
const SMALLEST = ['5', '15', '1', '0', '10', '20', '50', '100'];
/** Whole books of a market that are tried for what the file does not say. */
const BOOKS_TRIED = 4;

/** What is known of a capture before it is played. */
export interface CaptureIndex {
  readonly infos: readonly MarketInfo[];
  readonly lookUp: AliasLookup;
  /** Messages by frame, from the plugin's own parser. */
  readonly messages: readonly (readonly VenueMessage[])[];
}

/** Makes the markets a capture needs from the frames themselves. */
export function indexCapture(plugin: VenuePlugin, frames: readonly CapturedFrame[]): CaptureIndex {
  const tokens = tokensOf(frames);
  const known = new Map(
    [...tokens].flatMap(([native, ids]) =>
      ids.map((id, token) => [id, { native, token: (token === 0 ? 0 : 1) as 0 | 1 }] as const),
    ),
  );
  const lookUp: AliasLookup = (name) => known.get(name);
  const messages = frames.map((frame) => plugin.wire.parse(frame.text, lookUp));
  const books = new Map<string, BookMessage[]>();
  for (const message of messages.flat()) {
    const native = nativeOfMessage(message);
    if (native === null) continue;
    const tried = books.get(native) ?? [];
    books.set(native, tried);
    if (message.kind === 'book' && message.mode === 'snapshot' && tried.length < BOOKS_TRIED) tried.push(message);
  }
  const infos = [...books].map(([native, tried]) => describe(plugin, native, tokens.get(native) ?? [], tried));
  return { infos, lookUp, messages };
}

export function nativeOfMessage(message: VenueMessage): string | null {
  return message.kind === 'book' || message.kind === 'trade' || message.kind === 'lifecycle' ? message.native : null;
}

/** Markets and their tokens as frames name them, in the order of first sight; the first token is taken for YES. */
function tokensOf(frames: readonly CapturedFrame[]): Map<string, string[]> {
  const tokens = new Map<string, string[]>();
  const see = (market: unknown, asset: unknown): void => {
    if (typeof market !== 'string' || typeof asset !== 'string') return;
    const list = tokens.get(market) ?? [];
    tokens.set(market, list);
    if (!list.includes(asset) && list.length < 2) list.push(asset);
  };
  for (const entry of frames.flatMap(entriesOf)) {
    const { market, asset_id: asset, price_changes: rows, assets_ids: assets } = entry;
    see(market, asset);
    for (const row of Array.isArray(rows) ? (rows as unknown[]) : []) if (isObject(row)) see(market, row['asset_id']);
    for (const one of Array.isArray(assets) ? (assets as unknown[]) : []) see(market, one);
  }
  return tokens;
}

/** What is needed of a market to play its frames. Neg-risk and smallest order are tried until a hash agrees. */
function describe(
  plugin: VenuePlugin,
  native: string,
  tokens: readonly string[],
  books: readonly BookMessage[],
): MarketInfo {
  const info = (venueData: Record<string, string>): MarketInfo => ({
    id: marketId(plugin.manifest.id, native),
    group: null,
    title: native,
    rules: '',
    category: '',
    status: 'open',
    grid: ANY_GRID,
    minSize: size(1),
    sizeStep: size(1),
    fees: null,
    closesAt: null,
    paysAt: null,
    venueData,
  });
  if (tokens.length === 0) return info({});
  const base = { yesToken: tokens[0], noToken: tokens[1] ?? '' };
  for (const message of books) {
    if (!message.proof) continue;
    const found = proving(plugin.wire, info, base, OrderBook.fromLevels(message.levels), message.proof);
    if (found) return found;
  }
  return info(base);
}

function proving(
  wire: VenueWire,
  info: (venueData: Record<string, string>) => MarketInfo,
  base: Record<string, string>,
  book: OrderBook,
  proof: BookProof,
): MarketInfo | null {
  for (const negRisk of ['true', 'false']) {
    for (const minSize of SMALLEST) {
      const candidate = info({ ...base, negRisk, minSize });
      if (wire.verify(book, candidate, proof).kind === 'proven') return candidate;
    }
  }
  return null;
}
