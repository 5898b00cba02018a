import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPlugins } from '#host';
import { PLUGIN_KINDS, type StrategyPlugin } from '#plugin-sdk';
import { strategyBench, strategyConformance } from '#plugin-sdk/testing';
import { newPlugin } from './new-plugin.js';

const root = mkdtempSync(join(tmpdir(), 'arbintel-new-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const granted = (folder: string) =>
  loadPlugins({ folders: [folder], grants: new Map([['my-idea', new Set(['net:example.org', 'secrets'])]]) });

describe('a new plugin', () => {
  it.each(PLUGIN_KINDS)('of kind %s is taken by the registry as it is written', async (kind) => {
    const folder = newPlugin({ kind, name: 'my-idea', into: join(root, kind) });
    expect(readdirSync(folder).sort()).toEqual(['plugin.mjs', 'plugin.test.mjs']);
    const registry = await granted(folder);
    expect(registry.refused).toEqual([]);
    expect(registry.find('my-idea')).toMatchObject({ folder, plugin: { kind, manifest: { title: 'My idea' } } });
  });

  it('of kind strategy trades on the bench and passes its suite', async () => {
    const folder = newPlugin({ kind: 'strategy', name: 'my-idea', into: join(root, 'bench') });
    const plugin = (await granted(folder)).find('my-idea')!.plugin as StrategyPlugin;
    const bench = strategyBench(plugin, { markets: [{ id: 'kalshi:X' }] });
    expect(bench.book('kalshi:X', { asks: [['0.20', 4]] }).said).toEqual(['buy 4 yes kalshi:X at 0.2']);
    for (const { run } of strategyConformance(plugin)) run();
  });

  it('is not written over anything, nor under a name that is no id', () => {
    mkdirSync(join(root, 'taken'));
    expect(() => newPlugin({ kind: 'model', name: 'taken', into: root })).toThrow('is there already');
    expect(() => newPlugin({ kind: 'oracle', name: 'My Idea', into: root })).toThrow(
      expect.objectContaining({ fields: [expect.anything(), expect.anything()] }),
    );
  });
});
