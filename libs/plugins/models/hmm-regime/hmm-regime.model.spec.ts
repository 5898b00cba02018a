import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelBench, modelConformance, type BookText, type ModelBench } from '#plugin-sdk/testing';
import type { ModelOutput } from '#plugin-sdk';
import { mulberry32, normals, type HmmRows } from '#quant';
import { PRICE_ONE } from '#core';
import { closeBar, hearQuote, hearTrade, openBar, recordedBars, REGIME_WIDTH, type RegimeBar } from './regime-bars.js';
import { fitRegime, readRegimeParameters, regimeKey, type RegimeParameters } from './regime-fit.js';
import { hmmRegime } from './hmm-regime.model.js';

const MARKET = 'kalshi:X';
const BAR_MS = 60_000;
const QUOTES = 6;
const KEY = regimeKey(MARKET, BAR_MS);

/** One bar of a market: six quotes, and now and then somebody trades. */
interface StoryBar {
  readonly calm: boolean;
  readonly books: readonly BookText[];
  readonly traded: number;
}

/** A market that is calm for long and wild for a while, by turns: the truth is known, so what is found can be judged. */
function story(bars: number, seed: number, calmFor = 60, wildFor = 25): readonly StoryBar[] {
  const random = mulberry32(seed);
  const steps = normals(bars * QUOTES, mulberry32(seed + 1));
  let z = 0;
  return Array.from({ length: bars }, (_, bar) => {
    const calm = bar % (calmFor + wildFor) < calmFor;
    const books = Array.from({ length: QUOTES }, (_, i): BookText => {
      z = 0.995 * z + (calm ? 0.004 : 0.05) * steps[bar * QUOTES + i];
      const middle = 1 / (1 + Math.exp(-z));
      const half = calm ? 0.005 : 0.015 + 0.01 * random();
      const price = (p: number): string => Math.min(0.999, Math.max(0.001, p)).toFixed(3);
      return {
        bids: [[price(middle - half), 50 + Math.floor(100 * random())]],
        asks: [[price(middle + half), 50 + Math.floor(100 * random())]],
      };
    });
    return { calm, books, traded: !calm || random() < 0.2 ? 1 + Math.floor(40 * random()) : 0 };
  });
}

/** Plays bars on the bench and answers what was said at the end of each. */
function play(bench: ModelBench, bars: readonly StoryBar[]): readonly (readonly ModelOutput[])[] {
  return bars.map(({ books, traded }) => {
    const said: ModelOutput[] = [];
    for (const book of books) {
      bench.later(BAR_MS / QUOTES);
      said.push(...bench.book(MARKET, book));
      if (traded > 0) said.push(...bench.trade(MARKET, { price: '0.5', contracts: traded / QUOTES }));
    }
    return said;
  });
}

/** The same bars as the streams keep them, read back into rows, `part` bars at a time. */
function rowsOf(bars: readonly StoryBar[], part = bars.length): HmmRows {
  const books = bars.flatMap((bar) => bar.books);
  const at = books.map((_, i) => Math.floor(((i + 1) * BAR_MS) / QUOTES) - 1);
  const size = bars.flatMap(({ traded }) => Array.from({ length: QUOTES }, () => (traded * 100) / QUOTES));
  const micros = (price: string): number => Math.round(Number(price) * PRICE_ONE);
  const bar = openBar(0, BAR_MS);
  const rows: number[] = [];
  for (let from = 0; from < bars.length; from += part) {
    const to = Math.min(from + part, bars.length);
    const within = at.map((_, i) => i).filter((i) => at[i] >= from * BAR_MS && at[i] < to * BAR_MS);
    // The one that stood before comes first, as the query gives it.
    const stood = within[0] > 0 ? [within[0] - 1, ...within] : within;
    const quotes = {
      at: stood.map((i) => at[i]),
      bid: stood.map((i) => micros(books[i].bids![0][0])),
      ask: stood.map((i) => micros(books[i].asks![0][0])),
      bidSize: stood.map((i) => books[i].bids![0][1] * 100),
      askSize: stood.map((i) => books[i].asks![0][1] * 100),
      trusted: stood.map(() => true),
    };
    const trades = { at: within.map((i) => at[i]), size: within.map((i) => size[i]) };
    rows.push(...recordedBars(quotes, trades, { barMs: BAR_MS, from, to }, bar));
  }
  return { values: Float64Array.from(rows), features: REGIME_WIDTH };
}

