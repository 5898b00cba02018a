export * from './kernel.types.js';
