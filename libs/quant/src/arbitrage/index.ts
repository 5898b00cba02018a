export * from './leg-cost.js';
export * from './optimiser.js';
export * from './annualised.js';
export * from './gross-edge.js';
export * from './waterfall.js';
