import { describe, expect, it } from 'vitest';
import type { ModelOutput } from '#plugin-sdk';
import { conformanceWorld, modelBench, modelConformance, type BookText, type ModelBench } from '#plugin-sdk/testing';
import { kalmanFairValue } from './kalman-fair-value.model.js';

const X = 'kalshi:X';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const bench = (config: Record<string, unknown> = {}) =>
  modelBench(kalmanFairValue, { markets: [{ id: X }], config: { publishMs: 0, ...config } });
const book = (bid: number, ask: number, bidSize = 200, askSize = 200): BookText => ({
  bids: [[bid.toFixed(2), bidSize]],
  asks: [[ask.toFixed(2), askSize]],
});
const fair = (said: readonly { value: number; low?: number; high?: number }[]) => {
  expect(said).toHaveLength(1);
  return said[0] as { value: number; low: number; high: number };
};
const fit = (q: number) => ({ fittedTo: 1, q, r: 1e-4, observations: 300 });
const width = ({ low, high }: { low: number; high: number }): number => high - low;

describe('kalman fair value', () => {
  it.each(modelConformance(kalmanFairValue))('$name', ({ run }) => expect(run).not.toThrow());

  const withNews = { ...conformanceWorld, news: true, estimates: ['news-shift'], config: { useNews: true } };
  it.each(modelConformance(kalmanFairValue, withNews))('$name, with news', ({ run }) => expect(run).not.toThrow());

  it('believes the first quote nearly whole, and is surer with every one that agrees', () => {
    const story = bench();
    const first = fair(story.book(X, book(0.44, 0.46)));
    expect(first.value).toBeCloseTo(0.45, 2);
    let last = first;
    for (let i = 0; i < 20; i++) last = fair(story.later(1_000).book(X, book(0.44, 0.46)));
    expect(width(last)).toBeLessThan(width(first) / 3);
  });

  it('trusts a thin wide book less than a deep narrow one', () => {
    const deep = fair(bench().book(X, book(0.44, 0.46, 5_000, 5_000)));
    const thin = fair(bench().book(X, book(0.35, 0.55, 5, 5)));
    expect(width(thin)).toBeGreaterThan(2 * width(deep));
  });

  it('leans towards the side with less to sell when it reads the microprice', () => {
    const micro = bench({ useMicroprice: true, rFloor: 1e-4 });
    expect(fair(micro.book(X, book(0.44, 0.46, 900, 100))).value).toBeGreaterThan(0.453);
    const mid = bench({ useMicroprice: false });
    expect(fair(mid.book(X, book(0.44, 0.46, 900, 100))).value).toBeCloseTo(0.45, 2);
  });

  it('hardly moves for one sweep and follows a move that stays', () => {
    const story = bench();
    for (let i = 0; i < 50; i++) story.later(1_000).book(X, book(0.44, 0.46));
    const swept = fair(story.later(1_000).book(X, book(0.7, 0.72)));
    expect(swept.value).toBeLessThan(0.48);
    story.later(1_000).book(X, book(0.7, 0.72));
    const moved = fair(story.later(1_000).book(X, book(0.7, 0.72)));
    expect(moved.value).toBeGreaterThan(0.68);
  });

  it('reads nothing from a book that is crossed, one-sided or not trusted', () => {
    const story = bench();
    expect(story.book(X, { bids: [['0.45', 10]] })).toEqual([]);
    expect(story.book(X, book(0.46, 0.44))).toEqual([]);
    const before = fair(story.book(X, book(0.44, 0.46)));
    story.trust(X, false);
    const after = story.later(MINUTE).book(X, book(0.8, 0.82));
    expect(fair(after).value).toBeCloseTo(before.value, 3);
  });

  it('widens the band of a quiet market, once a minute', () => {
    const story = bench();
    const before = fair(story.book(X, book(0.44, 0.46)));
    expect(story.wait(30_000)).toEqual([]);
    const quiet = fair(story.wait(30_000));
    expect(width(quiet)).toBeGreaterThan(width(before));
    expect(quiet.value).toBeCloseTo(before.value, 3);
    expect(width(fair(story.wait(24 * HOUR)))).toBeGreaterThan(2 * width(before));
  });

  it('lets the price move faster shortly before the end', () => {
    const grown = (closesIn: number): number => {
      const story = bench();
      story.market(X, { closesAt: story.now + closesIn });
      story.book(X, book(0.44, 0.46));
      return width(fair(story.wait(MINUTE)));
    };
    expect(grown(2 * MINUTE)).toBeGreaterThan(grown(48 * HOUR));
  });

  it('lets the price move faster while the market is called volatile, and no longer', () => {
    const grown = (regime: number | null, config: Record<string, unknown> = {}, wait = 0): number => {
      const story = bench({ volatileFaster: 3, ...config });
      story.book(X, book(0.44, 0.46));
      if (regime !== null) story.believe(X, 'regime', regime).wait(wait);
      story.wait(1);
      return width(fair(story.wait(MINUTE)));
    };
    const calm = grown(null);
    expect(grown(1)).toBeGreaterThan(1.15 * calm);
    expect(grown(0.5)).toBe(calm);
    expect(grown(1, { volatileFaster: 1 })).toBe(calm);
    expect(grown(1, {}, 3 * HOUR)).toBe(grown(0, {}, 3 * HOUR));
  });

  it('takes a fitted volatility from the tape', () => {
    const story = bench();
    story.fitted(X, fit(1e-3));
    story.book(X, book(0.44, 0.46));
    const wide = width(fair(story.wait(MINUTE)));
    // A fit that comes later is heard with the next beat.
    const late = bench();
    late.book(X, book(0.44, 0.46));
    late.fitted(X, fit(1e-3)).wait(1);
    expect(width(fair(late.wait(MINUTE)))).toBeCloseTo(wide, 4);
    const plain = bench();
    plain.fitted(X, fit(-1));
    plain.book(X, book(0.44, 0.46));
    expect(wide).toBeGreaterThan(1.5 * width(fair(plain.wait(MINUTE))));
  });

  it('publishes no more often than asked, unless it moves', () => {
    const story = bench({ publishMs: 1_000, publishMove: 0.01 });
    story.book(X, book(0.44, 0.46));
    expect(story.later(500).book(X, book(0.44, 0.46))).toEqual([]);
    expect(story.later(100).book(X, book(0.6, 0.62))).toHaveLength(1);
    expect(story.later(1_000).again(X)).toHaveLength(1);
  });

  it('stays inside (0, 1) at the very edge', () => {
    const story = bench();
    for (let i = 0; i < 10; i++) {
      const { low, value, high } = fair(story.later(1_000).book(X, book(0.01, 0.02, 1, 9_999)));
      expect(low).toBeGreaterThan(0);
      expect(value).toBeLessThan(high);
    }
  });

  it('reproduces the original article when asked to', () => {
    const story = bench({ mode: 'original' });
    expect(fair(story.book(X, book(0.44, 0.46)))).toEqual({
      market: 0,
      name: 'fair',
      value: 0.45,
      low: 0.45 - 1,
      high: 0.45 + 1,
    });
    // One step of the textbook filter: P = 1 + 1e-5, K = P / (P + 1e-3), whatever time has passed.
    const gain = 1.00001 / 1.00101;
    const second = fair(story.later(HOUR).book(X, book(0.54, 0.56)));
    expect(second.value).toBeCloseTo(0.45 + gain * 0.1, 12);
    expect(second.high - second.value).toBeCloseTo(Math.sqrt((1.00001 * 1e-3) / 1.00101), 12);
  });
});

