export * from './arbitrage/index.js';
export * from './random.js';
export * from './hmm/index.js';
