import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from './limit-info.js';
import { localDay } from './local-day.js';
import { cooling, openLossWatch, resetLossWatch, shiftLossWatch, watchClose, watchEquity } from './loss-watch.js';

const REFERENCE = process.env['ARBINTEL_REFERENCE'];
const NOON = Date.UTC(2026, 5, 10, 16);
const HOUR = 3_600_000;
const MINUTE = 60_000;
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

  it('does not let go because the zone is another one, where it is still the day before', () => {
    const watch = openLossWatch(1_000_000);
    const night = Date.UTC(2026, 5, 11, 5);
    watchEquity(watch, night - 2 * HOUR, 1_000_000, limits);
    watchEquity(watch, night, 970_000, limits);
    expect(watch).toMatchObject({ day: '2026-06-11', base: 1_000_000 });
    const west = { ...limits, dayZone: 'Pacific/Honolulu' };
    watchEquity(watch, night + HOUR, 970_000, west);
    expect(watch).toMatchObject({ day: '2026-06-11', base: 1_000_000 });
    expect(watch.dailyTrip).not.toBe('');
    watchEquity(watch, night + 29 * HOUR, 970_000, west);
    expect(watch).toMatchObject({ day: '2026-06-12', base: 970_000, dailyTrip: '' });
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

  it('rests half an hour after a trip, also when midnight lifts it sooner', () => {
    const watch = openLossWatch(1_000_000);
    const late = Date.UTC(2026, 5, 11, 3, 50);
    watchEquity(watch, late, 1_000_000, limits);
    watchEquity(watch, late, 970_000, limits);
    watchEquity(watch, late + 10 * MINUTE, 970_000, limits);
    expect(watch).toMatchObject({ dailyTrip: '', day: '2026-06-11' });
    expect(cooling(watch, late + 30 * MINUTE - 1)).toBe(
      'Resting 30 min after a daily loss, until 2026-06-11T04:20:00.000Z.',
    );
    expect(cooling(watch, late + 30 * MINUTE)).toBe('');
    watchEquity(watch, late + 40 * MINUTE, 940_000, limits);
    expect(cooling(watch, late + 41 * MINUTE)).not.toBe('');
    resetLossWatch(watch);
    expect(cooling(watch, late + 41 * MINUTE)).toBe('');
  });

  it('rests a quarter of an hour after five losing closes in a row; a winning one begins the count anew', () => {
    const watch = openLossWatch(1_000_000);
    for (const realised of [-1, -1, -1, -1, 5, -1, -1, 0, -1, -1]) watchClose(watch, NOON, realised, limits);
    expect(cooling(watch, NOON)).toBe('');
    watchClose(watch, NOON, -1, limits);
    expect(cooling(watch, NOON + 15 * MINUTE - 1)).toContain('15 min after 5 losing closes in a row');
    expect(cooling(watch, NOON + 15 * MINUTE)).toBe('');
    for (let i = 0; i < 4; i++) watchClose(watch, NOON + HOUR, -1, limits);
    expect(cooling(watch, NOON + HOUR)).toBe('');
  });

  it.skipIf(REFERENCE === undefined)('agrees with the daily loss reference over a change of clocks', () => {
    const { cases } = JSON.parse(readFileSync(join(REFERENCE!, 'risk-accounting.json'), 'utf8'));
    const { input, expected } = cases.find((one: { id: string }) => one.id === 's-daily-dst');
    const micros = (dollars: number) => Math.round(dollars * 1e6);
    const watch = openLossWatch(micros(input.startEquity));
    const own = {
      dayZone: input.timeZone,
      maxDailyLoss: input.dailyLossLimit * 1e6,
      maxDrawdown: 1_000_000,
      tripCooldownMs: 0,
    };
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
