export * from './kernel.types.js';
export { createKernel } from './kernel.js';
export { replay } from './replay.js';
export { journalLine } from './journal-line.js';
export * from './intake/index.js';
