export * from './simplex.js';
export * from './state-arbitrage.js';
