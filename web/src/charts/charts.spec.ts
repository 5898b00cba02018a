import { describe, expect, it } from 'vitest';
import { themes } from '../theme/tokens';
import { heatColours, mixed } from './chart-look';
import { cumulative } from './depth';
import { append, columnsOf, indexAt, quoteInTerms, refine, spanAt } from './price-series';
import { sparkPath } from './spark';
import { waterfall } from './waterfall';

describe('the gross → net waterfall', () => {
  const steps = [
    { label: 'Gross', amount: 1_000 },
    { label: 'Fees', amount: -600 },
    { label: 'Rebate', amount: 100 },
    { label: 'Net', amount: 500 },
  ];

  it('begins every step where the one before ended and draws the net from zero', () => {
    const { bars, zero, off } = waterfall(steps);
    expect(bars.map(({ start, end }) => [start, end])).toEqual([
      [0, 1],
      [0.4, 1],
      [0.4, 0.5],
      [0, 0.5],
    ]);
    expect(bars.map((bar) => bar.kind)).toEqual(['total', 'cost', 'gain', 'total']);
    expect([zero, off]).toEqual([0, 0]);
  });

  it('leaves room below zero for a negative net', () => {
    const { bars, zero } = waterfall([
      { label: 'Gross', amount: 200 },
      { label: 'Fees', amount: -500 },
      { label: 'Net', amount: -300 },
    ]);
    expect(zero).toBeCloseTo(0.6);
    expect([bars[2]!.start, bars[2]!.end]).toEqual([0, 0.6]);
  });

  it('says by how much steps do not add up', () => {
    expect(waterfall([...steps.slice(0, 3), { label: 'Net', amount: 450 }]).off).toBe(-50);
  });

  it('draws nothing of nothing and a single line as it is', () => {
    expect(waterfall([]).bars).toEqual([]);
    expect(waterfall([{ label: 'Net', amount: 5 }])).toMatchObject({ off: 0, bars: [{ start: 0, end: 1 }] });
  });
});

describe('a heat map', () => {
  /** Relative luminance and contrast of WCAG 2. */
  const light = (hex: string): number => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const contrast = (a: string, b: string): number => {
    const [low, high] = [light(a), light(b)].toSorted((x, y) => x - y);
    return (high! + 0.05) / (low! + 0.05);
  };

  it.each(['dark', 'light'] as const)('can be read in every cell of the %s theme', (name) => {
    const [loss, nothing, gain] = heatColours(themes[name]);
    for (const end of [loss!, gain!])
      for (let share = 0; share <= 1; share += 0.125)
        expect(contrast(mixed(nothing!, end, share), themes[name].text)).toBeGreaterThanOrEqual(4.5);
    expect(new Set([loss, nothing, gain]).size).toBe(3);
  });
});

describe('price columns', () => {
  it('reads −1 as an absent side', () => {
    expect(columnsOf({ at: [1, 2], bid: [-1, 400_000], ask: [420_000, -1] }, false)).toEqual({
      at: [1, 2],
      bid: [null, 400_000],
      ask: [420_000, null],
    });
  });

  it('turns an inverse market round: its ask is our bid', () => {
    expect(columnsOf({ at: [1], bid: [300_000], ask: [320_000] }, true)).toEqual({
      at: [1],
      bid: [680_000],
      ask: [700_000],
    });
    expect(quoteInTerms({ bid: null, ask: 320_000 }, true)).toEqual({ bid: 680_000, ask: null });
  });

  it('appends only what is newer, drops what left the window, and is bounded', () => {
    const columns = { at: [10, 20, 30], bid: [1, 2, 3], ask: [2, 3, 4] };
    const rows = [
      { at: 30, bid: 9, ask: 9 },
      { at: 40, bid: 4, ask: 5 },
    ];
    expect(append(columns, rows, 0, 100)).toEqual({ at: [10, 20, 30, 40], bid: [1, 2, 3, 4], ask: [2, 3, 4, 5] });
    expect(append(columns, rows, 25, 100).at).toEqual([20, 30, 40]);
    expect(append(columns, rows, 0, 2).at).toEqual([30, 40]);
    expect(append(columns, [], 0, 100)).toBe(columns);
  });

  it('puts a finer reading in the place of the coarse one, and keeps what is newer', () => {
    const columns = { at: [10, 20, 30, 40], bid: [1, 2, 3, 4], ask: [1, 2, 3, 4] };
    const detail = { at: [18, 22, 28], bid: [5, 6, 7], ask: [5, 6, 7] };
    expect(refine(columns, detail, 15, 30)).toEqual({
      at: [10, 18, 22, 28, 40],
      bid: [1, 5, 6, 7, 4],
      ask: [1, 5, 6, 7, 4],
    });
    expect(refine(columns, { at: [], bid: [], ask: [] }, 15, 30)).toBe(columns);
  });

  it('finds the row that held at a moment', () => {
    expect([5, 10, 19, 30, 99].map((at) => indexAt([10, 20, 30], at))).toEqual([-1, 0, 0, 2, 2]);
  });

  it('finds the continuity span of a moment, open at its end', () => {
    const spans = [
      { from: 0, to: 10, trusted: true, reason: 'snapshot' },
      { from: 10, to: null, trusted: false, reason: 'gap' },
    ];
    expect([spanAt(spans, 9)?.reason, spanAt(spans, 10)?.reason, spanAt(spans, -1)]).toEqual(['snapshot', 'gap', null]);
  });
});

it('adds sizes up from the best level', () => {
  expect(
    cumulative([
      { price: 40, size: 5 },
      { price: 39, size: 7 },
    ]).map((row) => row.total),
  ).toEqual([5, 12]);
});

it('draws a flat line level, and no line of one point', () => {
  expect(sparkPath([3], 100, 40).line).toBe('');
  expect(sparkPath([3, 3], 100, 40).line).toBe('M0 37L100 37');
});
