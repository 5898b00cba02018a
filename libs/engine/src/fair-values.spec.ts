import { expect, it } from 'vitest';
import { DEFAULT_LIMITS, type Outcome, type PluginId } from '#core';
import { defineModel, defineStrategy, type ModelPlugin } from '#plugin-sdk';
import { Type } from 'typebox';
import { accountRecord, desk, workflowRecord, type TapeDesk } from './tape.spec-support.js';

const A = 'kalshi:x';
const LIMITS = { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, maxQuoteAgeMs: 90_000_000 };
const about = (id: string) => ({ id, version: '1.0.0', title: id, summary: 'For tests.', sdk: '^1.0.0' });

/** Says the same with every quote, or only with the first one. */
const model = (id: string, value: number, once: boolean): ModelPlugin =>
  defineModel({
    manifest: about(id),
    configSchema: Type.Object({}),
    initialState: () => ({ said: false }),
    onQuote: ({ state }, { market }) => {
      if (once && state.said) return undefined;
      state.said = true;
      return { market, name: 'fair', value };
    },
  }) as unknown as ModelPlugin;

/** YES at 40¢, NO at 62¢; models speak in this order, and a strategy that acts on some of them buys ten contracts. */
function withFairs(actsOn: readonly string[], fairs: Record<string, number>, outcome: Outcome = 'yes', once = false) {
  const buyer = defineStrategy({
    manifest: about('test-fair'),
    configSchema: Type.Object({}),
    scope: 'markets',
    initialState: () => ({}),
    needsModels: () => actsOn,
    onQuote: (_view, { market, bid, ask, trusted }) => {
      if (!trusted) return undefined;
      const limit = outcome === 'yes' ? ask : 1_000_000 - bid;
      const leg = { market, outcome, action: 'buy', size: 1_000, limit } as never;
      return { kind: 'order', legs: [leg], reason: 'test' };
    },
  });
  const models = new Map(Object.entries(fairs).map(([id, value]) => [id, model(id, value, once)]));
  const plugins = { strategies: new Map([['test-fair', buyer as never]]), models };
  return desk([buyer as never], { plugins })
    .act({ kind: 'account', account: accountRecord({ limits: LIMITS }) })
    .market(A)
    .act({
      kind: 'workflow',
      workflow: workflowRecord({
        plugin: 'test-fair' as PluginId,
        config: {},
        models: [...models.keys()].map((id) => ({ plugin: id as PluginId, version: '1.0.0', config: {} })),
      }),
    })
    .book(A, [[0.38, 100]], [[0.4, 100]])
    .trust(A);
}
const refused = (d: TapeDesk) => d.heard.of('denial').at(-1)?.refusals[0];

it('is that of the model the strategy acts on, whoever spoke last', () => {
  const d = withFairs(['good'], { good: 0.42, poor: 0.2 });
  expect(d.heard.of('denial')).toEqual([]);
  expect(d.heard.of('signal')).toHaveLength(1);
  const other = withFairs(['poor'], { poor: 0.2, good: 0.42 });
  expect(refused(other)).toMatchObject({ rule: 'fair-value', asked: 200_000 });
});

it('is the lowest that any model says where the strategy names none, or none that speaks', () => {
  for (const actsOn of [[], ['news']]) {
    expect(refused(withFairs(actsOn, { poor: 0.2, good: 0.42 }))).toMatchObject({ rule: 'fair-value', asked: 200_000 });
    // A buy of NO is dear where YES is held for likely.
    const no = withFairs(actsOn, { high: 0.75, low: 0.42 }, 'no');
    expect(refused(no)).toMatchObject({ rule: 'fair-value', asked: 370_000 });
  }
});

it('is none that was said more than ten minutes ago', () => {
  const d = withFairs(['good'], { good: 0.2 }, 'yes', true);
  expect(refused(d)).toMatchObject({ rule: 'fair-value' });
  d.wait(599_000).change(A, [[0.38, 90]], []);
  expect(d.heard.of('signal')).toHaveLength(0);
  d.wait(2_000).change(A, [[0.38, 80]], []);
  expect(d.heard.of('signal')).toHaveLength(1);
});
