import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { builtInPlugins } from '../registry/load-plugins.js';
import { scopeOf, type WorkflowDraft } from '../workflows/workflow-draft.js';
import { settingsOf } from './backtest-settings.js';
import { sweepPlanOf, sweepSettingsOf } from './sweep-plan.js';

const workflow: WorkflowDraft = {
  title: 'Pairs',
  plugin: 'cross-venue-arbitrage',
  pluginVersion: null,
  config: {},
  scope: scopeOf({}),
  account: 'main',
  mode: 'off',
  limits: {},
  models: {},
};
const DAY = 86_400_000;
const span = { fromAt: 0, toAt: 10 * DAY };
const planned = (sweep: object) =>
  sweepPlanOf(
    { title: 'Test', lane: 0, fromAt: null, toAt: null, workflow, id: 'w', version: 1, settings: settingsOf({}) },
    span,
    sweepSettingsOf(sweep),
    builtInPlugins(),
  );
const pathsOf = (sweep: object): readonly string[] => {
  try {
    planned(sweep);
    return [];
  } catch (error) {
    return (error as UserProblem).fields.map(({ path }) => path);
  }
};

describe('the plan of a sweep', () => {
  it('has a run for every set, window and part, each with its own settings and span', () => {
    const { plan, runs } = planned({ axes: [{ path: '/maxContracts', from: 1, to: 3, count: 3 }], windows: 2 });
    expect(plan.sets).toEqual([{ '/maxContracts': 1 }, { '/maxContracts': 2 }, { '/maxContracts': 3 }]);
    expect(runs).toHaveLength(3 * 2 * 2);
    for (const { set, window, part, header } of runs) {
      expect(header.workflows[0].config).toMatchObject({ maxContracts: set + 1 });
      expect(header).toMatchObject(plan.windows[window][part]);
    }
  });

  it('takes the plugin’s own ranges where none are said, and the same draws with the same seed', () => {
    const drawn = planned({ axes: [{ path: '/maxContracts' }], search: 'random', draws: 7, windows: 1 });
    expect(drawn.plan.sets).toHaveLength(7);
    expect(drawn.plan).toEqual(
      planned({ axes: [{ path: '/maxContracts' }], search: 'random', draws: 7, windows: 1 }).plan,
    );
  });

  it('is refused with the path of what is wrong', () => {
    expect(pathsOf({ axes: [{ path: '/nothing' }] })).toEqual(['/sweep/axes/0/path']);
    expect(pathsOf({ axes: [{ path: '/maxContracts', from: -5 }] })).toEqual(['/sweep/axes/0/from']);
    expect(pathsOf({ axes: [{ path: '/maxContracts', from: 3, to: 2 }] })).toEqual(['/sweep/axes/0/to']);
    expect(pathsOf({ axes: [{ path: '/maxContracts' }, { path: '/maxContracts' }] })).toEqual(['/sweep/axes/1/path']);
    expect(pathsOf({ axes: [{ path: '/maxContracts', count: 200 }], windows: 50 })).toEqual(['/sweep/axes']);
    expect(() => sweepSettingsOf({ axes: [] })).toThrow(UserProblem);
    expect(() => sweepSettingsOf({ axes: [{ path: '/x' }], windows: 0 })).toThrow(UserProblem);
  });
});
