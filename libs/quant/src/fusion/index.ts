export * from './pool.js';
export * from './edge.js';
