export * from './similarity.js';
export * from './impulse.js';
