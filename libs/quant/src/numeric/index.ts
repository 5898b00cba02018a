export * from './root.js';
export * from './minimum.js';
