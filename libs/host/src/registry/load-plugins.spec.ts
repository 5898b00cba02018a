import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { strategyBench } from '#plugin-sdk/testing';
import { strategies, venues } from '#plugins';
import { pluginConfig, readConfig } from '../config.js';
import { builtInPlugins, loadPlugins } from './load-plugins.js';

const root = mkdtempSync(join(tmpdir(), 'arbintel-plugins-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
/** A folder of its own with this entry file. */
function folderOf(source: string, inside = ''): string {
  const folder = join(root, `f${(count += 1)}`, inside);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'plugin.mjs'), source);
  return folder;
}

interface Parts {
  manifest?: string;
  config?: string;
  rest?: string;
}
/** A strategy that buys whatever is cheap, with parts of it changed. */
const cheap = ({ manifest = '', config = '', rest = '' }: Parts = {}): string => `
export default ({ defineStrategy, Type, core }) =>
  defineStrategy({
    manifest: { id: 'cheap', version: '1.2.0', title: 'Cheap', summary: 'Buys what is cheap.', sdk: '^1.0.0', ${manifest} },
    configSchema: Type.Object({
      below: Type.Integer({ title: 'Below', description: 'Buys under this.', unit: 'micro-dollars', minimum: 1, maximum: 999999, default: 200000 }),
      ${config}
    }),
    scope: 'markets',
    initialState: () => ({}),
    onQuote({ config }, quote) {
      if (quote.ask < 0 || quote.ask >= config.below) return undefined;
      return { kind: 'order', legs: [{ market: quote.market, outcome: 'yes', action: 'buy', size: core.SIZE_ONE, limit: quote.ask }], reason: 'cheap' };
    },
    ${rest}
  });
`;

const reasonOf = async (source: string): Promise<string> => {
  const { refused, loaded } = await loadPlugins({ folders: [folderOf(source)] });
  expect(refused).toHaveLength(1);
  expect(loaded).toHaveLength(builtInPlugins().loaded.length);
  return refused[0].reason;
};

