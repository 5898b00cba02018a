export * from './manifest.js';
export * from './venue.js';
export * from './strategy.js';
export * from './model.js';
