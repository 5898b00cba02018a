import { crossVenueArbitrage } from './cross-venue-arbitrage/cross-venue-arbitrage.strategy.js';
import { exclusiveBundle } from './exclusive-bundle/exclusive-bundle.strategy.js';
import { fairValueEdge } from './fair-value-edge/fair-value-edge.strategy.js';
import { ladderMonotonicity } from './ladder-monotonicity/ladder-monotonicity.strategy.js';
import { newsMomentum } from './news-momentum/news-momentum.strategy.js';

export { crossVenueArbitrage, exclusiveBundle, fairValueEdge, ladderMonotonicity, newsMomentum };
export const strategies = [crossVenueArbitrage, exclusiveBundle, fairValueEdge, ladderMonotonicity, newsMomentum];
