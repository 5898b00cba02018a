import { describe, expect, it } from 'vitest';
import { sdk } from '#plugin-sdk';
import { configFields } from './config-fields.js';
import { changesBetween, fitConfig } from './fit-config.js';

const { Type, defineStrategy } = sdk;
const edge = {
  title: 'Edge',
  description: 'Least edge.',
  unit: 'micro-dollars',
  minimum: 0,
  maximum: 500,
  default: 20,
};

const plugin = defineStrategy({
  manifest: { id: 'story', version: '2.0.0', title: 'Story', summary: 'For tests.', sdk: '*' },
  configSchema: Type.Object({
    edge: Type.Integer(edge),
    side: Type.Union([Type.Literal('yes'), Type.Literal('no')], { title: 'Side', description: 'One.', default: 'yes' }),
    inner: Type.Object({ on: Type.Boolean({ title: 'On', description: 'Or off.', default: true }) }, { default: {} }),
    list: Type.Array(Type.Object({ edge: Type.Integer(edge) }, { additionalProperties: false }), {
      title: 'List',
      description: 'Of edges.',
      default: [],
    }),
  }),
  scope: 'markets',
  initialState: () => 0,
  migrateConfig: ({ version, config }) => {
    if (version === '0.1.0') return JSON.parse('{');
    return { edge: (config as { least: number }).least, gone: 1 };
  },
});

describe('a config', () => {
  it('is shown as fields with all a form needs', () => {
    expect(configFields(plugin.configSchema)).toEqual([
      { path: '/edge', type: 'integer', ...edge, step: null, enum: null, entry: null },
      expect.objectContaining({ path: '/side', type: 'string', enum: ['yes', 'no'], default: 'yes' }),
      expect.objectContaining({ path: '/inner/on', type: 'boolean', title: 'On' }),
      expect.objectContaining({
        path: '/list',
        type: 'array',
        default: [],
        entry: [expect.objectContaining({ path: '/edge', title: 'Edge', maximum: 500 })],
      }),
    ]);
  });

  it('is filled with defaults', () =>
    expect(fitConfig(plugin, { version: '2.0.0', config: { edge: 7 } })).toEqual({
      config: { edge: 7, side: 'yes', inner: { on: true }, list: [] },
      problems: [],
    }));

  it('is refused field by field, each with its path and what would do', () =>
    expect(
      fitConfig(plugin, { version: '2.0.0', config: { edge: 900, side: 'both', inner: { on: 1 }, odd: 1 } }).problems,
    ).toEqual([
      { path: '/edge', message: 'Edge must be a whole number from 0 to 500 micro-dollars.' },
      { path: '/side', message: 'Side is one of yes, no.' },
      { path: '/inner/on', message: 'On must be yes or no.' },
      { path: '/odd', message: 'There is no setting called odd.' },
    ]));

  it('is refused at its list when an entry is wrong, and told which', () => {
    const problems = (list: unknown) => fitConfig(plugin, { version: '2.0.0', config: { list } }).problems;
    expect(problems([{ edge: 1 }, { edge: 501 }])).toEqual([
      { path: '/list', message: 'Entry 2: Edge must be a whole number from 0 to 500 micro-dollars.' },
    ]);
    expect(problems([{ edge: 1, odd: 2 }])).toEqual([{ path: '/list', message: 'Entry 1 is not whole.' }]);
    expect(problems([{ edge: 1 }])).toEqual([]);
  });

  it('of an older version is brought over, or the reason it cannot be', () => {
    expect(fitConfig(plugin, { version: '1.0.0', config: { least: 30 } })).toEqual({
      config: { edge: 30, side: 'yes', inner: { on: true }, list: [] },
      problems: [],
    });
    expect(fitConfig(plugin, { version: '0.1.0', config: {} }).problems).toEqual([
      { path: '', message: expect.stringContaining('version 0.1.0 cannot be brought over') },
    ]);
    expect(fitConfig(plugin, { version: '2.0.0', config: [1] }).problems).toHaveLength(1);
  });

  it('is compared with another at the deepest path', () =>
    expect(
      changesBetween({ a: 1, in: { b: [1], c: 2 }, gone: 0 }, { a: 1, in: { b: [1, 2], c: 2 }, 'n/w': null }),
    ).toEqual([
      { path: '/gone', before: 0, after: null },
      { path: '/in/b', before: [1], after: [1, 2] },
      { path: '/n~1w', before: null, after: null },
    ]));
});
