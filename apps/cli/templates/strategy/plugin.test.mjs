// Run with `npm run plugin:test -- FOLDER`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import make from './plugin.mjs';

const { sdk, strategyBench, strategyConformance } = await import(process.env.ARBINTEL_TESTING);
const plugin = make(sdk);

for (const { name, run } of strategyConformance(plugin)) test(name, run);

test('buys what is cheap, once', () => {
  const bench = strategyBench(plugin, { markets: [{ id: 'kalshi:X' }], config: { below: 300_000, contracts: 5 } });
  assert.deepEqual(bench.book('kalshi:X', { asks: [['0.40', 100]] }).said, []);
  assert.deepEqual(bench.book('kalshi:X', { asks: [['0.29', 3]] }).said, ['buy 3 yes kalshi:X at 0.29']);
  bench.hold('kalshi:X', 'yes', 3);
  assert.deepEqual(bench.again('kalshi:X').said, []);
});
