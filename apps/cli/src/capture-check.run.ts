import {
  ASK,
  BID,
  marketId,
  nativeOf,
  OrderBook,
  price,
  PRICE_ONE,
  size,
  UserProblem,
  type MarketInfo,
  type MarketRef,
  type TapeEvent,
  type Unstamped,
  type VenueId,
} from '#core';
import { Intake } from '#engine';
import type { AliasLookup, BookProof, VenueMessage, VenuePlugin, VenueWire, Verdict } from '#plugin-sdk';

/** A stretch of a capture in which a book could not be trusted. */
export interface BrokenSpan {
  readonly fromFrame: number;
  /** `null`: to the end of the capture. */
  readonly toFrame: number | null;
  readonly reason: string;
  readonly detail: string;
  /** Levels that the frame restated which ended the span. */
  readonly restated: readonly string[];
}

export interface MarketReport {
  readonly market: string;
  readonly frames: Readonly<Record<string, number>>;
  readonly levels: number;
  readonly bestBid: number | null;
  readonly bestAsk: number | null;
  readonly trusted: boolean;
  readonly gaps: number;
  readonly hashPassed: number;
  readonly hashFailed: number;
  /** What the file does not say and the hash of the first book shows. */
  readonly found: Readonly<Record<string, string>>;
  readonly spans: readonly BrokenSpan[];
}

export interface CaptureReport {
  readonly venue: string;
  readonly frames: number;
  readonly unknown: number;
  readonly rejected: number;
  readonly reasons: readonly string[];
  readonly gaps: number;
  readonly crossed: number;
  readonly sequences: Readonly<
    Record<string, { readonly first: number; readonly last: number; readonly count: number }>
  >;
  readonly markets: readonly MarketReport[];
}

interface CapturedFrame {
  readonly text: string;
  readonly at: number;
}

/** The finest grid either venue has: a capture does not say which one was in force. */
const ANY_GRID = [{ start: price(0), end: PRICE_ONE, step: 100 }];
/** Smallest orders and neg-risk flags that enter Polymarket's hash; captures do not hold them. */
const SMALLEST = ['5', '15', '1', '0', '10', '20', '50', '100'];

/** One frame a line, raw or as `{received_ms, frame}`; a file that is one JSON value over several lines is one frame. */
export function readCapture(content: string): CapturedFrame[] {
  const trimmed = content.trim();
  if (trimmed === '') throw new UserProblem('the capture is empty');
  const lines = trimmed.split('\n').filter((line) => line.trim() !== '');
  const whole = lines.length > 1 && isJson(trimmed);
  let at = 0;
  return (whole ? [trimmed] : lines).map((line) => {
    const frame = unwrap(line);
    at = Math.max(at + 1, frame.at ?? 0);
    return { text: frame.text, at };
  });
}

function isJson(content: string): boolean {
  try {
    JSON.parse(content);
    return true;
  } catch {
    return false;
  }
}

function unwrap(line: string): { readonly text: string; readonly at: number | null } {
  let body: unknown;
  try {
    body = JSON.parse(line);
  } catch {
    return { text: line.trim(), at: null };
  }
  if (typeof body === 'object' && body !== null && 'frame' in body && 'received_ms' in body) {
    return { text: JSON.stringify(body.frame), at: Number(body.received_ms) };
  }
  const stamp = Array.isArray(body) ? null : Number((body as { timestamp?: unknown }).timestamp);
  return { text: line.trim(), at: stamp !== null && Number.isFinite(stamp) ? stamp : null };
}

