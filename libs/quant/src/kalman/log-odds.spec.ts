import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logit, sigmoid } from '../quotes/index.js';
import { mulberry32, normals } from '../random.js';
import {
  BAND_95,
  bandEnd,
  confirmNews,
  DEFAULT_BOOK_NOISE,
  fadeNews,
  hearNews,
  itoDrift,
  meanProbability,
  MEAN_BEND,
  observe,
  observeVenue,
  observeVenueRobustly,
  openLocalLevel,
  openNewsControl,
  openReading,
  openTwoVenues,
  predictTwoVenues,
  readQuote,
  readTrade,
  resolutionVariance,
} from './index.js';

const noise = DEFAULT_BOOK_NOISE;
const price = fc.double({ min: 0.001, max: 0.999, noNaN: true });
/** Venues count in hundredths of a contract. */
const size = fc.integer({ min: 0, max: 10_000_000 }).map((hundredths) => hundredths / 100);

describe('reading a quote', () => {
  const r = (bid: number, ask: number, bidSize: number, askSize: number, age = 0): number => {
    const reading = openReading();
    return readQuote(reading, bid, ask, bidSize, askSize, age, noise) ? reading.r : NaN;
  };

  it('trusts a narrow, deep, fresh book most', () => {
    const good = r(0.49, 0.51, 500, 500);
    expect(r(0.45, 0.55, 500, 500)).toBeGreaterThan(good);
    expect(r(0.49, 0.51, 5, 500)).toBeGreaterThan(good);
    expect(r(0.49, 0.51, 500, 500, 30)).toBeCloseTo(2 * good, 12);
  });

  it('says nothing about a book that is crossed, one-sided, empty or too old', () => {
    for (const [bid, ask, bidSize, askSize, age] of [
      [0.52, 0.5, 10, 10, 0],
      [NaN, 0.5, 10, 10, 0],
      [0.4, 0.5, 0, 0, 0],
      [0.4, 0.5, 10, 10, 301],
      [0.4, 0.5, 10, 10, NaN],
      [0.4, 0.5, NaN, 10, 0],
    ])
      expect(r(bid, ask, bidSize, askSize, age)).toBeNaN();
  });

  it('is finite, within the floor and the spread, for any book that is none of these', () => {
    const reading = openReading();
    fc.assert(
      fc.property(price, price, size, size, fc.double({ min: 0, max: 300, noNaN: true }), (p, q, bs, as, age) => {
        fc.pre(bs + as > 0);
        const [bid, ask] = [Math.min(p, q), Math.max(p, q)];
        expect(readQuote(reading, bid, ask, bs, as, age, noise)).toBe(true);
        expect(reading.r).toBeGreaterThanOrEqual(noise.rFloor);
        expect(Number.isFinite(reading.r)).toBe(true);
        expect(reading.z).toBeGreaterThanOrEqual(logit(bid) - 1e-9);
        expect(reading.z).toBeLessThanOrEqual(logit(ask) + 1e-9);
      }),
    );
  });

  it('takes a locked book and an age from the future for what they are worth', () => {
    expect(r(0.5, 0.5, 10, 10)).toBe(noise.rFloor);
    expect(r(0.4, 0.5, 10, 10, -4)).toBe(r(0.4, 0.5, 10, 10, 0));
  });
});

describe('reading a trade', () => {
  it('moves a buyer’s price back by half the spread and trusts volume', () => {
    const reading = openReading();
    expect(readTrade(reading, 0.52, 10, 0.02, 1, noise)).toBe(true);
    expect(reading.z).toBeCloseTo(logit(0.5), 12);
    const small = reading.r;
    readTrade(reading, 0.52, 1_000, 0.02, 1, noise);
    expect(reading.r).toBeLessThan(small);
    expect(readTrade(reading, 1, 10, 0.02, 0, noise)).toBe(false);
    expect(readTrade(reading, 0.5, 0, 0.02, 0, noise)).toBe(false);
    expect(reading.z).toBeNaN();
  });
});

