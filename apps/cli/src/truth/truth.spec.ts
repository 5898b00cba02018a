import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { BOOKS } from './books.js';
import { expectedBrier, expectedLog, scorePath } from './forecasts.js';
import { SAMPLE_MS, walk } from './market-path.js';
import { scoreLinked } from './linked-venues.js';
import { scoreQuickened } from './quickened.js';
import { scoreFittedPace } from './fitted-pace.js';
import { scorePool } from './pool-score.js';
import { FIT_BARS, knowableMood, recoverBorrowed, recoverFromTruth, recoverMood } from './regime-recovery.js';
import { insertReport, linkedVerdict, poolVerdict, quickenedVerdict, verdict } from './truth.page.js';
import { newsControlReport } from './truth.report.js';
import { REPORTED_FROM, TUNED_ON } from './truth.seeds.js';

describe('scores against a known truth', () => {
  it('are what outcomes drawn from it would give on average', () => {
    for (const [f, p] of [
      [0.3, 0.3],
      [0.7, 0.2],
      [0.01, 0.5],
    ]) {
      expect(expectedBrier(f, p)).toBeCloseTo(p * (f - 1) ** 2 + (1 - p) * f ** 2, 14);
      expect(expectedLog(f, p)).toBeCloseTo(-p * Math.log(f) - (1 - p) * Math.log(1 - f), 12);
    }
    expect(expectedLog(1, 0.5)).toBeLessThan(5);
  });

  it('are least for the truth itself', () => {
    for (const other of [0.1, 0.39, 0.41, 0.9]) {
      expect(expectedBrier(other, 0.4)).toBeGreaterThan(expectedBrier(0.4, 0.4));
      expect(expectedLog(other, 0.4)).toBeGreaterThan(expectedLog(0.4, 0.4));
    }
  });
});

describe('a simulated market', () => {
  it.each(BOOKS.flatMap(({ markets }) => markets))('$key at $venue is the same for the same seed', ({ key, venue }) => {
    const [one, same, other] = [1, 1, 2].map((seed) => walk(seed, key, venue, 0.05));
    expect(one).toEqual(same);
    expect(one.quotes.bid).not.toEqual(other.quotes.bid);
    expect(one.truth.length).toBe((0.05 * 3_600_000) / SAMPLE_MS);
    expect(one.quotes.at.every((at, i) => i === 0 || at >= one.quotes.at[i - 1])).toBe(true);
  });

  it('is scored without the minutes before the filter knows anything', () => {
    const path = walk(3, 'payrolls', 'kalshi', 0.1);
    const score = scorePath(path);
    expect(score.samples).toBe(path.truth.length - 11);
    for (const who of ['fair', 'mid', 'microprice'] as const) {
      expect(score.brier[who]).toBeGreaterThan(score.brierOfTruth);
      expect(score.brier[who]).toBeLessThan(score.brierOfTruth + score.samples * 0.01);
    }
  });

  it('cannot be scored better by looking ahead: what comes later changes nothing before', () => {
    const long = walk(3, 'payrolls', 'kalshi', 0.2);
    const short = walk(3, 'payrolls', 'kalshi', 0.1);
    // The last look falls on the minute at which the longer path goes on.
    const looks = short.truth.length - 1;
    expect(scorePath({ ...long, truth: long.truth.slice(0, looks) })).toEqual(
      scorePath({ ...short, truth: short.truth.slice(0, looks) }),
    );
  });
});

describe('two linked venues', () => {
  it('are nearer to the truth together than each alone, where the link is right', () => {
    const one = scoreLinked(TUNED_ON.from, 'rate-hold', 0.25);
    expect(one.samples).toBeGreaterThan(100);
    expect(one.together).toBeLessThan(one.alone);
    expect(scoreLinked(TUNED_ON.from, 'rate-hold', 0.25)).toEqual(one);
  });

  it('are said to be better, worse or neither by their interval', () => {
    const said = (low: number, high: number): string =>
      linkedVerdict({
        key: 'q',
        samples: 9,
        mid: 2,
        alone: 2,
        together: 1,
        coveredAlone: 0.9,
        coveredTogether: 0.9,
        less: { mean: (low + high) / 2, low, high },
      });
    expect(said(-1.5, -0.5)).toContain('nearer to the truth together, by 50 %');
    expect(said(0.5, 1.5)).toContain('farther');
    expect(said(-1, 1)).toContain('cannot be told apart');
  });
});

describe('two fair values of one market', () => {
  const path = walk(TUNED_ON.from, 'rate-hold', 'polymarket', 0.25);

  it('are judged at the same moments as their pool, which is theirs at the ends of its weight', () => {
    const whole = scorePool(path);
    expect(whole.samples).toBeGreaterThan(50);
    expect(scorePool(path)).toEqual(whole);
    const quotes = scorePool(path, { weight: 1 });
    expect(quotes.error.pool).toBeCloseTo(quotes.error.quotes, 9);
    expect(quotes.covered.pool).toBe(quotes.covered.quotes);
    // The mean of a pool of trades alone is read back from their band, which a Beta's is not quite.
    const trades = scorePool(path, { weight: 0 });
    expect(trades.error.pool / trades.error.trades).toBeCloseTo(1, 1);
  });

  it('are said to be better pooled, worse or neither by their interval', () => {
    const said = (low: number, high: number): string =>
      poolVerdict({
        name: 'thin',
        pool: {
          samples: 9,
          error: { quotes: 2, trades: 9, pool: 2 },
          coverage: { quotes: 1, trades: 1, pool: 1 },
          less: { mean: (low + high) / 2, low, high },
        },
      });
    expect(said(-0.3, -0.1)).toContain('nearer to the truth, by 10.0 %');
    expect(said(0.1, 0.3)).toContain('farther');
    expect(said(-0.1, 0.1)).toContain('cannot be told apart');
  });
});