/** Plays captured frames through parse, intake and books. Never throws for what a frame holds. */
export function checkCapture(plugin: VenuePlugin, frames: readonly CapturedFrame[]): CaptureReport {
  const venue = plugin.manifest.id as VenueId;
  const counts = new Map<string, Counts>();
  const of = (native: string): Counts => {
    let count = counts.get(native);
    if (!count) counts.set(native, (count = new Counts()));
    return count;
  };
  const tokens = tokensOf(frames);
  const known = new Map(
    [...tokens].flatMap(([native, ids]) =>
      ids.map((id, token) => [id, { native, token: (token === 0 ? 0 : 1) as 0 | 1 }] as const),
    ),
  );
  const lookUp: AliasLookup = (name) => known.get(name);
  const sequences: Record<string, { first: number; last: number; count: number }> = {};
  const natives = new Set<string>();
  let rejected = 0;
  let unknown = 0;
  const reasons = new Set<string>();
  for (const frame of frames) {
    let numbered = '';
    for (const message of plugin.wire.parse(frame.text, lookUp)) {
      if (message.kind === 'rejected') {
        rejected += 1;
        reasons.add(message.reason);
      }
      if (message.kind === 'unknown') unknown += 1;
      const { sequence } = message as { readonly sequence?: { readonly stream: string; readonly seq: number } };
      if (sequence && numbered !== `${sequence.stream} ${sequence.seq}`) {
        numbered = `${sequence.stream} ${sequence.seq}`;
        const seen = (sequences[sequence.stream] ??= { first: sequence.seq, last: sequence.seq, count: 0 });
        seen.last = sequence.seq;
        seen.count += 1;
      }
      const native = nativeOfMessage(message);
      if (native === null) continue;
      natives.add(native);
      of(native).count(message);
    }
  }

  const infos = [...natives].map((native) => describe(plugin, native, tokens.get(native) ?? [], frames, lookUp));
  const wire: VenueWire = {
    ...plugin.wire,
    verify: (book, info, proof) => {
      const verdict = plugin.wire.verify(book, info, proof);
      of(nativeOf(info.id)).verdict(verdict);
      return verdict;
    },
  };
  let at = 0;
  let crossed = 0;
  const spans = new Map<MarketRef, BrokenSpan[]>();
  const intake = new Intake({ wires: new Map([[venue, wire]]), emit: (event) => note(event), hashEveryMs: 0 });
  const note = (event: Unstamped<TapeEvent>): void => {
    if (event.kind !== 'continuity') return;
    const list = spans.get(event.market) ?? [];
    spans.set(event.market, list);
    if (event.reason === 'crossed') crossed += 1;
    if (!event.trusted)
      list.push({ fromFrame: at, toFrame: null, reason: event.reason, detail: event.detail, restated: [] });
    else if (list.length > 0) {
      const last = list[list.length - 1];
      list[list.length - 1] = {
        ...last,
        toFrame: at,
        restated: levelsOf(plugin, frames[at], lookUp, nativeOf(intake.info(event.market).id)),
      };
    }
  };
  const refs = infos.map((info) => intake.market(info));
  intake.open(1, venue, refs);
  const books = new Map<string, OrderBook>(infos.map((info) => [info.id, new OrderBook()]));
  const stats = { gaps: 0 };
  frames.forEach((frame, index) => {
    at = index;
    intake.frame(1, frame.text, frame.at);
  });
  stats.gaps = intake.stats()[0]?.gaps ?? 0;
  replayBooks(plugin, frames, lookUp, books, venue);
  return {
    venue,
    frames: frames.length,
    unknown,
    rejected,
    reasons: [...reasons],
    gaps: stats.gaps,
    crossed,
    sequences,
    markets: infos.map((info, index) => {
      const count = of(nativeOf(info.id));
      const book = books.get(info.id) ?? new OrderBook();
      const broken = spans.get(refs[index]) ?? [];
      const { negRisk, minSize } = info.venueData;
      return {
        market: info.id,
        frames: Object.fromEntries(count.frames),
        levels: book.count(BID) + book.count(ASK),
        bestBid: book.count(BID) > 0 ? book.best(BID) : null,
        bestAsk: book.count(ASK) > 0 ? book.best(ASK) : null,
        trusted: intake.state(refs[index]).trusted,
        gaps: broken.filter((span) => span.reason === 'gap').length,
        hashPassed: count.passed,
        hashFailed: count.failed,
        found: (negRisk && minSize ? { negRisk, minSize } : {}) as Record<string, string>,
        spans: broken,
      };
    }),
  };
}

class Counts {
  readonly frames = new Map<string, number>();
  passed = 0;
  failed = 0;

  count(message: VenueMessage): void {
    const type = message.kind === 'book' ? (message.mode === 'snapshot' ? 'book' : 'change') : message.kind;
    this.frames.set(type, (this.frames.get(type) ?? 0) + 1);
  }

  verdict(verdict: Verdict): void {
    if (verdict.kind === 'proven') this.passed += 1;
    if (verdict.kind === 'suspect') this.failed += 1;
  }
}

/** An independent rebuild: levels applied in order, without intake's bookkeeping. */
function replayBooks(
  plugin: VenuePlugin,
  frames: readonly CapturedFrame[],
  lookUp: AliasLookup,
  books: ReadonlyMap<string, OrderBook>,
  venue: string,
): void {
  for (const frame of frames) {
    for (const message of plugin.wire.parse(frame.text, lookUp)) {
      if (message.kind !== 'book') continue;
      const book = books.get(marketId(venue, message.native));
      if (message.mode === 'increment') {
        for (let at = 0; at < message.levels.length; at += 3)
          book?.add(message.levels[at] === BID ? BID : ASK, message.levels[at + 1], message.levels[at + 2]);
      } else book?.apply(message.levels, message.mode === 'snapshot');
    }
  }
}

function nativeOfMessage(message: VenueMessage): string | null {
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
  for (const frame of frames) {
    let body: unknown;
    try {
      body = JSON.parse(frame.text);
    } catch {
      continue;
    }
    for (const one of Array.isArray(body) ? (body as unknown[]) : [body]) {
      if (typeof one !== 'object' || one === null) continue;
      const entry = one as Record<string, unknown>;
      see(entry['market'], entry['asset_id']);
      for (const row of Array.isArray(entry['price_changes']) ? (entry['price_changes'] as unknown[]) : [])
        if (typeof row === 'object' && row !== null) see(entry['market'], (row as Record<string, unknown>)['asset_id']);
      for (const asset of Array.isArray(entry['assets_ids']) ? (entry['assets_ids'] as unknown[]) : [])
        see(entry['market'], asset);
    }
  }
  return tokens;
}

/** What is needed of a market to play its frames. Neg-risk and smallest order are tried until the first hash agrees. */
function describe(
  plugin: VenuePlugin,
  native: string,
  tokens: readonly string[],
  frames: readonly CapturedFrame[],
  lookUp: AliasLookup,
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
  for (const frame of frames) {
    for (const message of plugin.wire.parse(frame.text, lookUp)) {
      if (message.kind !== 'book' || message.native !== native || message.mode !== 'snapshot' || !message.proof)
        continue;
      const found = proving(plugin.wire, info, base, OrderBook.fromLevels(message.levels), message.proof);
      if (found) return found;
    }
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

/** `bid 0.27 = 1000` for each level of a frame. */
function levelsOf(plugin: VenuePlugin, frame: CapturedFrame, lookUp: AliasLookup, native: string): string[] {
  return plugin.wire.parse(frame.text, lookUp).flatMap((message) => {
    if (message.kind !== 'book' || message.native !== native || message.mode === 'snapshot') return [];
    const out: string[] = [];
    for (let at = 0; at < message.levels.length; at += 3) {
      out.push(
        `${message.levels[at] === BID ? 'bid' : 'ask'} ${message.levels[at + 1] / PRICE_ONE} = ${message.levels[at + 2] / 100}`,
      );
    }
    return out;
  });
}
