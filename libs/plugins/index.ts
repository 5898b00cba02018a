export * from './enrichers/index.js';
export * from './models/index.js';
export * from './news/index.js';
export * from './notifiers/index.js';
export * from './strategies/index.js';
export * from './venues/index.js';
