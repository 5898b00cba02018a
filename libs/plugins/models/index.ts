import { bayesFairValue } from './bayes-fair-value/bayes-fair-value.model.js';
import { hmmRegime } from './hmm-regime/hmm-regime.model.js';
import { kalmanFairValue } from './kalman-fair-value/kalman-fair-value.model.js';
import type { ModelPlugin } from '#plugin-sdk';

export { bayesFairValue, hmmRegime, kalmanFairValue };
export const models: readonly ModelPlugin[] = [kalmanFairValue, bayesFairValue, hmmRegime];
