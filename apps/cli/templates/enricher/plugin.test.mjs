// Run with `npm run plugin:test -- FOLDER`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import make from './plugin.mjs';

const { sdk, enricherConformance, handedIo } = await import(process.env.ARBINTEL_TESTING);
const plugin = make(sdk);
const world = { answer: () => undefined };

for (const { name, run } of enricherConformance(plugin, world)) test(name, run);

test('finds the question an item is about', async () => {
  const open = await plugin.open(handedIo(plugin.configSchema, world).io);
  const [{ touches }] = await open.enrich([
    {
      item: { id: 'n', title: 'Rates cut in December', text: '', url: null, publishedAt: null },
      markets: [
        { id: 'kalshi:A', title: 'Rates lower after December?', rules: '' },
        { id: 'kalshi:B', title: 'Rain tomorrow?', rules: '' },
      ],
    },
  ]);
  assert.deepEqual(
    touches.map(({ market }) => market),
    ['kalshi:A'],
  );
});
