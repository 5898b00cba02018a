// Run with `npm run plugin:test -- FOLDER`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import make from './plugin.mjs';

const { sdk, modelBench, modelConformance } = await import(process.env.ARBINTEL_TESTING);
const plugin = make(sdk);

for (const { name, run } of modelConformance(plugin)) test(name, run);

test('moves towards the new middle by its weight', () => {
  const bench = modelBench(plugin, { markets: [{ id: 'kalshi:X' }], config: { weight: 0.5 } });
  const book = (bid, ask) => bench.book('kalshi:X', { bids: [[bid, 10]], asks: [[ask, 10]] })[0].value;
  assert.equal(book('0.40', '0.42'), 0.41);
  assert.equal(Math.round(book('0.50', '0.52') * 1e6), 460_000);
});
