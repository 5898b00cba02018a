export * from './normal.js';
export * from './gamma-functions.js';
export * from './beta.js';
export * from './chi-square.js';
