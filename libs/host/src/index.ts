export * from './build-id.js';
export * from './config.js';
export * from './log.js';
export * from './order-latency.js';
export * from './process-link.js';
export * from './registry/index.js';
export * from './vault.js';
