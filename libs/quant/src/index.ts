export * from './distributions/index.js';
export * from './numeric/index.js';
export * from './quotes/index.js';
export * from './arbitrage/index.js';
export * from './random.js';
export * from './hmm/index.js';
export * from './kelly/index.js';
export * from './linear-program/index.js';