const fitted = (bars: readonly StoryBar[], fittedTo: number, seed = 7): RegimeParameters =>
  fitRegime(rowsOf(bars), { barMs: BAR_MS, fittedTo }, mulberry32(seed))!;

/** One fit that most stories share: ten hours of calm and wild by turns. */
const usual = fitted(story(850, 1), 850);

const valueOf = (said: readonly ModelOutput[], name: string): number | undefined =>
  said.find((one) => one.name === name)?.value;

const bench = (config = {}): ModelBench => modelBench(hmmRegime, { markets: [{ id: MARKET }], config });

describe('the regime model', () => {
  it.each(modelConformance(hmmRegime))('$name', ({ run }) => {
    expect(run).not.toThrow();
  });

  it('tells a wild hour from a calm one, from what it heard until then', () => {
    const now = story(510, 99);
    const live = bench().fitted(KEY, usual);
    const said = play(live, now);
    let judged = 0;
    let right = 0;
    said.forEach((outputs, i) => {
      const regime = valueOf(outputs, 'regime');
      // What is said while a bar runs is about the one before.
      if (i < 1 || regime === undefined) return;
      judged++;
      if (regime < 0.5 === now[i - 1].calm) right++;
    });
    expect(judged).toBeGreaterThan(480);
    // Three bars of waiting at each of twelve changes are the price of not flickering.
    expect(right / judged).toBeGreaterThan(0.88);
  });

  it('says nothing of regimes before a fit, but how much the market moves', () => {
    const said = play(bench(), story(70, 3, 1000, 0)).flat();
    expect(new Set(said.map((one) => one.name))).toEqual(new Set(['volatility']));
    // Six steps of 0.004 a bar, so √(6 · 1440) · 0.004 a day, and the ticks.
    expect(said.at(-1)!.value).toBeGreaterThan(0.3);
    const last = play(bench(), story(70, 3, 1, 1000))
      .flat()
      .at(-1)!;
    expect(last.value / said.at(-1)!.value).toBeGreaterThan(5);
  });

  it('goes on under the same name at a refit, even when the fit counts its states the other way round', () => {
    const past = story(850, 1);
    const now = story(100, 5, 1000, 0);
    const first = usual;
    const live = bench().fitted(KEY, first);
    play(live, now);
    const turn = <T>(list: readonly T[]): T[] => [...list].reverse();
    const { model } = fitted([...past, ...now], 950);
    const turned = {
      startprob: turn(model.startprob),
      transmat: turn(model.transmat.map(turn)),
      means: turn(model.means),
      vars: turn(model.vars),
    };
    live.fitted(KEY, { ...fitted([...past, ...now], 950), model: turned });
    const after = play(live, story(30, 6, 1000, 0)).flat();
    const regimes = after.filter((one) => one.name === 'regime').map((one) => one.value);
    expect(regimes.length).toBeGreaterThan(25);
    expect(new Set(regimes)).toEqual(new Set([0]));
    for (const one of after) if (one.name === 'regime-quiet') expect(one.value).toBeGreaterThan(0.5);
  });

  it('begins with a belief of its own, from the bars it remembers', () => {
    const wild = story(20, 8, 0, 1000);
    const live = bench();
    play(live, wild);
    const [first] = play(live.fitted(KEY, usual), story(1, 9, 0, 1000));
    expect(valueOf(first, 'regime-volatile')).toBeGreaterThan(0.9);
  });

  it('says which way prices drift in the regime it holds, once a fit has proved one', () => {
    const noise = normals(3 * 510, mulberry32(21));
    const sliding = Array.from({ length: 510 }, (_, i) => {
      const wild = i % 85 >= 60;
      const change = wild ? -0.06 + 0.05 * noise[i] : 0.004 * noise[i];
      return [change, Math.log(change * change + (wild ? 1e-2 : 1e-4)), (wild ? 1 : 0) + 0.1 * noise[510 + i], 0];
    });
    const rows = { values: Float64Array.from(sliding.flat()), features: REGIME_WIDTH };
    expect(fitRegime(rows, { barMs: BAR_MS, fittedTo: 510 }, mulberry32(7))?.drifts).toEqual([0, -1]);

    const drifts = [0, ...usual.model.means.slice(1).map(() => -1 as const)] as (0 | -1)[];
    const live = bench().fitted(KEY, { ...usual, drifts });
    expect(valueOf(play(live, story(40, 2, 1000, 0)).at(-1)!, 'regime-drift')).toBe(0);
    expect(valueOf(play(live, story(40, 3, 0, 1000)).at(-1)!, 'regime-drift')).toBe(-1);
    const { drifts: _, ...silent } = usual;
    const without = play(bench().fitted(KEY, silent), story(40, 2)).at(-1)!;
    expect([valueOf(without, 'regime'), valueOf(without, 'regime-drift')]).toEqual([0, undefined]);
  });

  it('takes a book that stands still for a quiet one, and learns nothing from one nobody can trust', () => {
    const live = bench().fitted(KEY, usual);
    const before = play(live, story(40, 2, 1000, 0)).at(-1)!;
    expect(valueOf(before, 'regime')).toBe(0);
    const still = live.wait(10 * BAR_MS);
    expect(valueOf(still, 'regime-quiet')).toBeGreaterThan(0.99);
    live.trust(MARKET, false);
    const doubted = live.wait(10 * BAR_MS);
    expect(valueOf(doubted, 'regime')).toBe(0);
    expect(valueOf(doubted, 'regime-quiet')!).toBeLessThan(valueOf(still, 'regime-quiet')!);
    // Two days of it are forgotten in one step, not in three thousand.
    expect(valueOf(live.wait(48 * 3_600_000), 'regime')).toBe(0);
  });

  it('does not listen to a book nobody can trust', () => {
    const live = bench();
    live.trust(MARKET, false);
    expect(play(live, story(10, 2)).flat()).toEqual([]);
  });

  it.each([
    ['no fit at all', 'none'],
    ['bars of another length', { barMs: 5_000 }],
    [
      'states that are no distribution',
      { model: { startprob: [2], transmat: [[1]], means: [[0, 0, 0, 0]], vars: [[1, 1, 1, 1]] } },
    ],
    ['too few features', { centres: [0], spreads: [1] }],
    ['a drift too many', { drifts: [0, 0, 0, 0] }],
    ['a spread of nothing', { spreads: [1, 1, 1, 0] }],
    ['no reach', { reach: 0 }],
  ])('leaves parameters alone that do not fit: %s', (_, change) => {
    const live = bench().fitted(KEY, typeof change === 'string' ? change : { ...usual, ...change });
    expect(
      play(live, story(20, 2))
        .flat()
        .every((one) => one.name === 'volatility'),
    ).toBe(true);
  });

  it('does not peek: whatever comes after a bar, what was said of it stays', () => {
    const whole = play(bench().fitted(KEY, usual), story(150, 4));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 149 }), fc.integer({ min: 1000, max: 9999 }), (cut, seed) => {
        const other = [...story(150, 4).slice(0, cut), ...story(150, seed).slice(cut)];
        expect(play(bench().fitted(KEY, usual), other).slice(0, cut)).toEqual(whole.slice(0, cut));
      }),
      { numRuns: 8 },
    );
  });

  it('goes on the same after a restart in the middle of a bar, with a fit in use', () => {
    const whole = bench().fitted(KEY, usual);
    const restarted = bench().fitted(KEY, structuredClone(usual));
    for (const bar of story(80, 4)) {
      expect(play(restarted.restart(), [bar])).toEqual(play(whole, [bar]));
      restarted.fitted(KEY, structuredClone(usual));
    }
  });
});

