export * from './registry.types.js';
export * from './load-plugins.js';
