export * from './root.js';
export * from './minimum.js';
export * from './gauss-hermite.js';
