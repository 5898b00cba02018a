export * from './strategy-bench.types.js';
export * from './strategy-bench.js';
export type { ConformanceCheck, SlowCheck } from './conformance.js';
export * from './strategy-conformance.js';
export * from './venue-conformance.js';
export { hostileFrames } from './hostile-frames.js';
export { conformanceTape, conformanceWorld } from './conformance-tape.js';
export * from './model-bench.js';
export * from './model-conformance.js';
