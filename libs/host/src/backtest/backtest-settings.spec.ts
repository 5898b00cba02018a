import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { builtInPlugins } from '../registry/load-plugins.js';
import { ORDER_LATENCY_MS } from '../order-latency.js';
import { scopeOf, type WorkflowDraft } from '../workflows/workflow-draft.js';
import { headerFor, settingsOf } from './backtest-settings.js';

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
const asked = { title: 'Test', lane: 0, fromAt: null, toAt: null, workflow, id: 'w', version: 1 };
const header = (settings: unknown) => headerFor({ ...asked, settings: settingsOf(settings) }, builtInPlugins());

describe('the settings of a backtest', () => {
  it('are whole without a word said', () => {
    expect(header({})).toMatchObject({
      accounts: [{ id: 'main', openingCash: 10_000_000_000 }],
      workflows: [{ id: 'w', account: 'main', mode: 'paper', plugin: 'cross-venue-arbitrage' }],
      latency: { kind: 'recorded', ms: ORDER_LATENCY_MS },
      feesPpm: 1_000_000,
      capitalRatePpm: 50_000,
    });
  });

  it('are said in the words of people and kept in whole numbers', () => {
    expect(
      header({
        latency: 'sampled',
        latencyMs: 100,
        latencyP95Ms: 50,
        feesPercent: 150,
        minCoverage: 90,
        openingCash: 0.5 + 1,
      }),
    ).toMatchObject({
      latency: { kind: 'sampled', venues: { '*': { medianMs: 100, p95Ms: 100 } } },
      feesPpm: 1_500_000,
      minCoverage: 0.9,
      accounts: [{ openingCash: 1_500_000 }],
    });
  });

  it('are those of all venues but where a venue has its own', () => {
    const venues = { kalshi: { decisionMs: 5, feedMs: 40 }, polymarket: { latencyMs: 90, latencyP95Ms: 300 } };
    expect(header({ venues, decisionMs: 20, feedMs: 60, latency: 'constant', latencyMs: 120 })).toMatchObject({
      decisionMs: 20,
      decisionMsOf: { kalshi: 5 },
      feedMs: { kalshi: 40, '*': 60 },
      latency: { kind: 'constant', ms: { polymarket: 90, '*': 120 } },
    });
    expect(header({ venues, latency: 'sampled', latencyMs: 120, latencyP95Ms: 200 }).latency).toEqual({
      kind: 'sampled',
      venues: { polymarket: { medianMs: 90, p95Ms: 300 }, '*': { medianMs: 120, p95Ms: 200 } },
    });
    expect(header({})).not.toHaveProperty('feedMs');
    expect(() => settingsOf({ venues: { kalshi: { latencyMs: -1 } } })).toThrow(UserProblem);
  });

  it('are refused with every complaint, and so is a workflow that cannot be', () => {
    expect(() => settingsOf({ latencyMs: -1, seed: 0.5, more: 1 })).toThrow(UserProblem);
    const wrong = { ...asked, workflow: { ...workflow, plugin: 'nobody' }, settings: settingsOf({}) };
    expect(() => headerFor(wrong, builtInPlugins())).toThrow('cannot be tested');
  });
});
