export type { Forecasts } from './forecasts.js';
export * from './scores.js';
export * from './calibration-curve.js';
export * from './calibration-map.js';
export * from './regression.js';
