import { describe, expect, it } from 'vitest';
import {
  appendBeliefs,
  bandedModels,
  beliefsOf,
  NO_BELIEFS,
  refineBeliefs,
  regimeAt,
  regimeSpans,
  rowAt,
  rowsOf,
  silentSince,
} from './belief-series';

const answer = (at: readonly number[], value = 0.5) =>
  beliefsOf({
    estimates: [
      {
        model: 'kalman',
        name: 'fair',
        at,
        value: at.map(() => value),
        low: at.map(() => 0.4),
        high: at.map(() => 0.6),
      },
      { model: 'hmm', name: 'volatility', at, value: at.map(() => 9), low: [], high: [] },
    ],
    edges: [{ model: 'kalman', at, edge: at.map(() => 0.01), kelly: at.map(() => 0.02) }],
  });

describe('what models believed', () => {
  it('is a fair value with its edges; other names are no line on the chart', () => {
    const { fair, regimes } = answer([1, 2]);
    expect(fair).toEqual([
      {
        model: 'kalman',
        at: [1, 2],
        value: [0.5, 0.5],
        low: [0.4, 0.4],
        high: [0.6, 0.6],
        edge: [0.01, 0.01],
        kelly: [0.02, 0.02],
      },
    ]);
    expect(regimes).toEqual([]);
  });

  it('goes on with newer rows only, drops what left the window, and is bounded', () => {
    const grown = appendBeliefs(answer([10, 20, 30]), answer([30, 40], 0.7), 0, 100);
    expect(grown.fair[0]!.at).toEqual([10, 20, 30, 40]);
    expect(grown.fair[0]!.value).toEqual([0.5, 0.5, 0.5, 0.7]);
    expect(appendBeliefs(answer([10, 20, 30]), answer([40]), 25, 100).fair[0]!.at).toEqual([20, 30, 40]);
    expect(appendBeliefs(answer([10, 20, 30]), answer([40]), 0, 2).fair[0]!.at).toEqual([30, 40]);
    expect(appendBeliefs(NO_BELIEFS, answer([40]), 0, 2).fair[0]!.at).toEqual([40]);
    expect(appendBeliefs(answer([10]), NO_BELIEFS, 0, 2).fair[0]!.at).toEqual([10]);
  });

  it('puts a finer reading in the place of the coarse one', () => {
    const fine = refineBeliefs(answer([10, 20, 30, 40]), answer([18, 22, 28], 0.9), 15, 30);
    expect(fine.fair[0]!.at).toEqual([10, 18, 22, 28, 40]);
    expect(fine.fair[0]!.value).toEqual([0.5, 0.9, 0.9, 0.9, 0.5]);
    expect(fine.fair[0]!.kelly).toHaveLength(5);
  });
});

describe('regimes', () => {
  it('are spans, the last one open', () => {
    const spans = regimeSpans([10, 20, 30, 40], [0, 0, 1, 0.5]);
    expect(spans).toEqual([
      { from: 10, to: 30, regime: 'quiet' },
      { from: 30, to: 40, regime: 'volatile' },
      { from: 40, to: null, regime: 'normal' },
    ]);
    expect([5, 10, 35, 99].map((at) => regimeAt(spans, at))).toEqual([null, 'quiet', 'volatile', 'normal']);
  });

  it('go on where they ended', () => {
    const known = { ...NO_BELIEFS, regimes: regimeSpans([10, 30], [0, 1]) };
    const next = appendBeliefs(known, { ...NO_BELIEFS, regimes: regimeSpans([35, 50], [1, 0]) }, 0, 10);
    expect(next.regimes).toEqual([
      { from: 10, to: 30, regime: 'quiet' },
      { from: 30, to: 50, regime: 'volatile' },
      { from: 50, to: null, regime: 'quiet' },
    ]);
  });
});

describe('the bands of several fair values', () => {
  const track = (model: string, low: number | null, high: number | null) =>
    ({ model, at: [1], value: [0.5], low: [low], high: [high], edge: [null], kelly: [null] }) as const;

  it('are drawn where they are about as narrow as the narrowest; a single one always', () => {
    const all = [
      track('wide', 0.2, 0.8),
      track('narrow', 0.48, 0.52),
      track('near', 0.47, 0.53),
      track('none', null, null),
    ];
    expect([...bandedModels(all)]).toEqual(['narrow', 'near']);
    expect([...bandedModels([track('wide', 0.2, 0.8)])]).toEqual(['wide']);
    expect(bandedModels([]).size).toBe(0);
  });
});

describe('a model that stopped', () => {
  const MINUTE = 60_000;
  const every = (from: number, to: number, step: number): number[] =>
    Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);

  it('ends its line where it last said something, and the line of one that runs goes on to now', () => {
    const at = every(0, 10 * MINUTE, MINUTE);
    expect(rowsOf({ at }, 11 * MINUTE).at(-1)).toEqual([11 * MINUTE, 10]);
    expect(silentSince({ at }, 11 * MINUTE)).toBeNull();
    expect(rowsOf({ at }, 20 * MINUTE).at(-1)).toEqual([10 * MINUTE, 10]);
    expect(silentSince({ at }, 20 * MINUTE)).toBe(10 * MINUTE);
    expect(rowAt({ at }, 15 * MINUTE, 20 * MINUTE)).toBe(-1);
    expect(rowAt({ at }, 9.5 * MINUTE, 20 * MINUTE)).toBe(9);
    expect(silentSince({ at: [] }, 20 * MINUTE)).toBeNull();
  });

  it('leaves a hole where it was silent for a while', () => {
    const at = [...every(0, 5 * MINUTE, MINUTE), ...every(30 * MINUTE, 35 * MINUTE, MINUTE)];
    expect(rowsOf({ at }, 35 * MINUTE).filter(([, row]) => row === null)).toEqual([[5 * MINUTE + 1, null]]);
    expect(rowAt({ at }, 20 * MINUTE, 35 * MINUTE)).toBe(-1);
    expect(rowAt({ at }, 31 * MINUTE, 35 * MINUTE)).toBe(7);
    const spans = regimeSpans(
      at,
      at.map(() => 0),
    );
    expect(spans.map(({ from, to }) => [from, to])).toEqual([
      [0, 5 * MINUTE],
      [30 * MINUTE, null],
    ]);
  });

  it('takes rows that the server has thinned out for no silence', () => {
    const at = every(0, 100 * MINUTE, 10 * MINUTE);
    expect(rowsOf({ at }, 101 * MINUTE)).toHaveLength(12);
  });

  it('keeps when a regime was last said, though it stays the same', () => {
    const said = (at: readonly number[]) =>
      beliefsOf({
        estimates: [{ model: 'hmm', name: 'regime', at, value: at.map(() => 0), low: [], high: [] }],
        edges: [],
      });
    expect(appendBeliefs(said([0, MINUTE]), said([2 * MINUTE]), 0, 100).regimeSaidAt).toBe(2 * MINUTE);
    expect(appendBeliefs(said([0, MINUTE]), NO_BELIEFS, 0, 100).regimeSaidAt).toBe(MINUTE);
  });
});
