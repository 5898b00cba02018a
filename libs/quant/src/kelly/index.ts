export * from './binary.js';
export * from './ladder.js';
export * from './exclusive.js';
export * from './simultaneous.js';
