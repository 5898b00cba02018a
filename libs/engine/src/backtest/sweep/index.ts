export {
  configWith,
  gridSets,
  gridSize,
  randomSets,
  type SweepAxis,
  type SweepSet,
  type SweepValue,
} from './search.js';
export { walkForward, type Span, type SweepWindow, type WindowRule } from './windows.js';
export {
  choicesOf,
  outOfSampleOf,
  sharpeOf,
  SWEEP_GOALS,
  sweepPeriod,
  type OutOfSample,
  type SweepChoice,
  type SweepGoal,
  type SweepRunFacts,
} from './judge.js';
