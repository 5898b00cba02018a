export * from './fair-value.js';
export * from './dirichlet.js';
