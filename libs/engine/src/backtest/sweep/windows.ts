import { UserProblem, type Instant } from '#core';

export interface Span {
  readonly fromAt: Instant;
  readonly toAt: Instant;
}

/** Sets are judged on `train`; what the best of them is worth shows on `test`, which is later. */
export interface SweepWindow {
  readonly train: Span;
  readonly test: Span;
}

export interface WindowRule {
  readonly windows: number;
  /** Length of training in lengths of a test. */
  readonly trainRatio: number;
  /** Left out between training and its test: the time in which what training decided still comes to its result, ms. */
  readonly purgeMs: number;
  /** Left out between one test and the next, so that a position's aftermath is not counted twice, ms. */
  readonly embargoMs: number;
  /** Training always begins where the tape does, instead of moving along. */
  readonly anchored: boolean;
}

/** Shorter tests say nothing. */
const LEAST_MS = 1_000;

/**
 * Walk-forward windows over a span: tests of equal length, one after the other up to its end, each behind its training. One
 * window is a plain hold-out.
 *
 * @throws UserProblem when the span has no room for them.
 */
export function walkForward({ fromAt, toAt }: Span, rule: WindowRule): readonly SweepWindow[] {
  const { windows, trainRatio, purgeMs, embargoMs, anchored } = rule;
  const room = toAt - fromAt - purgeMs - (windows - 1) * embargoMs;
  const length = Math.floor(room / (windows + trainRatio));
  if (!(length >= LEAST_MS))
    throw new UserProblem('The span is too short for so many windows, with what is left out between them.');
  // What does not divide evenly is the first training's.
  const first = toAt - windows * length - (windows - 1) * embargoMs;
  return Array.from({ length: windows }, (_, i) => {
    const from = first + i * (length + embargoMs);
    const trained = from - purgeMs;
    return {
      train: { fromAt: anchored ? fromAt : Math.max(fromAt, trained - Math.floor(trainRatio * length)), toAt: trained },
      test: { fromAt: from, toAt: from + length },
    };
  });
}
