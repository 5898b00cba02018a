import { TONES, type ToneLabel } from '#plugins';

export interface LabelScores {
  readonly accuracy: number;
  /** Mean of the three labels' F1; a label that neither is nor was said counts 0. */
  readonly macroF1: number;
  readonly f1: Readonly<Record<ToneLabel, number>>;
  /** Rows are what is true, columns what was said, both in the order of `TONES`. */
  readonly confusion: readonly (readonly number[])[];
}

/** How what was said compares with what is true, pair by pair. */
export function judgeLabels(truth: readonly ToneLabel[], said: readonly ToneLabel[]): LabelScores {
  const confusion = TONES.map((row) =>
    TONES.map((column) => truth.filter((label, i) => label === row && said[i] === column).length),
  );
  const right = TONES.reduce((sum, _, i) => sum + confusion[i][i], 0);
  const f1 = TONES.map((_, i) => {
    const claimed = confusion.reduce((sum, row) => sum + row[i], 0);
    const real = confusion[i].reduce((a, b) => a + b, 0);
    return claimed + real === 0 ? 0 : (2 * confusion[i][i]) / (claimed + real);
  });
  return {
    accuracy: right / truth.length,
    macroF1: f1.reduce((a, b) => a + b, 0) / f1.length,
    f1: { positive: f1[0], negative: f1[1], neutral: f1[2] },
    confusion,
  };
}
