export * from './units.js';
export * from './ids.js';
export * from './problems.js';
export * from './fees.js';
export * from './market.js';
export * from './events.js';
export * from './journal.js';
export * from './risk/limits.js';
