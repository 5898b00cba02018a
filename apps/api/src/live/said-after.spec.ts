import { expect, it } from 'vitest';
import { saidAfter } from './market-feed.service.js';

it('sends only what a model said since, so that one that stopped is silent', () => {
  const columns = { low: [null, null], high: [null, null] };
  const said = saidAfter(
    {
      market: 'm',
      estimates: [
        { model: 'runs', name: 'fair', at: [10, 12], value: [0.4, 0.5], ...columns },
        { model: 'stopped', name: 'fair', at: [10], value: [0.3], low: [null], high: [null] },
      ],
      edges: [
        { model: 'runs', at: [10, 12], edge: [0.1, 0.2], kelly: [0.3, 0.4] },
        { model: 'stopped', at: [10], edge: [0.1], kelly: [0.3] },
      ],
    },
    10,
  );
  expect(said).toEqual({
    market: 'm',
    estimates: [{ model: 'runs', name: 'fair', at: [12], value: [0.5], low: [null], high: [null] }],
    edges: [{ model: 'runs', at: [12], edge: [0.2], kelly: [0.4] }],
  });
});
