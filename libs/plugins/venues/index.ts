import { kalshi } from './kalshi/kalshi.venue.js';
import { polymarket } from './polymarket/polymarket.venue.js';

export { kalshi, polymarket };
export const venues = [polymarket, kalshi];