const P = 'polymarket:X';
const linked = (polarity: 'same' | 'inverse' = 'same', config: Record<string, unknown> = {}) =>
  modelBench(kalmanFairValue, {
    markets: [{ id: X }, { id: P }],
    links: [{ id: 'L', a: X, b: P, polarity }],
    config: { publishMs: 0, ...config },
  });
/** Both books as they are for a while, then the beat on which links are looked at. */
const calm = (story: ModelBench, middle = 0.45, other = middle): ModelBench => {
  for (let i = 0; i < 20; i++) {
    story.later(1_000).book(X, book(middle - 0.01, middle + 0.01));
    story.book(P, book(other - 0.01, other + 0.01));
    story.wait(1);
  }
  return story;
};
const of = (said: readonly ModelOutput[], market: number): number => said.find((one) => one.market === market)!.value;

describe('kalman fair value of two linked venues', () => {
  it('knows more from both than from either, and tells both when one speaks', () => {
    const both = calm(linked('same', { basis: 0.001 }))
      .later(1_000)
      .book(X, book(0.44, 0.46));
    expect(both.map(({ market }) => market)).toEqual([0, 1]);
    const alone = calm(linked('same', { useLinks: false }))
      .later(1_000)
      .book(X, book(0.44, 0.46));
    expect(width(both[0] as Parameters<typeof width>[0])).toBeLessThan(0.9 * width(fair(alone)));
  });

  it('stands still while one venue is off by itself, and follows when the other comes along', () => {
    const story = calm(linked());
    const off = () => of(story.later(1_000).book(P, book(0.6, 0.62)), 1);
    const stays = () => story.later(1_000).book(X, book(0.44, 0.46));
    for (let i = 0; i < 4; i++) {
      expect(off()).toBeLessThan(0.48);
      stays();
    }
    for (let i = 0; i < 12; i++) {
      story.later(1_000).book(X, book(0.6, 0.62));
      off();
    }
    expect(off()).toBeGreaterThan(0.58);
  });

  it('reads a market the other way round where the link says so', () => {
    const story = calm(linked('inverse'), 0.45, 0.55);
    const said = story.later(1_000).book(P, book(0.55, 0.57));
    expect(of(said, 1)).toBeGreaterThan(0.55);
    expect(of(said, 0)).toBeCloseTo(1 - of(said, 1), 2);
    expect(of(said, 0)).toBeLessThan(0.45);
  });

  it('learns how far the venues lie apart for good', () => {
    const story = linked('same', { basis: 0.5 });
    for (let i = 0; i < 15; i++) calm(story, 0.45, 0.47);
    const said = story.later(1_000).book(X, book(0.44, 0.46));
    expect(of(said, 1) - of(said, 0)).toBeGreaterThan(0.012);
  });

  it('hears each alone without a reviewed link: before, after, and when told to', () => {
    const quiet = calm(linked('same', { useLinks: false }));
    const story = calm(linked());
    story.link({ id: 'L', a: X, b: P, state: 'rejected', version: 2 }).wait(1);
    for (const one of [quiet, story]) expect(one.later(1_000).book(X, book(0.44, 0.46))).toHaveLength(1);
    story.link({ id: 'L', a: X, b: P, version: 3 }).wait(1);
    expect(story.later(1_000).book(X, book(0.44, 0.46))).toHaveLength(2);
  });
});

