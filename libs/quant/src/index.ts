export * from './arbitrage/index.js';
