// Run with `npm run plugin:test -- FOLDER`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import make from './plugin.mjs';

const { sdk, BENCH_NOTICE, handedIo, notifierConformance } = await import(process.env.ARBINTEL_TESTING);
const plugin = make(sdk);
const world = { answer: () => ({ ok: true }), secrets: { token: 'hush' } };

for (const { name, run } of notifierConformance(plugin, world)) test(name, run);

test('shows its token and keeps the secret out of the log', async () => {
  const { io, calls } = handedIo(plugin.configSchema, world);
  assert.equal(await plugin.deliver(io, BENCH_NOTICE), 'posted to example.org');
  assert.equal(calls[0].headers.authorization, 'Bearer hush');
});
