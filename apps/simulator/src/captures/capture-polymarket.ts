import { createHash } from 'node:crypto';
import { ASK, BID, Ladder, type Change } from '../model/ladder.js';
import type { FeeTerms, Market } from '../model/market.js';
import { bookHash, halves } from '../polymarket/polymarket.book.js';
import { hundredthsOf, isObject, milsOf, type CaptureStep, type Json } from './capture.types.js';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Turns captured frames into steps. A captured hash covers the captured time, so a rebased frame needs a new one: it is
 * right where the captured one was right for the book as rebuilt here, and wrong where that was wrong. So a change the
 * recording lost is as visible when played as it was in the file.
 */
export class PolymarketCapture {
  readonly markets = new Map<string, Market>();
  readonly refused: string[] = [];
  /** Told trades still to come, by market: their price enters the hash before they are told. */
  readonly #ahead = new Map<string, { readonly prices: string[]; next: number }>();

  constructor(readonly notes: ReadonlyMap<string, Json>) {}

  /** First pass over all frames of a file: what will be traded, in order. */
  look(frame: Json): void {
    if (frame['event_type'] !== 'last_trade_price') return;
    const key = text(frame['market']);
    const ahead = this.#ahead.get(key) ?? { prices: [], next: 0 };
    ahead.prices.push(text(frame['price']));
    this.#ahead.set(key, ahead);
  }

  step(frame: Json, at: number): CaptureStep | null {
    const type = frame['event_type'] ?? ('bids' in frame ? 'book' : undefined);
    if (type === 'book') return this.#book(frame, at);
    if (type === 'price_change') return this.#changes(frame, at);
    if (type === 'last_trade_price') return this.#trade(frame, at);
    return null;
  }

