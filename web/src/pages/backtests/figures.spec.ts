import { describe, expect, it } from 'vitest';
import {
  between,
  drawdowns,
  fromLocal,
  marketNames,
  markOutAfterMinute,
  markOutsElse,
  percent,
  ratio,
  toLocal,
} from './figures';

describe('figures of a backtest', () => {
  it('name a market by venue and title, or by what is left of its id', () => {
    const name = marketNames([{ id: 'kalshi:KXRAIN', title: 'Will it rain?' }]);
    expect(name('kalshi:KXRAIN')).toBe('Kalshi: Will it rain?');
    expect(name(`polymarket:0x${'ab'.repeat(32)}`)).toBe('Polymarket: 0xabab…abab');
  });

  it('tell what a contract was worth after its fill, in cents with their sign', () => {
    const all = [
      { afterMs: 1_000, perContract: -12_345 },
      { afterMs: 60_000, perContract: 5_000 },
      { afterMs: 300_000, perContract: null },
    ];
    expect(markOutAfterMinute(all)).toBe('+0.50\u202f¢');
    expect(markOutsElse(all)).toBe('1\u202fs −1.23\u202f¢, 5\u202fmin –');
    expect(markOutAfterMinute([])).toBe('–');
  });

  it('show shares, ratios and intervals, and a dash for what is not defined', () => {
    expect([percent(0.1234), percent(null), ratio(1.234), ratio(undefined)]).toEqual([
      '12.34\u202f%',
      '–',
      '1.23',
      '–',
    ]);
    expect(between({ low: 1, high: 2.5 }, ratio)).toBe('95\u202f%: 1.00 … 2.50');
    expect(between({ low: null, high: null }, ratio)).toBe('');
  });

  it('fall from the highest point so far', () => {
    const curve = [100, 120, 90, 130].map((equity, at) => ({ at, equity }));
    expect(drawdowns(curve).map(([, fall]) => fall)).toEqual([0, 0, -0.25, 0]);
  });

  it('bring a moment into a form and back', () => {
    const at = new Date(2026, 10, 3, 14, 5, 6).getTime();
    expect(toLocal(at)).toBe('2026-11-03T14:05:06');
    expect(fromLocal(toLocal(at))).toBe(at);
    expect([toLocal(null), fromLocal('')]).toEqual(['', null]);
  });
});
