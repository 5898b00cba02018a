export * from './moments.js';
export * from './sharpe.js';
export * from './equity.js';
export * from './performance.js';
