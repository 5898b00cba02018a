export * from './kernel.types.js';
export { createKernel } from './kernel.js';
export { replay, replayAgainst, type Comparison, type Difference } from './replay.js';
export { journalLine } from './journal-line.js';
export { holdsGroup, holdsLink, holdsMarket, type ScopeMarket } from './scopes.js';
export { PLUGIN_DEFAULT } from './enablement.js';
export * from './intake/index.js';
export type { BookRows } from './book-rows.js';
export * from './backtest/index.js';
