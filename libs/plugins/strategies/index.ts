import { crossVenueArbitrage } from './cross-venue-arbitrage/cross-venue-arbitrage.strategy.js';
import { exclusiveBundle } from './exclusive-bundle/exclusive-bundle.strategy.js';

export { crossVenueArbitrage, exclusiveBundle };
export const strategies = [crossVenueArbitrage, exclusiveBundle];
