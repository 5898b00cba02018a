import { bayesFairValue } from './bayes-fair-value/bayes-fair-value.model.js';
import { hmmRegime } from './hmm-regime/hmm-regime.model.js';
import { kalmanFairValue } from './kalman-fair-value/kalman-fair-value.model.js';
import { newsImpulse } from './news-impulse/news-impulse.model.js';
import { pooledFairValue } from './pooled-fair-value/pooled-fair-value.model.js';
import type { ModelPlugin } from '#plugin-sdk';

export { bayesFairValue, hmmRegime, kalmanFairValue, newsImpulse, pooledFairValue };
export { POOL_MEMBERS } from './pooled-fair-value/pooled-fair-value.model.js';
export { RESPONSE_KEY, sourceKey, sourceWeight } from './news-impulse/parameters.js';
export { barIndex, openBar, recordedBars, REGIME_WIDTH } from './hmm-regime/regime-bars.js';
export {
  categoryLevel,
  fitMids,
  LEAST_READINGS,
  levelOf,
  READ_EVERY_MS,
  readingsIn,
} from './kalman-fair-value/level-fit.js';
export { fitRegime, LEAST_OWN_BARS, presentBars, regimeKey, type RegimeParameters } from './hmm-regime/regime-fit.js';
export { fitSharedRegime, LEAST_BORROWING_BARS, type SharedRows } from './hmm-regime/shared-fit.js';
export const models: readonly ModelPlugin[] = [
  kalmanFairValue,
  bayesFairValue,
  pooledFairValue,
  hmmRegime,
  newsImpulse,
];
