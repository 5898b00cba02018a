import { describe, expect, it } from 'vitest';
import {
  checkLimits,
  checkTighterLimits,
  DEFAULT_LIMITS,
  LIMIT_INFO,
  NUMERIC_LIMITS,
  tighterLimits,
} from './limit-info.js';

describe('a risk profile', () => {
  it('is accepted when every limit is there', () => {
    expect(checkLimits({ ...DEFAULT_LIMITS })).toEqual({ ok: true, limits: DEFAULT_LIMITS });
  });

  it('names every missing limit by its pointer', () => {
    const check = checkLimits({});
    expect(check.ok ? [] : check.problems.map((problem) => problem.path)).toEqual([
      ...NUMERIC_LIMITS.map((name) => `/${name}`),
      '/dayZone',
    ]);
  });

  it.each([
    [{ maxGross: NaN }, '/maxGross'],
    [{ maxGross: '7' }, '/maxGross'],
    [{ maxGross: -1 }, '/maxGross'],
    [{ maxGross: 1.5 }, '/maxGross'],
    [{ maxDepthShare: 1_000_001 }, '/maxDepthShare'],
    [{ ordersPerSecond: 0 }, '/ordersPerSecond'],
    [{ ordersPerSecond: -1 }, '/ordersPerSecond'],
    [{ maxQuoteAgeMs: 0 }, '/maxQuoteAgeMs'],
    [{ maxDailyLoss: 0 }, '/maxDailyLoss'],
    [{ maxDrawdown: 0 }, '/maxDrawdown'],
    [{ maxOpenOrders: Infinity }, '/maxOpenOrders'],
    [{ dayZone: 'Mars/Olympus' }, '/dayZone'],
    [{ 'max/luck': 1 }, '/max~1luck'],
  ])('refuses %j at %s', (over, path) => {
    const check = checkLimits({ ...DEFAULT_LIMITS, ...over });
    expect(check.ok ? [] : check.problems.map((problem) => problem.path)).toEqual([path]);
  });

  it.each(NUMERIC_LIMITS)('takes 0 for %s only where that means something, and says what', (name) => {
    const check = checkLimits({ ...DEFAULT_LIMITS, [name]: 0 });
    expect(check.ok).toBe(LIMIT_INFO[name].from === 0);
    const said = check.ok ? LIMIT_INFO[name].summary : check.problems[0].message;
    expect(said).toContain(`0 would ${LIMIT_INFO[name].zero}`);
  });

  it.each([null, 7, 'limits', [DEFAULT_LIMITS]])('is no %j', (value) => {
    expect(checkLimits(value).ok).toBe(false);
  });

  it('may be tightened by a workflow and not widened', () => {
    expect(checkTighterLimits({ maxGross: 1 }, DEFAULT_LIMITS)).toMatchObject({ ok: true, limits: { maxGross: 1 } });
    const wide = checkTighterLimits({ maxGross: DEFAULT_LIMITS.maxGross + 1 }, DEFAULT_LIMITS);
    expect(wide.ok ? [] : wide.problems.map((problem) => problem.path)).toEqual(['/maxGross']);
    expect(tighterLimits(DEFAULT_LIMITS, { maxGross: 1, maxVenue: Infinity })).toEqual({
      ...DEFAULT_LIMITS,
      maxGross: 1,
    });
  });
});