describe('the mean probability', () => {
  it('is what a fine sum gives', () => {
    for (const mean of [-4, -1, 0, 0.3, 2, 5])
      for (const variance of [0.001, 0.01, 0.05, 0.25, 1, 4]) {
        let sum = 0;
        let weights = 0;
        for (let t = -10; t <= 10; t += 0.005) {
          const weight = Math.exp((-t * t) / 2);
          weights += weight;
          sum += weight * sigmoid(mean + Math.sqrt(variance) * t);
        }
        const most = variance <= 0.05 ? 2e-9 : 2e-8;
        expect(Math.abs(meanProbability(mean, variance) - sum / weights)).toBeLessThan(most);
      }
  });

  it('is nearer to even than the median, by no more than it may bend, and equal to it when certain', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -8, max: 8, noNaN: true }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        (mean, variance) => {
          const p = meanProbability(mean, variance);
          expect(Math.abs(p - 0.5)).toBeLessThanOrEqual(Math.abs(sigmoid(mean) - 0.5) + 3e-8);
          expect(Math.abs(p - sigmoid(mean))).toBeLessThanOrEqual(MEAN_BEND * variance + 3e-8);
          expect(meanProbability(-mean, variance)).toBeCloseTo(1 - p, 12);
          expect(p).toBeGreaterThan(0);
          expect(p).toBeLessThan(1);
        },
      ),
    );
    expect(meanProbability(0.7, 0)).toBe(sigmoid(0.7));
    expect(meanProbability(800, 1)).toBe(1);
  });

  it('lies in a band that never leaves (0, 1)', () => {
    expect(bandEnd(3, 4, -BAND_95)).toBeGreaterThan(0);
    expect(bandEnd(3, 4, BAND_95)).toBeLessThan(1);
    expect(bandEnd(3, 4, BAND_95)).toBeGreaterThan(bandEnd(3, 4, 0));
  });
});

describe('the end of a market', () => {
  it('lets the state move faster, up to a hundredfold', () => {
    expect(resolutionVariance(1, 7_200, 3_600)).toBe(1);
    expect(resolutionVariance(1, 360, 3_600)).toBe(10);
    expect(resolutionVariance(1, 1, 3_600)).toBe(100);
    expect(resolutionVariance(1, -5, 3_600)).toBe(100);
  });

  it('may drift away from even', () => {
    expect(itoDrift(2, 0.1)).toBeGreaterThan(0);
    expect(itoDrift(-2, 0.1)).toBeLessThan(0);
    expect(itoDrift(0, 0.1)).toBe(0);
  });
});

describe('news as a push', () => {
  const response = { slope: 0.2, slopeError: 0.1, residualVariance: 0.01, most: 0.5 };

  it('moves, widens, is bounded, and fades at its half-life', () => {
    const level = openLocalLevel(0, 0.1);
    const control = openNewsControl();
    expect(hearNews(level, control, 1, response)).toBeCloseTo(0.2, 15);
    expect(level.variance).toBeCloseTo(0.1 + 0.01 + 0.01, 15);
    fadeNews(level, control, 600, 600);
    expect(level.mean).toBeCloseTo(0.1, 12);
    expect(hearNews(level, control, 99, response)).toBe(0.5);
    expect(hearNews(level, control, NaN, response)).toBe(0);
    expect(hearNews(level, control, 9, { ...response, slope: 0 })).toBe(0);
  });

  it('is no longer news once prices have said the same', () => {
    const level = openLocalLevel(0, 0.1);
    const control = openNewsControl();
    hearNews(level, control, 1, response);
    observe(level, 0.2, 1e-6);
    confirmNews(control, level.gain);
    fadeNews(level, control, 1e6, 600);
    expect(level.mean).toBeCloseTo(0.2, 4);
  });
});

