import type { LinkId, MarketRef, Price, Size } from '#core';
import type { LinkView, ModelOutputs, ModelView } from '#plugin-sdk';
import { kalmanFairValue } from '#plugins';
import { mid } from '#quant';
import { PRICE_ONE } from '#core';
import { Value } from 'typebox/value';
import { SAMPLE_MS, walk, type MarketPath } from './market-path.js';

/** Questions that both venues ask, as the simulator plays them. */
export const LINKED_QUESTIONS = ['inflation', 'rate-hold'] as const;

/** Mean squared errors against the truth over the samples of both venues of one question. */
export interface LinkedScore {
  readonly samples: number;
  readonly mid: number;
  /** Each venue's own quotes alone. */
  readonly alone: number;
  /** Both read together. */
  readonly together: number;
  /** Share of the samples whose true probability lay within the 95 % band, alone and together. */
  readonly coveredAlone: number;
  readonly coveredTogether: number;
}

const WARM_UP_MS = 120_000;

/** Scores fair values of both venues of a question, with the link between them and without. */
export function scoreLinked(
  seed: number,
  key: string,
  hours: number,
  config: Readonly<Record<string, unknown>> = {},
): LinkedScore {
  const paths = [walk(seed, key, 'kalshi', hours), walk(seed, key, 'polymarket', hours)] as const;
  const alone = errorsOf(paths, { ...config, useLinks: false });
  const together = errorsOf(paths, { ...config, useLinks: true });
  return {
    samples: alone.samples,
    mid: alone.mid,
    alone: alone.fair,
    together: together.fair,
    coveredAlone: alone.covered,
    coveredTogether: together.covered,
  };
}

function errorsOf(paths: readonly [MarketPath, MarketPath], config: Readonly<Record<string, unknown>>) {
  const fair = [NaN, NaN];
  const band = [
    [NaN, NaN],
    [NaN, NaN],
  ];
  const next = [0, 0];
  const error = { fair: 0, mid: 0, samples: 0, covered: 0 };
  const whole = Value.Default(kalmanFairValue.configSchema, { ...config, publishMs: 0 }) as never;
  const view: { -readonly [K in keyof ModelView]: ModelView[K] } = {
    now: 0,
    config: whole,
    state: kalmanFairValue.initialState(whole),
    info: (ref) => paths[ref].info,
    book: () => NO_BOOK,
    best: () => -1,
    links: () => [LINK],
    estimate: () => null,
    parameters: () => undefined,
  };
  const hear = (said: ModelOutputs): void => {
    for (const one of said === undefined ? [] : Array.isArray(said) ? said : [said]) {
      fair[one.market] = one.value;
      band[one.market] = [one.low ?? NaN, one.high ?? NaN];
    }
  };
  paths[0].truth.forEach((p, i) => {
    const time = (i + 1) * SAMPLE_MS;
    for (;;) {
      const [first, second] = paths.map(({ quotes }, v) => quotes.at[next[v]] ?? Infinity);
      const v = first <= second ? 0 : 1;
      if (Math.min(first, second) > time) break;
      view.now = Math.min(first, second);
      hear(kalmanFairValue.onQuote?.(view as never, quoteAt(paths[v], v, next[v]++)));
    }
    view.now = time;
    hear(kalmanFairValue.onBeat?.(view as never));
    if (time < WARM_UP_MS) return;
    paths.forEach(({ quotes: { bid, ask } }, v) => {
      const q = next[v] - 1;
      if (q < 0 || bid[q] < 0 || ask[q] < 0 || Number.isNaN(fair[v])) return;
      error.samples++;
      if (p >= band[v][0] && p <= band[v][1]) error.covered++;
      error.fair += (fair[v] - p) ** 2;
      error.mid += (mid(bid[q] / PRICE_ONE, ask[q] / PRICE_ONE) - p) ** 2;
    });
  });
  return {
    samples: error.samples,
    fair: error.fair / error.samples,
    mid: error.mid / error.samples,
    covered: error.covered / error.samples,
  };
}

const NO_BOOK: ReturnType<ModelView['book']> = {
  count: () => 0,
  price: () => -1 as Price,
  size: () => 0 as Size,
  best: () => -1 as Price,
};

const LINK: LinkView = {
  link: {
    id: 'both' as LinkId,
    version: 1,
    a: 'kalshi:both' as LinkView['link']['a'],
    b: 'polymarket:both' as LinkView['link']['b'],
    polarity: 'same',
    state: 'reviewed',
    mismatch: 0,
    differences: [],
    reviewedBy: 'simulator',
  },
  a: 0 as MarketRef,
  b: 1 as MarketRef,
};

const quoteAt = ({ quotes: { at, bid, ask, bidSize, askSize } }: MarketPath, market: number, i: number) => ({
  market: market as MarketRef,
  at: at[i],
  bid: bid[i] as Price,
  bidSize: bidSize[i] as Size,
  ask: ask[i] as Price,
  askSize: askSize[i] as Size,
  trusted: true,
});