describe('the registry', () => {
  it('has the built-in plugins, none of which it would refuse', async () => {
    const registry = await loadPlugins({ folders: [] });
    expect(registry.strategies).toEqual(strategies);
    expect(registry.venues).toEqual(venues);
    expect(registry.refused).toEqual([]);
    expect(registry.fingerprint).toBe('');
    expect(registry.find('kalshi')).toMatchObject({ folder: null, plugin: { kind: 'venue' } });
  });

  it('takes a plugin from a folder that needs nothing but what it is handed', async () => {
    const folder = folderOf(cheap());
    const registry = await loadPlugins({ folders: [folder] });
    expect(registry.refused).toEqual([]);
    expect(registry.find('cheap')?.folder).toBe(folder);
    const plugin = registry.strategies.find(({ manifest }) => manifest.id === 'cheap')!;
    const bench = strategyBench(plugin, { markets: [{ id: 'kalshi:X' }] });
    expect(bench.book('kalshi:X', { asks: [['0.15', 10]] }).said).toEqual(['buy 1 yes kalshi:X at 0.15']);
  });

  it('takes every plugin of a folder of folders', async () => {
    const folder = folderOf(cheap(), 'one');
    mkdirSync(join(folder, '..', 'not-a-plugin'));
    const registry = await loadPlugins({ folders: [join(folder, '..')] });
    expect(registry.find('cheap')?.folder).toBe(folder);
  });

  it('refuses each with its reason and goes on with the rest', async () => {
    const [broken, good] = [folderOf('export default () => { throw new Error("no luck"); };'), folderOf(cheap())];
    const registry = await loadPlugins({ folders: [join(root, 'nowhere'), broken, good, root] });
    expect(registry.refused.slice(0, 2)).toEqual([
      { folder: join(root, 'nowhere'), id: null, reason: 'there is no such folder' },
      { folder: broken, id: null, reason: 'plugin.mjs cannot be loaded: no luck' },
    ]);
    expect(registry.find('cheap')?.folder).toBe(good);
  });

  it.each<[string, string, string]>([
    ['an entry file that is no module', 'this is not JavaScript', 'plugin.mjs cannot be loaded:'],
    [
      'one that imports what is not there',
      'import "nowhere-to-be-found"; export default () => 1;',
      'cannot be loaded:',
    ],
    ['one without a default export', 'export const plugin = 1;', 'no default export that takes the sdk'],
    ['one that gives nothing', 'export default () => undefined;', 'does not give a plugin'],
    ['an unknown kind', 'export default () => Object.freeze({ kind: "oracle" });', '"oracle" is no kind of plugin'],
    ['a bad id', cheap({ manifest: "id: 'Cheap Stuff'" }), 'lower-case words joined by hyphens'],
    ['a version that is none', cheap({ manifest: "version: '1.2'" }), '"1.2" is not a semantic version'],
    ['an empty title', cheap({ manifest: "title: ' '" }), 'title and summary'],
    ['a range that is none', cheap({ manifest: "sdk: 'latest'" }), 'sdk "latest" is not a range'],
    ['an sdk of the future', cheap({ manifest: "sdk: '^2.0.0'" }), 'sdk ^2.0.0 does not admit version 1.1.0'],
    ['needs of an odd shape', cheap({ manifest: "needs: { models: 'kalman' }" }), 'what it needs'],
    ['an unknown permission', cheap({ manifest: "permissions: ['root']" }), '"root" is no permission'],
    [
      'a permission nobody granted',
      cheap({ manifest: "permissions: ['net:example.org', 'secrets']" }),
      'nobody granted it net:example.org, secrets; ARBINTEL_PLUGIN_GRANTS would have to say cheap=net:example.org,cheap=secrets',
    ],
    ['the id of a built-in', cheap({ manifest: "id: 'cross-venue-arbitrage'" }), 'is taken by a built-in plugin'],
    [
      'a field without a title',
      cheap({ config: 'odd: Type.String({ default: "" }),' }),
      'its config: odd has no title',
    ],
    [
      'a number without a unit',
      cheap({ config: 'odd: Type.Number({ title: "a", description: "b", default: 1, minimum: 0, maximum: 2 }),' }),
      'its config: odd has no unit',
    ],
    [
      'a default outside its range',
      cheap({
        config: 'odd: Type.Number({ title: "a", description: "b", unit: "ms", default: 9, minimum: 0, maximum: 2 }),',
      }),
      'the defaults do not pass the schema',
    ],
    [
      'a schema that is none',
      'export default ({ defineStrategy }) => defineStrategy({ manifest: { id: "x", version: "1.0.0", title: "X", summary: "X.", sdk: "*" } });',
      'there is no config schema',
    ],
    ['an unknown scope', cheap({ rest: "scope: 'planets'," }), 'its scope is "planets"'],
    ['a missing function', cheap({ rest: 'initialState: undefined,' }), 'a strategy has a function initialState'],
    ['a hook that is no function', cheap({ rest: 'onBeat: 7,' }), 'onBeat is not a function'],
    [
      'one that is not frozen',
      'export default ({ defineStrategy, Type }) => ({ ...defineStrategy({ manifest: { id: "x", version: "1.0.0", title: "X", summary: "X.", sdk: "*" }, configSchema: Type.Object({}), scope: "markets", initialState: () => 0 }) });',
      'it is not frozen',
    ],
  ])('refuses %s', async (_what, source, expected) => expect(await reasonOf(source)).toContain(expected));

  it('lets the first of two with one id keep it', async () => {
    const [first, second] = [folderOf(cheap()), folderOf(cheap({ manifest: "version: '2.0.0'" }))];
    const registry = await loadPlugins({ folders: [first, second] });
    expect(registry.find('cheap')?.folder).toBe(first);
    expect(registry.refused).toEqual([
      { folder: second, id: 'cheap', reason: `the id cheap is taken by the one in ${first}` },
    ]);
  });

  it('lets through what the environment granted', async () => {
    const folder = folderOf(cheap({ manifest: "permissions: ['net:example.org', 'secrets']" }));
    const config = pluginConfig({
      ARBINTEL_PLUGINS: ` ${folder} ,`,
      ARBINTEL_PLUGIN_GRANTS: 'cheap=net:example.org, cheap=secrets',
    });
    expect((await loadPlugins(config)).refused).toEqual([]);
    expect(() => readConfig({ DATABASE_URL: 'postgres://x', ARBINTEL_PLUGIN_GRANTS: 'cheap' })).toThrow(
      expect.objectContaining({ fields: [expect.objectContaining({ path: '/ARBINTEL_PLUGIN_GRANTS' })] }),
    );
  });

  it('names another build when a line of a folder changes', async () => {
    const folder = folderOf(cheap());
    const fingerprint = async (): Promise<string> => (await loadPlugins({ folders: [folder] })).fingerprint;
    const before = await fingerprint();
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    writeFileSync(join(folder, 'plugin.test.mjs'), '');
    expect(await fingerprint()).toBe(before);
    writeFileSync(join(folder, 'table.json'), '{}');
    expect(await fingerprint()).not.toBe(before);
  });
});