describe('one market at two venues', () => {
  it('learns how far apart they stand and what both say', () => {
    const state = openTwoVenues(0, 4, 0.1);
    const noises = normals(2_000, mulberry32(5));
    let x = 0.5;
    for (let t = 0; t < 1_000; t++) {
      predictTwoVenues(state, 1e-4);
      x += 0.01 * noises[t];
      observeVenue(state, 0, x + 0.1 * noises[1_000 + t], 0.01);
      observeVenue(state, 1, x + 0.3 + 0.1 * noises[(1_500 + t) % 2_000], 0.01);
    }
    expect(state.basis).toBeCloseTo(0.3, 1);
    expect(state.mean).toBeCloseTo(x, 0);
  });

  it('does not care who speaks first, and keeps a proper covariance', () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true });
    const variance = fc.double({ min: 1e-9, max: 3, noNaN: true });
    fc.assert(
      fc.property(number, variance, number, variance, (y0, r0, y1, r1) => {
        const one = openTwoVenues(0, 1, 0.2);
        observeVenue(one, 0, y0, r0);
        observeVenue(one, 1, y1, r1);
        const other = openTwoVenues(0, 1, 0.2);
        observeVenue(other, 1, y1, r1);
        observeVenue(other, 0, y0, r0);
        expect(other.mean).toBeCloseTo(one.mean, 8);
        expect(other.basis).toBeCloseTo(one.basis, 8);
        expect(one.totalLogLikelihood).toBeCloseTo(other.totalLogLikelihood, 6);
        expect(one.variance).toBeGreaterThan(0);
        expect(one.variance * one.basisVariance - one.covariance ** 2).toBeGreaterThanOrEqual(-1e-12);
      }),
    );
  });

  it('is the plain level while only the first venue speaks', () => {
    const state = openTwoVenues(0, 1, 0.2);
    const level = openLocalLevel(0, 1);
    for (const y of [0.3, 0.1, NaN, -0.4]) {
      observeVenue(state, 0, y, 0.2);
      observe(level, y, 0.2);
    }
    expect(state.mean).toBeCloseTo(level.mean, 14);
    expect(state.variance).toBeCloseTo(level.variance, 14);
    expect(state.basisVariance).toBe(0.2);
  });
});

describe('two venues with a gate', () => {
  const settled = () => {
    const state = openTwoVenues(0, 1, 0.01);
    for (let i = 0; i < 100; i++) for (const venue of [0, 1] as const) hear(state, venue, 0);
    return state;
  };
  const hear = (state: ReturnType<typeof openTwoVenues>, venue: 0 | 1, z: number) =>
    observeVenueRobustly(state, venue, { z, r: 0.01 }, 3, 3);

  it('are the plain filter while nothing is odd, and hear nothing that is missing', () => {
    const [plain, gated] = [openTwoVenues(0, 1, 0.2), openTwoVenues(0, 1, 0.2)];
    for (const [venue, z] of [
      [0, 0.3],
      [1, 0.2],
      [0, 0.25],
    ] as const) {
      observeVenue(plain, venue, z, 0.01);
      expect(hear(gated, venue, z)).toBe('used');
    }
    expect(hear(gated, 1, NaN)).toBe('missing');
    // Only what is surely heard whole has a likelihood.
    expect(gated).toEqual({ ...plain, totalLogLikelihood: 0 });
  });

  it('follow a move that both make, or that nobody speaks against', () => {
    const both = settled();
    expect([hear(both, 0, 2), hear(both, 1, 2), hear(both, 0, 2), hear(both, 1, 2)]).toEqual(Array(4).fill('gated'));
    expect(hear(both, 0, 2)).toBe('jump');
    expect(both.mean).toBeCloseTo(2, 1);
    const alone = settled();
    expect([hear(alone, 1, -2), hear(alone, 1, -2), hear(alone, 1, -2)]).toEqual(['gated', 'gated', 'jump']);
  });

  it('hold back one that is off by itself until the other follows', () => {
    const state = settled();
    for (let i = 0; i < 10; i++) {
      expect(hear(state, 1, 2)).toBe('gated');
      expect(hear(state, 0, 0)).toBe('used');
    }
    expect(Math.abs(state.mean)).toBeLessThan(0.1);
    for (const venue of [0, 1, 0, 1] as const) hear(state, venue, 2);
    expect(state.mean).toBeGreaterThan(1.5);
  });
});
