import { expect, it } from 'vitest';
import { judgeLabels } from './label-scores.js';

it('counts what was said against what is true, label by label', () => {
  const truth = ['positive', 'positive', 'negative', 'neutral'] as const;
  const said = ['positive', 'neutral', 'negative', 'neutral'] as const;
  const { accuracy, macroF1, confusion, f1 } = judgeLabels(truth, said);
  expect(accuracy).toBe(0.75);
  expect(f1).toEqual({ positive: 2 / 3, negative: 1, neutral: 2 / 3 });
  expect(macroF1).toBeCloseTo(7 / 9, 12);
  expect(confusion).toEqual([
    [1, 0, 1],
    [0, 1, 0],
    [0, 0, 1],
  ]);
});

it('gives a label nobody has no credit', () => {
  expect(judgeLabels(['positive'], ['positive']).macroF1).toBeCloseTo(1 / 3, 12);
});
