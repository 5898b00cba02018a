import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from './limit-info.js';
import { localDay } from './local-day.js';
import { openLossWatch, resetLossWatch, shiftLossWatch, watchEquity } from './loss-watch.js';

const REFERENCE = process.env['ARBINTEL_REFERENCE'];
const NOON = Date.UTC(2026, 5, 10, 16);
const HOUR = 3_600_000;
const limits = { ...DEFAULT_LIMITS, dayZone: 'America/New_York', maxDailyLoss: 20_000, maxDrawdown: 100_000 };

describe('a day', () => {
  it('ends at local midnight, also when it has 23 or 25 hours', () => {
    // New York, 2026: clocks go forward on 8 March and back on 1 November.
    expect(localDay(Date.UTC(2026, 2, 8, 4, 59, 59, 999), 'America/New_York')).toBe('2026-03-07');
    expect(localDay(Date.UTC(2026, 2, 8, 5), 'America/New_York')).toBe('2026-03-08');
    expect(localDay(Date.UTC(2026, 2, 9, 3, 59, 59, 999), 'America/New_York')).toBe('2026-03-08');
    expect(localDay(Date.UTC(2026, 2, 9, 4), 'America/New_York')).toBe('2026-03-09');
    expect(localDay(Date.UTC(2026, 10, 1, 4), 'America/New_York')).toBe('2026-11-01');
    expect(localDay(Date.UTC(2026, 10, 2, 4, 59), 'America/New_York')).toBe('2026-11-01');
    expect(localDay(Date.UTC(2026, 10, 2, 5), 'America/New_York')).toBe('2026-11-02');
    expect(localDay(Date.UTC(2026, 0, 1, 18, 15), 'Asia/Kathmandu')).toBe('2026-01-02');
  });
});

describe('the watch over losses', () => {
  it('halts at the daily limit and lets go with the next local day', () => {
    const watch = openLossWatch(1_000_000);
    watchEquity(watch, NOON, 1_000_000, limits);
    watchEquity(watch, NOON + HOUR, 980_001, limits);
    expect(watch.dailyTrip).toBe('');
    watchEquity(watch, NOON + 2 * HOUR, 980_000, limits);
    expect(watch.dailyTrip).toContain('2.00 %');
    watchEquity(watch, NOON + 3 * HOUR, 1_000_000, limits);
    expect(watch.dailyTrip).not.toBe('');
    watchEquity(watch, NOON + 12 * HOUR, 999_000, limits);
    expect(watch).toMatchObject({ dailyTrip: '', base: 1_000_000, day: '2026-06-11' });
  });

  it('halts at the drawdown limit until a person resets it', () => {
    const watch = openLossWatch(1_000_000);
    watchEquity(watch, NOON, 1_200_000, limits);
    watchEquity(watch, NOON + 48 * HOUR, 1_080_000, limits);
    expect(watch.drawdownTrip).toContain('high-water mark');
    watchEquity(watch, NOON + 96 * HOUR, 1_200_000, limits);
    expect(watch.drawdownTrip).not.toBe('');
    resetLossWatch(watch);
    expect(watchEquity(watch, NOON + 97 * HOUR, 1_199_000, limits)).toBe(false);
    expect(watch.drawdownTrip).toBe('');
  });

  it('does not take a deposit for a profit nor a withdrawal for a loss', () => {
    const watch = openLossWatch(1_000_000);
    watchEquity(watch, NOON, 1_000_000, limits);
    shiftLossWatch(watch, -500_000);
    watchEquity(watch, NOON + HOUR, 500_000, limits);
    expect(watch).toMatchObject({ dailyTrip: '', drawdownTrip: '', peak: 500_000 });
  });

  it('halts on an equity that is no number and on a base of nothing', () => {
    const broken = openLossWatch(1_000_000);
    watchEquity(broken, NOON, NaN, limits);
    expect(broken.drawdownTrip).toContain('NaN');
    const poor = openLossWatch(0);
    watchEquity(poor, NOON, 0, limits);
    expect(poor.dailyTrip).toContain('cannot be measured');
  });

  it.skipIf(REFERENCE === undefined)('agrees with the daily loss reference over a change of clocks', () => {
    const { cases } = JSON.parse(readFileSync(join(REFERENCE!, 'risk-accounting.json'), 'utf8'));
    const { input, expected } = cases.find((one: { id: string }) => one.id === 's-daily-dst');
    const micros = (dollars: number) => Math.round(dollars * 1e6);
    const watch = openLossWatch(micros(input.startEquity));
    const own = { dayZone: input.timeZone, maxDailyLoss: input.dailyLossLimit * 1e6, maxDrawdown: 1_000_000 };
    for (const [i, at] of (input.tsMs as number[]).entries()) {
      const equity = micros(input.equity[i]);
      watchEquity(watch, at, equity, own);
      const want = expected.steps[i];
      expect(watch.day).toBe(want.day);
      expect(watch.base).toBe(micros(want.dayStartEquity));
      expect((watch.base - equity) / watch.base).toBeCloseTo(want.dailyLoss, 9);
      expect((watch.dayPeak - equity) / watch.dayPeak).toBeCloseTo(want.intradayDrawdown, 9);
      expect(watch.dailyTrip !== '').toBe(want.tripped);
    }
  });
});
