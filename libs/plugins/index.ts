import type { ModelPlugin } from '#plugin-sdk';

export * from './strategies/index.js';
export * from './venues/index.js';

/** No model is built in yet; a workflow that needs none runs without. */
export const models: readonly ModelPlugin[] = [];
