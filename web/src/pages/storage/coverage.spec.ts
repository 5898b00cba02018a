import { describe, expect, it } from 'vitest';
import { monthsOf, sharesOf, spanOf, toldOf, yearsOf } from './coverage';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 24, 12);
const days = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    at: from + i * DAY,
    trustedMs: DAY / 2,
    gapMs: DAY / 4,
    silentMs: DAY / 4,
    losses: i === 0 ? 1 : 0,
  }));

describe('a coverage calendar', () => {
  it('shows whole weeks of the last twelve months, a year, or what there is', () => {
    const last = spanOf(null, Date.UTC(2020, 0, 1), NOW);
    expect(new Date(last.from).getUTCDay()).toBe(1);
    expect((NOW - last.from) / DAY).toBeGreaterThan(364);
    expect(last.to).toBe(NOW);
    expect(spanOf(2024, Date.UTC(2020, 0, 1), NOW)).toEqual({
      from: Date.UTC(2024, 0, 1),
      to: Date.UTC(2025, 0, 1) - 1,
    });
    expect(spanOf(2026, Date.UTC(2020, 0, 1), NOW).to).toBe(NOW);
    expect(spanOf(null, Date.UTC(2026, 10, 20, 7), NOW).from).toBe(Date.UTC(2026, 10, 20));
    expect(yearsOf(Date.UTC(2024, 11, 31), NOW)).toEqual([2026, 2025, 2024]);
  });

  it('names months over the week they begin in, and their year in January', () => {
    // Thursday: the first week lacks three days.
    expect(monthsOf(days(Date.UTC(2026, 0, 1), 60), 3)).toEqual([
      { column: 1, title: 'Jan 2026' },
      { column: 5, title: 'Feb' },
      { column: 9, title: 'Mar' },
    ]);
  });

  it('says in a sentence how much of it all is trusted', () => {
    expect(sharesOf(days(Date.UTC(2026, 0, 1), 4))).toMatch(
      /trusted 50\.0 % \(.*\), gap 25\.0 % \(.*\), silent 25\.0 % \(.*\); trust lost 1 time\.$/,
    );
    expect(sharesOf([])).toBe('');
    expect(toldOf(days(Date.UTC(2026, 0, 1), 1)[0])).toBe(
      '1 Jan 2026: trusted 12 h 0 min, gap 6 h 0 min, silent 6 h 0 min, trust lost 1 time',
    );
  });
});