  #book(frame: Json, at: number): CaptureStep | null {
    const known = this.markets.get(text(frame['market']));
    const market = this.#market(text(frame['market']), [text(frame['asset_id'])]);
    const token = this.#token(market, text(frame['asset_id']));
    const next = token === null ? null : ladderOf(frame, token);
    if (!next || token === null) {
      this.refused.push(`${text(frame['market']).slice(0, 12)}: a book is not readable`);
      return null;
    }
    if (frame['tick_size'] !== undefined) market.grid = frame['tick_size'] === '0.01' ? 'cent' : 'mil';
    const last = milsOf(frame['last_trade_price']);
    const begin = (): void => {
      market.ladder.become(next);
      if (last !== null) market.lastTrade = last;
    };
    if (!known) {
      begin();
      this.#guess(market, frame, token);
      return null;
    }
    // The other token's opening book says the same once more.
    if (last !== null && at === 0) return null;
    return {
      at,
      play: (now) => {
        begin();
        const broken = !this.#proves(market, token, text(frame['timestamp']), text(frame['hash']));
        market.lastChangeAt = now;
        return { kind: 'restate', at: now, market, token, broken };
      },
    };
  }

  #changes(frame: Json, at: number): CaptureStep | null {
    const rows = Array.isArray(frame['price_changes']) ? (frame['price_changes'] as unknown[]).filter(isObject) : [];
    if (rows.length === 0) return null;
    const market = this.#market(
      text(frame['market']),
      rows.map((row) => text(row['asset_id'])),
    );
    const parsed = rows.map((row) => {
      const token = this.#token(market, text(row['asset_id']));
      const mils = milsOf(row['price']);
      const size = hundredthsOf(row['size']);
      if (token === null || mils === null || size === null || size < 0) return null;
      const buys = row['side'] === 'BUY';
      return {
        token,
        side: buys === (token === 0) ? BID : ASK,
        mils: token === 0 ? mils : 1_000 - mils,
        size,
        hash: text(row['hash']),
      } as const;
    });
    if (parsed.includes(null)) {
      this.refused.push(`${market.native.slice(0, 12)}: a price change is not readable`);
      return null;
    }
    const read = parsed.filter((row) => row !== null);
    return {
      at,
      play: (now) => {
        const changes: Change[] = [];
        for (const row of read) {
          const change = market.ladder.set(row.side, row.mils, row.size);
          if (change) changes.push(change);
          // A level restated at its size was told as well; the mirror row of the other token is not news.
          else if (!changes.some(({ side, mils }) => side === row.side && mils === row.mils))
            changes.push({ side: row.side, mils: row.mils, size: row.size, delta: 0 });
        }
        const broken = read.some(
          ({ token, hash }) => hash !== '' && !this.#proves(market, token, text(frame['timestamp']), hash),
        );
        market.lastChangeAt = now;
        return { kind: 'change', at: now, market, changes, broken };
      },
    };
  }

  #trade(frame: Json, at: number): CaptureStep | null {
    const market = this.#market(text(frame['market']), [text(frame['asset_id'])]);
    const token = this.#token(market, text(frame['asset_id']));
    const mils = milsOf(frame['price']);
    const size = hundredthsOf(frame['size']);
    if (token === null || mils === null || size === null) return null;
    const buys = frame['side'] === 'BUY';
    return {
      at,
      play: (now) => {
        const ahead = this.#ahead.get(market.native);
        // Played to the end it begins again, as a loop does.
        if (ahead) ahead.next = (ahead.next + 1) % ahead.prices.length;
        market.lastTrade = mils;
        // A trade played again must not look like the one before.
        const id = createHash('sha256')
          .update(`${text(frame['transaction_hash'])}|${now}`)
          .digest('hex');
        const trade = {
          id,
          at: now,
          mils: token === 0 ? mils : 1_000 - mils,
          size,
          taker: buys === (token === 0) ? 'buy' : 'sell',
          outcome: token,
        } as const;
        market.lastSize = size;
        return { kind: 'told', at: now, market, trade };
      },
    };
  }

  /** Whether the captured hash is that of the book as it is here, with the last trade told or the next to be told. */
  #proves(market: Market, token: 0 | 1, timestamp: string, hash: string): boolean {
    const spelled = halves(market);
    if (bookHash(market, token, timestamp, spelled) === hash) return true;
    const ahead = this.#ahead.get(market.native);
    const next = milsOf(ahead?.prices[ahead.next]);
    if (next === null) return false;
    const before = market.lastTrade;
    market.lastTrade = next;
    if (bookHash(market, token, timestamp, spelled) === hash) return true;
    market.lastTrade = before;
    return false;
  }

  /** The socket does not say `neg_risk` and the smallest order: what makes the opening hash right is taken. */
  #guess(market: Market, frame: Json, token: 0 | 1): void {
    const spelled = halves(market);
    for (const negRisk of [market.card.negRisk, !market.card.negRisk]) {
      for (const minSize of [5, 1, 15]) {
        const guess: Market = { ...market, card: { ...market.card, negRisk, minSize } };
        if (bookHash(guess, token, text(frame['timestamp']), spelled) !== text(frame['hash'])) continue;
        Object.assign(market.card, { negRisk, minSize });
        return;
      }
    }
  }

  #token(market: Market, asset: string): 0 | 1 | null {
    const tokens = market.card.polymarket!.tokens as [string, string];
    const index = tokens.indexOf(asset);
    if (index >= 0) return index as 0 | 1;
    // The second token of a market shows itself only now.
    if (!tokens[1].startsWith('unknown')) return null;
    tokens[1] = asset;
    return 1;
  }

  #market(native: string, assets: readonly string[]): Market {
    const known = this.markets.get(native);
    if (known) return known;
    const note = this.notes.get(native);
    const noted = list(note?.['clobTokenIds']);
    const tokens: [string, string] =
      noted.length === 2
        ? [noted[0], noted[1]]
        : [assets[0], assets.find((each) => each !== assets[0]) ?? `unknown-${native.slice(2, 12)}`];
    const outcomes = list(note?.['outcomes']);
    const title = text(note?.['question']) || `Captured market ${native.slice(0, 12)}…`;
    const number = String(900_000 + this.markets.size);
    const market: Market = {
      venue: 'polymarket',
      native,
      card: {
        title,
        outcomes: outcomes.length === 2 ? [outcomes[0], outcomes[1]] : ['Yes', 'No'],
        rules: text(note?.['description']) || 'Captured frames; the rules are not among them.',
        category: 'captured',
        event: { title, exclusive: false, augmented: false },
        polymarket: {
          condition: native,
          tokens,
          gammaId: number,
          eventId: `9${number}`,
          slug: `captured-${number}`,
          eventSlug: `captured-event-${number}`,
          negRiskId: native,
        },
        negRisk: note?.['negRisk'] === true,
        negRiskOther: false,
        minSize: 5,
      },
      opensAt: -86_400_000,
      closesAt: Infinity,
      outcome: null,
      ladder: new Ladder(),
      lastTrade: 0,
      lastSize: 0,
      lastChangeAt: 0,
      volume: 0,
      trades: [],
      grid: 'mil',
      fee: feeOf(note),
    };
    this.markets.set(native, market);
    return market;
  }
}

function ladderOf(frame: Json, token: 0 | 1): Ladder | null {
  const ladder = new Ladder();
  for (const [name, buys] of [
    ['bids', true],
    ['asks', false],
  ] as const) {
    const levels = frame[name];
    if (!Array.isArray(levels)) return null;
    for (const level of levels as unknown[]) {
      const mils = isObject(level) ? milsOf(level['price']) : null;
      const size = isObject(level) ? hundredthsOf(level['size']) : null;
      if (mils === null || size === null || size < 0) return null;
      ladder.set(buys === (token === 0) ? BID : ASK, token === 0 ? mils : 1_000 - mils, size);
    }
  }
  return ladder;
}

/** Gamma's lists are strings that hold JSON. */
function list(value: unknown): string[] {
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return Array.isArray(parsed) ? parsed.map(String) : [];
  } catch {
    return [];
  }
}

function feeOf(note: Json | undefined): FeeTerms {
  const schedule = note?.['feeSchedule'];
  const rate = isObject(schedule) && typeof schedule['rate'] === 'number' ? schedule['rate'] : null;
  return { venue: 'polymarket', rate, type: text(note?.['feeType']) || 'unknown' };
}
