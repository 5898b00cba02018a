import {
  PRICE_ONE,
  SIZE_ONE,
  size,
  type FeeRule,
  type Instant,
  type MarketId,
  type MarketRef,
  type NewsEvent,
  type Outcome,
  type Price,
} from '#core';
import { defineStrategy, type Quote, type Signal, type StrategyView } from '#plugin-sdk';
import { logit, sigmoid, unitFee } from '#quant';
import { momentumConfig, type MomentumConfig } from './config.schema.js';

/** What an item lets expect of a market, until it is acted on or too old. */
interface Expectation {
  /** Log-odds the price should reach: those at publication plus the predicted shift. */
  readonly target: number;
  readonly until: Instant;
  readonly title: string;
}
interface Mid {
  readonly at: Instant;
  readonly mid: number;
}
interface State {
  readonly refs: Map<MarketId, MarketRef>;
  readonly expected: Map<MarketRef, Expectation>;
  /** Log-odds of the mid over the last minutes: what a price had done before an item reached us. */
  readonly mids: Map<MarketRef, Mid[]>;
  readonly sellAt: Map<MarketRef, Instant>;
  readonly restUntil: Map<MarketRef, Instant>;
}
type View = StrategyView<MomentumConfig, State>;

const MID_EVERY_MS = 2_000;
const MIDS_KEPT = 90;
const REST_MS = 3_000;

/**
 * Buys the side that scored news speaks for, when the move it lets expect, counted from the price at publication, is more
 * than fees both ways and the spread; sells after a while. Not on echoes, not on old items, and not on what the price has
 * already done.
 */
export const newsMomentum = defineStrategy({
  manifest: {
    id: 'news-momentum',
    version: '1.0.0',
    title: 'News momentum',
    summary: 'Trades on news the price has not met yet, when the expected move pays for fees and spread.',
    sdk: '^1.0.0',
    needs: { models: ['news-impulse'], news: true },
  },

  configSchema: momentumConfig,

  scope: 'markets',

  initialState: (): State => ({
    refs: new Map(),
    expected: new Map(),
    mids: new Map(),
    sellAt: new Map(),
    restUntil: new Map(),
  }),

  onNews(view: View, { item }: NewsEvent): readonly Signal[] | undefined {
    const { config, state, now } = view;
    const publishedAt = item.publishedAt ?? now;
    if (item.novelty < config.minNovelty || now - publishedAt > config.staleSeconds * 1_000) return undefined;
    const signals: Signal[] = [];
    for (const { market, stance } of item.touches) {
      const ref = state.refs.get(market);
      if (ref === undefined) continue;
      const shift = view.estimate(ref, 'news-shift');
      // Without a fitted response, or with one that says otherwise, an item is no reason to trade.
      if (shift === null || shift.at !== now || shift.value * stance <= 0) continue;
      const before = midAt(state, ref, publishedAt);
      if (before === null) continue;
      state.expected.set(ref, {
        target: before + shift.value,
        until: now + config.actSeconds * 1_000,
        title: item.title,
      });
      const signal = act(view, view.quote(ref));
      if (signal !== undefined) signals.push(signal);
    }
    return signals.length === 0 ? undefined : signals;
  },

  onQuote(view: View, quote: Quote): Signal | undefined {
    const { state, now } = view;
    const { market } = quote;
    const { id } = view.info(market);
    if (!state.refs.has(id)) state.refs.set(id, market);
    const signal = act(view, quote);
    if (usable(quote)) remember(state, market, now, logit((quote.bid + quote.ask) / (2 * PRICE_ONE)));
    return signal;
  },
});

const usable = ({ trusted, bid, ask }: Quote): boolean =>
  trusted && bid > 0 && ask > 0 && ask < PRICE_ONE && bid <= ask;

