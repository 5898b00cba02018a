import { describe, expect, it } from 'vitest';
import type { WorkflowRecord } from '#core';
import type { Inbox, InboxItem } from '#data';
import { exclusiveBundle, fairValueEdge, models as builtIn } from '#plugins';
import { sdk, type ModelPlugin, type StrategyPlugin } from '#plugin-sdk';
import { renewWorkflows } from './upgrade.js';

const { Type, defineModel, defineStrategy } = sdk;
const manifest = (id: string) => ({ id, version: '2.0.0', title: id, summary: id, sdk: '*' });
const knob = Type.Integer({ title: 'Knob', description: 'Turns.', unit: 'turns', minimum: 0, maximum: 9, default: 3 });

const strategy = defineStrategy({
  manifest: manifest('trader'),
  configSchema: Type.Object({ knob }),
  scope: 'markets',
  initialState: () => 0,
  migrateConfig: ({ config }) => ({ knob: (config as { old: number }).old }),
}) as StrategyPlugin;
const model = defineModel({ manifest: manifest('mind'), configSchema: Type.Object({ knob }), initialState: () => 0 });

const workflow = (old: number, models: readonly string[]): WorkflowRecord =>
  ({
    id: 'w',
    version: 4,
    title: 'W',
    plugin: 'trader',
    pluginVersion: '1.0.0',
    config: { old },
    models: models.map((plugin) => ({ plugin, version: '1.0.0', config: { knob: 5, gone: true } })),
  }) as unknown as WorkflowRecord;

async function renewed(record: WorkflowRecord) {
  const put: Omit<InboxItem, 'position'>[] = [];
  const inbox = { put: async (item: Omit<InboxItem, 'position'>) => void put.push(item) } as unknown as Inbox;
  const left = await renewWorkflows(inbox, 1, 90, [record], {
    strategies: [strategy, ...[exclusiveBundle, fairValueEdge].map((one) => one as unknown as StrategyPlugin)],
    models: [...builtIn, model as unknown as ModelPlugin],
  });
  return { left, put };
}

describe('a workflow that another build left', () => {
  it('is pinned to the plugins that are here, strategy and models alike', async () => {
    const { left, put } = await renewed(workflow(7, ['mind']));
    expect(left).toEqual([]);
    expect(put).toEqual([
      expect.objectContaining({
        id: 'upgrade-1-90-w',
        body: {
          kind: 'workflow',
          workflow: expect.objectContaining({
            pluginVersion: '2.0.0',
            config: { knob: 7 },
            models: [{ plugin: 'mind', version: '2.0.0', config: { knob: 5 } }],
          }),
        },
      }),
    ]);
  });

  it('is left with the reason when it does not fit them', async () => {
    expect(await renewed(workflow(70, []))).toEqual({
      put: [],
      left: ['W: its settings do not fit trader 2.0.0: Knob must be a whole number from 0 to 9 turns.'],
    });
    expect((await renewed(workflow(1, ['oracle']))).left).toEqual(['W: there is no model oracle']);
  });

  it('trades open sets of outcomes no longer, and keeps what else it was told', async () => {
    const config = { minEdge: 7_000, openSets: true };
    const { left, put } = await renewed({ ...workflow(0, []), plugin: exclusiveBundle.manifest.id as never, config });
    expect(left).toEqual([]);
    const saved = (put[0].body as { workflow: WorkflowRecord }).workflow.config;
    expect(saved).toMatchObject({ minEdge: 7_000 });
    expect(saved).not.toHaveProperty('openSets');
  });

  it('gets the models that its settings need, each after those it is made of', async () => {
    const { left, put } = await renewed({
      ...workflow(0, ['mind']),
      plugin: fairValueEdge.manifest.id as never,
      pluginVersion: fairValueEdge.manifest.version,
      config: { fairValue: 'pooled' },
    });
    expect(left).toEqual([]);
    const { models } = (put[0].body as { workflow: WorkflowRecord }).workflow;
    expect(models.map(({ plugin }) => plugin)).toEqual([
      'kalman-fair-value',
      'bayes-fair-value',
      'pooled-fair-value',
      'mind',
    ]);
  });
});