describe('kalman fair value on news', () => {
  const told = (story: ModelBench, shift: number, market = X) =>
    story.believe(market, 'news-shift', shift, shift - 0.1, shift + 0.1).tell(market, { stance: Math.sign(shift) });

  it('moves at once by what the news lets expect, less surely, and only once', () => {
    const story = bench({ useNews: true });
    const before = fair(story.book(X, book(0.44, 0.46)));
    const moved = fair(told(story, 0.2));
    expect(Math.log(moved.value / (1 - moved.value))).toBeCloseTo(Math.log(before.value / (1 - before.value)) + 0.2, 2);
    expect(width(moved)).toBeGreaterThan(width(before));
    expect(told(story, 0.2)).toEqual([]);
    expect(told(story, 0.1)).toEqual([]);
    expect(fair(told(story, -0.3)).value).toBeLessThan(before.value);
  });

  it('takes back what prices do not confirm, and keeps what they do', () => {
    const after = (confirmed: boolean): number => {
      const story = bench({ useNews: true, volatility: 0.1 });
      story.book(X, book(0.49, 0.51));
      told(story, 0.4);
      if (confirmed) for (let i = 0; i < 30; i++) story.later(1_000).book(X, book(0.59, 0.61));
      return fair(story.wait(2 * HOUR)).value;
    };
    expect(after(false)).toBeLessThan(0.52);
    expect(after(true)).toBeGreaterThan(0.57);
  });

  it('hears news of either linked market once for both, and none unless asked to', () => {
    const story = calm(linked('inverse', { useNews: true }), 0.5, 0.5);
    expect(of(told(story, 0.2), 0)).toBeGreaterThan(0.53);
    expect(told(story, -0.2, P)).toEqual([]);
    const deaf = bench();
    deaf.book(X, book(0.44, 0.46));
    expect(told(deaf, 0.4)).toEqual([]);
  });
});
