export * from './candidates.js';
export * from './likeness.js';
export { statedDifferences, type StatedDifference } from './market-differences.js';
export { readQuestion, type Question } from './question.js';
export { takeTimes, sameEnd, type NamedTime } from './dates.js';
export { takeQuantities, type Bound, type Quantity } from './quantities.js';
