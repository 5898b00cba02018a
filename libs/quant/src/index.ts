export * from './numeric/index.js';
export * from './quotes/index.js';
export * from './arbitrage/index.js';
export * from './random.js';
export * from './hmm/index.js';
