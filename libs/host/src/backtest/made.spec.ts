import { expect, it } from 'vitest';
import { builtInPlugins } from '../registry/load-plugins.js';
import { scopeOf, type WorkflowDraft } from '../workflows/workflow-draft.js';
import { headerFor, settingsOf } from './backtest-settings.js';
import { madeOf } from './made.js';

it('says what a run decided by in words, each number with its unit', () => {
  const workflow: WorkflowDraft = {
    title: 'Pairs',
    plugin: 'cross-venue-arbitrage',
    pluginVersion: null,
    config: { minEdge: 25_000 },
    scope: scopeOf({ categories: ['politics'] }),
    account: 'main',
    mode: 'off',
    limits: { maxGross: 5_000_000 },
    models: {},
  };
  const settings = settingsOf({
    latency: 'sampled',
    latencyMs: 120,
    latencyP95Ms: 200,
    decisionMs: 20,
    feesPercent: 150,
    venues: { kalshi: { decisionMs: 5, latencyMs: 40, latencyP95Ms: 90 } },
  });
  const asked = {
    title: 'Test',
    lane: 3,
    fromAt: Date.UTC(2026, 0, 2),
    toAt: null,
    workflow,
    id: 'w',
    version: 1,
    settings,
  };
  const plugins = builtInPlugins();
  const made = new Map(madeOf(headerFor(asked, plugins), { lane: 3, toSeq: 12_000 }, 'abc', plugins));
  expect(Object.fromEntries(made)).toMatchObject({
    Build: 'abc',
    Tape: 'lane 3, events 1 … 12,000',
    From: '2026-01-02 00:00:00 UTC',
    To: 'the tape’s end',
    'Least edge': '2.5 ¢ a contract',
    'Rest after a signal': '5000 ms',
    'Scope, categories': 'politics',
    'Tightened Capital at risk': '$5.00',
    'Order latency':
      'drawn: half of them below 40 ms, 95 % below 90 ms at kalshi; half of them below 120 ms, 95 % below 200 ms',
    'Time to decide': '20 ms, 5 ms at kalshi',
    'Delay of the feeds': 'as recorded',
    Fees: '150 % of the venues’ own',
    'Cost of capital': '5 % a year',
    'Contracts per market': '500 contracts',
  });
});