/** A quote `after` seconds into the bar. */
const quote = (
  bar: RegimeBar,
  after: number,
  bid: number,
  ask: number,
  bidSize: number,
  askSize: number,
  trusted = true,
): boolean => {
  bar.now = bar.index * BAR_MS + after * 1_000;
  return hearQuote(
    bar,
    Math.round(bid * PRICE_ONE),
    Math.round(ask * PRICE_ONE),
    bidSize * 100,
    askSize * 100,
    trusted,
  );
};

describe('bars', () => {
  it('are quiet, not missing, while a quote stands', () => {
    const bar = openBar(0, BAR_MS);
    const row = new Float64Array(REGIME_WIDTH);
    quote(bar, 0, 0.49, 0.51, 10, 10);
    closeBar(bar, row);
    expect([closeBar(bar, row), row[0], row[1], row[3]]).toEqual([true, 0, Math.log(1e-3), 0]);
    quote(bar, 10, 0.49, 0.51, 10, 10);
    quote(bar, 20, 0.49, 0.51, 90, 10);
    expect([closeBar(bar, row), row[0], row[1]]).toEqual([true, 0, Math.log(1e-3)]);
  });

  it('weigh a mid by the time it stood, so that one that is off for a second is hardly seen', () => {
    const bar = openBar(0, BAR_MS);
    const row = new Float64Array(REGIME_WIDTH);
    quote(bar, 0, 0.49, 0.51, 10, 10);
    closeBar(bar, row);
    quote(bar, 58, 0.59, 0.61, 10, 10);
    quote(bar, 59, 0.49, 0.51, 10, 10);
    closeBar(bar, row);
    const move = Math.log(0.6 / 0.4);
    expect(row[0]).toBeCloseTo(move / 60, 12);
    expect(row[1]).toBeCloseTo(Math.log((move / 20) ** 2 + 1e-3), 12);
  });

  it('are the same from the record as live, in whatever parts it is read', () => {
    const bars = story(60, 12);
    const whole = rowsOf(bars).values;
    for (const part of [1, 7, 59]) expect(rowsOf(bars, part).values).toEqual(whole);
    const live = openBar(0, BAR_MS);
    const row = new Float64Array(REGIME_WIDTH);
    bars.forEach(({ books, traded }, i) => {
      for (const [n, { bids, asks }] of books.entries()) {
        const after = ((n + 1) * 60) / QUOTES - 0.001;
        quote(live, after, Number(bids![0][0]), Number(asks![0][0]), bids![0][1], asks![0][1]);
        quote(live, after, Number(bids![0][0]), Number(asks![0][0]), bids![0][1], asks![0][1]);
        hearTrade(live, (traded * 100) / QUOTES);
      }
      closeBar(live, row);
      expect([...row]).toEqual([...whole.slice(i * REGIME_WIDTH, (i + 1) * REGIME_WIDTH)]);
    });
    const none = { at: [], bid: [], ask: [], bidSize: [], askSize: [], trusted: [] };
    expect(recordedBars(none, { at: [], size: [] }, { barMs: BAR_MS, from: 5, to: 7 })).toEqual(
      new Float64Array(2 * REGIME_WIDTH).fill(NaN),
    );
  });

  it('count a change over missing bars as the root of their number', () => {
    const bar = openBar(10, BAR_MS);
    const row = new Float64Array(REGIME_WIDTH);
    quote(bar, 0, 0.49, 0.51, 10, 10);
    expect(closeBar(bar, row)).toBe(false);
    expect([...row].every(Number.isNaN)).toBe(true);
    expect(quote(bar, 0, 0.49, 0.51, 10, 10, false)).toBe(false);
    expect([closeBar(bar, row), closeBar(bar, row), closeBar(bar, row)]).toEqual([false, false, false]);
    quote(bar, 10, 0.59, 0.61, 10, 10);
    hearTrade(bar, 700);
    expect(closeBar(bar, row)).toBe(true);
    const move = Math.log(0.6 / 0.4);
    expect(row[0]).toBeCloseTo(move / 2, 12);
    expect(row[1]).toBeCloseTo(Math.log(move * move + 1e-3), 12);
    expect(row[2]).toBeCloseTo(Math.log(Math.log(0.61 / 0.39) - Math.log(0.59 / 0.41)), 12);
    expect(row[3]).toBeCloseTo(Math.log(8), 12);
  });

  it('hear no quote that says nothing', () => {
    const bar = openBar(0, BAR_MS);
    const flaws = [
      [-1, 0.5, 1, 1],
      [0.6, 0.5, 1, 1],
      [0.4, 0.5, 0, 0],
      [0, 0.5, 1, 1],
    ] as const;
    expect(flaws.map(([bid, ask, bidSize, askSize]) => quote(bar, 0, bid, ask, bidSize, askSize))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(bar.last).toBeNaN();
  });

  it('make no fit of too few, and one state of a market that never changes', () => {
    expect(fitRegime(rowsOf(story(150, 1)), { barMs: BAR_MS, fittedTo: 1 }, mulberry32(1))).toBeNull();
    const still = { bids: [['0.450', 10]], asks: [['0.470', 10]] } as BookText;
    const flat = Array.from({ length: 300 }, (): StoryBar => ({ calm: true, books: [still], traded: 0 }));
    const fit = fitRegime(rowsOf(flat), { barMs: BAR_MS, fittedTo: 300 }, mulberry32(1))!;
    expect(fit.model.startprob).toEqual([1]);
    expect(readRegimeParameters(JSON.parse(JSON.stringify(fit)))).not.toBeNull();
    expect(valueOf(play(bench().fitted(KEY, fit), story(10, 1)).at(-1)!, 'regime')).toBe(0);
  });
});
