export * from './registry.types.js';
export * from './load-plugins.js';
export * from './config-fields.js';
export * from './fit-config.js';