function act(view: View, quote: Quote): Signal | undefined {
  const { state, now } = view;
  const { market } = quote;
  if (!usable(quote) || view.working(market) || now < (state.restUntil.get(market) ?? -Infinity)) return undefined;
  const fee = view.fee(market);
  if (fee === null || view.info(market).status !== 'open') return undefined;
  const signal = sell(view, quote) ?? buy(view, quote, fee);
  if (signal !== undefined) state.restUntil.set(market, now + REST_MS);
  return signal;
}

function sell(view: View, { market, bid, ask }: Quote): Signal | undefined {
  const due = view.state.sellAt.get(market);
  if (due === undefined || view.now < due) return undefined;
  for (const outcome of ['yes', 'no'] as const) {
    const held = view.held(market, outcome);
    if (held <= 0) continue;
    const limit = outcome === 'yes' ? bid : ((PRICE_ONE - ask) as Price);
    return {
      kind: 'order',
      legs: [{ market, outcome, action: 'sell', size: held, limit }],
      reason: 'the time for this news to move the price is over',
    };
  }
  view.state.sellAt.delete(market);
  return undefined;
}

function buy(view: View, quote: Quote, fee: FeeRule): Signal | undefined {
  const { config, state, now } = view;
  const { market, bid, ask } = quote;
  const expected = state.expected.get(market);
  if (expected === undefined) return undefined;
  if (now > expected.until) {
    state.expected.delete(market);
    return undefined;
  }
  const { closesAt, minSize, sizeStep } = view.info(market);
  if (closesAt !== null && closesAt - now < config.stopMinutes * 60_000) return undefined;
  const target = sigmoid(expected.target) * PRICE_ONE;
  const up = target > (bid + ask) / 2;
  const outcome: Outcome = up ? 'yes' : 'no';
  const worth = up ? target : PRICE_ONE - target;
  const spread = ask - bid;
  // What is sold later meets the other side of the book, and a fee as well.
  const worst = (price: number): number =>
    worth -
    spread / 2 -
    price -
    unitFee(fee, price as Price) -
    unitFee(fee, clampPrice(worth)) -
    config.minMove * PRICE_ONE;
  const levels = view.ladder(market, outcome).filter(({ price }) => worst(price) > 0);
  const held = view.held(market, outcome);
  const depth = levels.reduce((sum, level) => sum + level.size, 0);
  const most = Math.min(config.contracts * SIZE_ONE - held, depth);
  const wanted = Math.floor(most / sizeStep + 1e-9) * sizeStep;
  if (!(wanted >= Math.max(minSize, sizeStep)) || view.held(market, outcome === 'yes' ? 'no' : 'yes') > 0)
    return undefined;
  let left = wanted;
  const limit = levels.find((level) => (left -= level.size) <= 0) ?? levels.at(-1)!;
  state.expected.delete(market);
  state.sellAt.set(market, now + config.holdSeconds * 1_000);
  return {
    kind: 'order',
    legs: [{ market, outcome, action: 'buy', size: size(wanted), limit: limit.price }],
    reason: `“${shortened(expected.title)}” lets expect ${(target / PRICE_ONE).toFixed(3)}, the price is ${((bid + ask) / (2 * PRICE_ONE)).toFixed(3)}`,
  };
}

const clampPrice = (price: number): Price => Math.round(Math.min(PRICE_ONE - 1, Math.max(1, price))) as Price;
const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

function remember(state: State, market: MarketRef, at: Instant, mid: number): void {
  let mids = state.mids.get(market);
  if (mids === undefined) state.mids.set(market, (mids = []));
  const last = mids.at(-1);
  if (last !== undefined && at - last.at < MID_EVERY_MS) return;
  mids.push({ at, mid });
  if (mids.length > MIDS_KEPT) mids.shift();
}

/** The mid when an item was published, as far back as is remembered; `null` before any was seen. */
function midAt(state: State, market: MarketRef, at: Instant): number | null {
  const mids = state.mids.get(market);
  if (mids === undefined || mids.length === 0) return null;
  for (let i = mids.length - 1; i >= 0; i--) if (mids[i].at <= at) return mids[i].mid;
  return mids[0].mid;
}
