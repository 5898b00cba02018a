import { describe, it } from 'vitest';
import { venueConformance } from '#plugin-sdk/testing';
import { kalshiWorld } from './kalshi/kalshi.world.spec-support.js';
import { kalshi } from './kalshi/kalshi.venue.js';
import { polymarketWorld } from './polymarket/polymarket.world.spec-support.js';
import { polymarket } from './polymarket/polymarket.venue.js';

describe('Polymarket as a venue', () => {
  it.each(venueConformance(polymarket, polymarketWorld))('$name', ({ run }) => run());
});

describe('Kalshi as a venue', () => {
  it.each(venueConformance(kalshi, kalshiWorld))('$name', ({ run }) => run());
});
