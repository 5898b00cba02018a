export * from './local-level.js';
export * from './series.js';
export * from './fit.js';
export * from './log-odds.js';
export * from './two-venues.js';
export * from './news-control.js';
export * from './diagnostics.js';
