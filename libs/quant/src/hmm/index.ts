export * from './hmm.types.js';
export { ForwardBackward } from './forward-backward.js';
export * from './baum-welch.js';
export * from './multi-start.js';
export * from './order.js';
export * from './decode.js';
export * from './online-filter.js';
export * from './labels.js';
