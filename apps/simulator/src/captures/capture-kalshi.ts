import { ASK, BID, Ladder, type Change } from '../model/ladder.js';
import type { FeeTerms, Grid, Market } from '../model/market.js';
import { hundredthsOf, isObject, milsOf, type CaptureStep, type Json } from './capture.types.js';

/** What json files next to the frames say of a ticker or a series. */
export interface KalshiNotes {
  readonly markets: ReadonlyMap<string, Json>;
  readonly series: ReadonlyMap<string, Json>;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Turns captured frames into steps; makes a market for each ticker it meets. */
export class KalshiCapture {
  readonly markets = new Map<string, Market>();
  readonly refused: string[] = [];

  constructor(readonly notes: KalshiNotes) {}

  /** `null` for frames that move no book (acknowledgements, tickers). */
  step(frame: Json, at: number): CaptureStep | null {
    const msg = frame['msg'];
    if (!isObject(msg)) return null;
    const ticker = text(msg['market_ticker']);
    switch (frame['type']) {
      case 'orderbook_snapshot': {
        const next = new Ladder();
        if (!fill(next, BID, msg['yes_dollars_fp']) || !fill(next, ASK, msg['no_dollars_fp'])) {
          this.refused.push(`${ticker}: a snapshot's level is not readable`);
          return null;
        }
        const known = this.markets.has(ticker);
        const market = this.#market(ticker, text(msg['market_id']));
        if (!known) {
          market.ladder.become(next);
          return null;
        }
        return {
          at,
          play: (now) => {
            market.ladder.become(next);
            market.lastChangeAt = now;
            return { kind: 'restate', at: now, market };
          },
        };
      }
      case 'orderbook_delta': {
        const mils = milsOf(msg['price_dollars']);
        const delta = hundredthsOf(msg['delta_fp']);
        if (mils === null || delta === null) {
          this.refused.push(`${ticker}: a delta is not readable`);
          return null;
        }
        const market = this.#market(ticker, text(msg['market_id']));
        const side = msg['side'] === 'yes' ? BID : ASK;
        const price = side === BID ? mils : 1_000 - mils;
        return {
          at,
          play: (now) => {
            const change: Change | null = market.ladder.set(
              side,
              price,
              Math.max(0, market.ladder.size(side, price) + delta),
            );
            market.lastChangeAt = now;
            return change ? { kind: 'change', at: now, market, changes: [change] } : null;
          },
        };
      }
      case 'trade': {
        const mils = milsOf(msg['yes_price_dollars']);
        const size = hundredthsOf(msg['count_fp']);
        if (mils === null || size === null) return null;
        const market = this.#market(ticker, '');
        const taker = (msg['taker_outcome_side'] ?? msg['taker_side']) === 'yes' ? 'buy' : 'sell';
        return {
          at,
          play: (now) => {
            market.lastTrade = mils;
            market.lastSize = size;
            const trade = {
              id: text(msg['trade_id']).replaceAll('-', '').padEnd(32, '0'),
              at: now,
              mils,
              size,
              taker,
            } as const;
            market.trades.push(trade);
            return { kind: 'told', at: now, market, trade };
          },
        };
      }
      default:
        return null;
    }
  }

  #market(ticker: string, id: string): Market {
    const known = this.markets.get(ticker);
    if (known) return known;
    const note = this.notes.markets.get(ticker);
    const event = text(note?.['event_ticker']) || ticker.slice(0, Math.max(ticker.lastIndexOf('-'), 1));
    const series = event.split('-')[0];
    const outcome = text(note?.['yes_sub_title']) || ticker.slice(ticker.lastIndexOf('-') + 1);
    const market: Market = {
      venue: 'kalshi',
      native: ticker,
      card: {
        title: text(note?.['title']) || `Captured market ${ticker}`,
        outcomes: [outcome, `Not ${outcome}`],
        rules: text(note?.['rules_primary']) || 'Captured frames; the rules are not among them.',
        category: text(this.notes.series.get(series)?.['category']) || 'captured',
        event: { title: event, exclusive: false, augmented: false },
        kalshi: {
          series,
          event,
          ticker,
          marketId: id || `00000000-0000-4000-8000-${String(this.markets.size).padStart(12, '0')}`,
        },
        negRisk: false,
        negRiskOther: false,
        minSize: 1,
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
      grid: gridOf(note),
      fee: feeOf(this.notes.series.get(series)),
    };
    this.markets.set(ticker, market);
    return market;
  }
}

function fill(ladder: Ladder, side: 0 | 1, levels: unknown): boolean {
  if (levels === undefined) return true;
  if (!Array.isArray(levels)) return false;
  return levels.every((level: unknown) => {
    if (!Array.isArray(level)) return false;
    const mils = milsOf(level[0]);
    const size = hundredthsOf(level[1]);
    if (mils === null || size === null || size < 0) return false;
    ladder.set(side, side === BID ? mils : 1_000 - mils, size);
    return true;
  });
}

function gridOf(note: Json | undefined): Grid {
  const structure = note?.['price_level_structure'];
  return structure === 'deci_cent' ? 'mil' : structure === 'tapered_deci_cent' ? 'tapered' : 'cent';
}

function feeOf(series: Json | undefined): FeeTerms {
  const type = series?.['fee_type'] === 'quadratic_with_maker_fees' ? 'quadratic_with_maker_fees' : 'quadratic';
  const multiplier = series?.['fee_multiplier'];
  return { venue: 'kalshi', type, multiplier: typeof multiplier === 'number' ? multiplier : 1 };
}
