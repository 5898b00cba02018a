export * from './strategy-bench.types.js';
export * from './strategy-bench.js';
export * from './strategy-conformance.js';
export { conformanceTape, conformanceWorld } from './conformance-tape.js';
