import { describe, expect, it } from 'vitest';
import type { PluginFieldsFragment } from '../../generated/graphql';
import { useWorkflowForm, type SavedWorkflow } from './workflow-form';

const field = (path: string, title: string, more: object = {}) => ({
  path,
  title,
  type: 'integer',
  description: '',
  unit: 'micro-dollars',
  default: 500_000_000,
  minimum: 0,
  maximum: 1_000_000_000,
  step: null,
  enum: null,
  ...more,
});
const plugin = (id: string, kind: string, fields: object[], models: string[] = []) =>
  ({
    id,
    kind,
    title: id,
    version: '1.0.0',
    summary: '',
    source: 'built-in',
    sdk: '^1.0.0',
    scope: kind === 'strategy' ? 'markets' : null,
    defaultMode: null,
    permissions: [],
    needs: { models, news: false },
    fields,
  }) as PluginFieldsFragment;
const plugins = [
  plugin('buyer', 'strategy', [field('/budget', 'Budget')], ['kalman']),
  plugin('other', 'strategy', []),
  plugin('base', 'model', [
    field('/rates', 'Rates', {
      type: 'array',
      unit: null,
      default: [],
      entry: [
        field('/category', 'Category', { type: 'string', unit: null, default: null }),
        field('/mean', 'Mean', { type: 'number', unit: 'probability', default: null, maximum: 1 }),
      ],
    }),
  ]),
  plugin('pool', 'model', [], ['base']),
  plugin('kalman', 'model', [field('/noise', 'Noise', { type: 'number', unit: 'share', default: 0.5, maximum: 1 })]),
];
const saved: SavedWorkflow = {
  id: 'w',
  version: 3,
  title: 'Mine',
  plugin: 'buyer',
  account: 'main',
  mode: 'paper',
  config: { budget: 20_000_000 },
  scope: { venues: ['kalshi'] },
  limits: { maxGross: 5_000_000 },
  models: [{ plugin: 'kalman', version: '1.0.0', config: { noise: 0.25 } }],
};
const formOf = (from: SavedWorkflow | null) => {
  const form = useWorkflowForm(
    (id) => plugins.find((each) => each.id === id),
    () => from,
  );
  form.begin(from, { plugin: 'buyer', account: 'main' });
  return form;
};

describe('the form of a workflow', () => {
  it('sends back exactly what was saved, from the units a person reads', () => {
    const form = formOf(saved);
    expect(form.draft.config).toEqual({ '/budget': '20' });
    expect(form.draft.models).toEqual({ kalman: { '/noise': '25' } });
    expect(form.draft.limits).toEqual({ maxGross: '5' });
    expect(form.input()).toMatchObject({
      id: 'w',
      baseVersion: 3,
      config: { budget: 20_000_000 },
      limits: { maxGross: 5_000_000 },
      models: { kalman: { noise: 0.25 } },
      scope: { venues: ['kalshi'], markets: [] },
    });
    expect(form.changed.value).toBe(false);
  });

  it('begins a new one with the defaults of its plugin and of the models it needs', () => {
    const form = formOf(null);
    form.draft.title = 'New';
    expect(form.input()).toMatchObject({
      id: null,
      config: { budget: 500_000_000 },
      models: { kalman: { noise: 0.5 } },
      limits: {},
    });
    form.choose('other');
    expect(form.input()).toMatchObject({ plugin: 'other', config: {}, models: {} });
  });

  it('takes further models and gives them up again, but not those the strategy needs', () => {
    const form = formOf(saved);
    form.addModel('pool');
    expect(Object.keys(form.draft.models)).toEqual(['kalman', 'base', 'pool']);
    expect(form.changed.value).toBe(true);
    expect(form.input().models).toMatchObject({ kalman: { noise: 0.25 }, base: { rates: [] }, pool: {} });
    expect([form.isNeeded('kalman'), form.isNeeded('pool')]).toEqual([true, false]);
    form.removeModel('pool');
    form.removeModel('base');
    expect(form.changed.value).toBe(false);
  });

  it('holds what is wrong with a row of a list at the list, and sends the rows as they are stored', () => {
    const form = formOf(saved);
    form.addModel('base');
    form.draft.models['base'] = { '/rates': '[{"/category":"Politics","/mean":"650"}]' };
    expect(form.problemAt('/models/base/rates')).toBe('Row 1, Mean: Only 0 to 100 %');
    form.draft.models['base'] = { '/rates': '[{"/category":"Politics","/mean":"65"}]' };
    expect(form.valid.value).toBe(true);
    expect(form.input().models).toMatchObject({ base: { rates: [{ category: 'Politics', mean: 0.65 }] } });
  });

  it('holds each complaint at its field until that is typed in again', () => {
    const form = formOf(saved);
    form.draft.config['/budget'] = '2000';
    expect(form.valid.value).toBe(false);
    expect(form.problemAt('/config/budget')).toBe('Only $0 to $1,000');
    form.draft.config['/budget'] = '7';
    form.refuse({
      message: 'No.',
      fields: [
        { path: '/limits/maxGross', message: 'Wider than the account.' },
        { path: '/baseVersion', message: 'Saved meanwhile.' },
      ],
    });
    expect(form.problemAt('/limits/maxGross')).toBe('Wider than the account.');
    expect(form.others.value).toEqual([{ path: '/baseVersion', message: 'Saved meanwhile.' }]);
    form.forget('/limits/maxGross');
    expect(form.problemAt('/limits/maxGross')).toBe('');
  });
});
