export * from './quantile.js';
export * from './bootstrap.js';
export * from './bca.js';