describe('a fitted pace', () => {
  it('is judged on the hours after those it was fitted to, beside the pace of the settings', () => {
    const path = walk(TUNED_ON.from, 'payrolls', 'kalshi', 8);
    const score = scoreFittedPace(path);
    expect(score.samples).toBeGreaterThan(1_000);
    expect(score.fitted).not.toBe(score.set);
    const early = {
      ...path,
      quotes: { ...path.quotes, bid: path.quotes.bid.map((b, i) => (path.quotes.at[i] < 3_600_000 ? -1 : b)) },
    };
    expect(scoreFittedPace(early).set).toBe(score.set);
    expect(scoreFittedPace(early).fitted).not.toBe(score.fitted);
  });
});

describe('hidden moods', () => {
  const path = walk(TUNED_ON.from, 'inflation', 'kalshi', 16);

  it('are found in a book less than in the truth itself, and there less than by who knows their law', () => {
    const { area, bars, held } = recoverMood(path, 1);
    expect(bars).toBe(path.moods.length - FIT_BARS);
    expect(area).toBeGreaterThan(0.5);
    expect(recoverFromTruth(path, 1)).toBeGreaterThan(area!);
    expect(knowableMood(path, 'inflation')).toBeGreaterThan(recoverFromTruth(path, 1)!);
    expect(held.slice(0, FIT_BARS).every(Number.isNaN)).toBe(true);
  });

  it('are found by a market of an hour with what others lend it', () => {
    const [borrowed] = recoverBorrowed(
      [
        path,
        walk(TUNED_ON.from, 'payrolls', 'kalshi', 1),
        walk(2, 'payrolls', 'kalshi', 1),
        walk(3, 'album', 'polymarket', 1),
      ],
      1,
    );
    expect(borrowed.states).toBeGreaterThan(1);
    expect(borrowed.bars).toBe(path.moods.length - FIT_BARS);
    expect(borrowed.area).toBeGreaterThan(0.5);
  });

  it('make the fair value no different while nobody calls the market volatile', () => {
    const quiet = scoreQuickened(path, new Float64Array(path.moods.length));
    expect(quiet.quickened).toBe(quiet.steady);
    const loud = scoreQuickened(path, new Float64Array(path.moods.length).fill(1));
    expect(loud.steady).toBe(quiet.steady);
    expect(loud.quickened).not.toBe(quiet.steady);
  });

  it('are said to help a fair value or not by their interval', () => {
    const said = (low: number, high: number): string =>
      quickenedVerdict({ name: 'thin', quickened: { steady: 2, less: { mean: (low + high) / 2, low, high } } });
    expect(said(-0.3, -0.1)).toContain('nearer to the truth, by 10.0 %');
    expect(said(0.1, 0.3)).toContain('farther');
    expect(said(-0.1, 0.1)).toContain('cannot be told apart');
  });
});

describe('the report', () => {
  it('weighs what news does by how many looks each seed had', () => {
    const one = { samples: 10, deaf: 2, hearing: 1 };
    const score = { ...one, soon: one, ahead: { samples: 5, deaf: 1, hearing: 2 } };
    const { all, ahead } = newsControlReport([score, { ...score, soon: { samples: 0, deaf: 0, hearing: 0 } }]);
    expect([all.samples, all.deaf, all.less.mean]).toEqual([20, 0.2, -0.1]);
    expect([ahead.deaf, ahead.less.mean]).toEqual([0.2, 0.2]);
  });

  const less = (mean: number, low: number, high: number) => ({
    name: 'thin' as const,
    samples: 1,
    brierOfTruth: 0.2,
    brier: { fair: 0.2002 + mean, mid: 0.2002, microprice: 0.2003 },
    log: { fair: 0, mid: 0, microprice: 0 },
    brierLess: { mid: { mean, low, high }, microprice: { mean, low, high } },
    logLess: { mid: { mean, low, high }, microprice: { mean, low, high } },
    coverage: { mean: 0.95, low: 0.9, high: 0.99 },
    regime: { fits: 0, withRegimes: 0, bars: 0, area: null, balanced: null },
  });

  it('says who won, or that nobody did', () => {
    expect(verdict(less(-5e-5, -6e-5, -4e-5))).toMatch(/beats mid, by 25 % of mid's squared error/);
    expect(verdict(less(5e-5, 4e-5, 6e-5))).toMatch(/does not beat mid: it is worse by 25 %/);
    expect(verdict(less(-1e-6, -2e-5, 2e-5))).toMatch(/cannot be told apart/);
  });

  it('replaces only what stands between its marks', () => {
    const marks = ['<!-- made by npm run truth -- models: begin -->', '<!-- made by npm run truth -- models: end -->'];
    const page = `before\n${marks[0]}\nold\n${marks[1]}\nafter\n`;
    const once = insertReport(page, 'new');
    expect(once).toBe(`before\n${marks[0]}\n\nnew\n\n${marks[1]}\nafter\n`);
    expect(insertReport(once, 'new')).toBe(once);
    expect(() => insertReport('nothing here', 'new')).toThrow(UserProblem);
  });

  it('is made of seeds that no default was chosen on', () => {
    expect(REPORTED_FROM).toBeGreaterThan(TUNED_ON.to);
  });
});
