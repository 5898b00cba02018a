// Run with `npm run plugin:test -- FOLDER`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import make from './plugin.mjs';

const { sdk, handedIo, newsConformance } = await import(process.env.ARBINTEL_TESTING);
const plugin = make(sdk);

const world = {
  answer: (_method, url) =>
    url.pathname === '/news.json'
      ? [
          { id: 2, title: 'Later', text: 'b', url: 'https://example.org/2', publishedAt: '2026-10-01T12:00:00Z' },
          { id: 1, title: 'Earlier', text: 'a', publishedAt: '2026-10-01T11:00:00Z' },
        ]
      : undefined,
};

for (const { name, run } of newsConformance(plugin, world)) test(name, run);

test('leaves out what is older than it was asked for', async () => {
  const items = await plugin.fetch(handedIo(plugin.configSchema, world).io, Date.parse('2026-10-01T11:30:00Z'));
  assert.deepEqual(
    items.map(({ id }) => id),
    ['2'],
  );
});
