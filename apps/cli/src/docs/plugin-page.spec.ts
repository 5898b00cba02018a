import { expect, it } from 'vitest';
import { builtInPlugins } from '#host';
import { defineNotifier, type Plugin } from '#plugin-sdk';
import { Type } from 'typebox';
import { PLUGIN_DOCS, readPluginDocs, writePluginDocs } from './docs.command.js';
import { pluginPage, pluginPages } from './plugin-page.js';

it('has a page for every built-in plugin as it is now: `npm run docs` makes them anew', () => {
  if (process.env['ARBINTEL_WRITE_DOCS']) writePluginDocs(PLUGIN_DOCS);
  const wanted = pluginPages(builtInPlugins().loaded.map(({ plugin }) => plugin));
  const there = readPluginDocs(PLUGIN_DOCS);
  expect([...there.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, text] of wanted) expect(there.get(name), `docs/plugins/${name}, stale`).toBe(text);
});

it('tells what the manifest and each field of the schema say', () => {
  const page = pluginPage(
    defineNotifier({
      manifest: {
        id: 'bell',
        version: '2.1.0',
        title: 'Bell',
        summary: 'Rings.',
        sdk: '^1.0.0',
        permissions: ['net:x.org'],
      },
      configSchema: Type.Object({
        times: Type.Integer({
          title: 'Times',
          description: 'How often | it rings.',
          unit: 'count',
          minimum: 1,
          maximum: 9,
          default: 2,
        }),
        tone: Type.Union([Type.Literal('high'), Type.Literal('low')], {
          title: 'Tone',
          description: 'Which.',
          default: 'low',
        }),
        inner: Type.Object({ on: Type.Boolean({ title: 'On', description: 'Whether.', default: true }) }),
      }),
      deliver: () => Promise.resolve('rung'),
    }) as unknown as Plugin,
  );
  expect(page).toContain('# Bell');
  expect(page).toContain('| Permissions | `net:x.org` |');
  expect(page).toContain('`/times`: integer, 1 to 9 count; default `2` count.');
  expect(page).toContain('`/tone`: string, one of `"high"`, `"low"`; default `"low"`.');
  expect(page).toContain('`/inner/on`: boolean; default `true`.');
});
