import { describe, expect, it } from 'vitest';
import type { AccountId, GroupId, MarketId, PluginId, VenueId, WorkflowId } from '#core';
import { defineStrategy } from '#plugin-sdk';
import { Type } from 'typebox';
import { testBuyer, testPairs } from './strategies.spec-support.js';
import { accountRecord, desk, groupInfo, link, workflowRecord, type TapeDesk } from './tape.spec-support.js';

const session = (d: TapeDesk) => d.kernel!.look.sessions().at(-1)!;
const told = (d: TapeDesk) => d.heard.of('session').map((entry) => [entry.session, entry.state]);
const withAccount = () => desk([testPairs, testBuyer]).act({ kind: 'account', account: accountRecord() });

describe('a workflow', () => {
  it('becomes a session pinned to its version; a new version takes its place', () => {
    const d = withAccount().act({ kind: 'workflow', workflow: workflowRecord() });
    expect(session(d)).toMatchObject({ id: 'w#1', state: 'running', mode: 'paper', startedAt: d.at });
    d.act({ kind: 'workflow', workflow: workflowRecord({ version: 2 }) });
    expect(told(d)).toEqual([
      ['w#1', 'started'],
      ['w#1', 'ended'],
      ['w#2', 'started'],
    ]);
    expect(d.kernel!.look.sessions().map((one) => one.state)).toEqual(['ended', 'running']);
  });

  it('is not started again by an older or the same save', () => {
    const d = withAccount().act({ kind: 'workflow', workflow: workflowRecord({ version: 3 }) });
    d.act({ kind: 'workflow', workflow: workflowRecord({ version: 2 }) });
    d.act({ kind: 'workflow', workflow: workflowRecord({ version: 3 }) });
    expect(told(d)).toEqual([['w#3', 'started']]);
    d.act({ kind: 'workflow', workflow: workflowRecord({ version: 3, mode: 'shadow' }) });
    expect(told(d).at(-1)).toEqual(['w#3', 'mode']);
    expect(session(d).mode).toBe('shadow');
  });

  it.each([
    ['a plugin nobody has', { plugin: 'nobody' as PluginId }, 'There is no strategy nobody.'],
    ['another version of its plugin', { pluginVersion: '9.0.0' }, 'here in version 1.0.0, not 9.0.0'],
    ['an account nobody has', { account: 'other' as AccountId }, 'There is no account other.'],
    [
      'a model nobody has',
      { models: [{ plugin: 'kalman' as PluginId, version: '1.0.0', config: {} }] },
      'There is no model kalman.',
    ],
  ])('ends with a reason when it needs %s', (_what, over, reason) => {
    const d = withAccount().act({ kind: 'workflow', workflow: workflowRecord(over) });
    expect(session(d).state).toBe('ended');
    expect(d.heard.last('session').reason).toContain(reason);
  });

  it('ends when its plugin cannot make a first state', () => {
    const broken = defineStrategy({
      ...testBuyer,
      manifest: { ...testBuyer.manifest, id: 'broken' },
      initialState: () => {
        throw new TypeError('no state');
      },
    });
    const d = desk([broken]).act({ kind: 'account', account: accountRecord() });
    d.act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'broken' as PluginId }) });
    expect(d.heard.last('session')).toMatchObject({ state: 'ended', reason: expect.stringContaining('no state') });
  });

  it('rests when the tape says so and goes on when a person resumes it', () => {
    const d = withAccount().act({ kind: 'workflow', workflow: workflowRecord() });
    d.add({ kind: 'paused', workflow: 'w' as WorkflowId, cause: 1, reason: 'onQuote threw' });
    expect(session(d)).toMatchObject({ state: 'paused', reason: 'onQuote threw' });
    expect(d.heard.last('session').causes).toEqual([1, 3]);
    d.act({ kind: 'workflow-resumed', workflow: 'w' as WorkflowId });
    expect(session(d)).toMatchObject({ state: 'running', reason: '' });
    d.act({ kind: 'workflow-archived', workflow: 'w' as WorkflowId });
    expect(session(d).state).toBe('ended');
  });
});

describe('a hook', () => {
  const failing = (then: () => never | undefined) =>
    defineStrategy({
      manifest: { ...testBuyer.manifest, id: 'failing' },
      configSchema: Type.Object({}),
      scope: 'markets',
      initialState: () => ({ calls: 0 }),
      onQuote({ state }) {
        state.calls++;
        return then();
      },
    });
  const run = (then: () => never | undefined, options: Parameters<typeof desk>[1]) =>
    desk([failing(then)], options)
      .act({ kind: 'account', account: accountRecord() })
      .market('kalshi:x')
      .act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'failing' as PluginId }) })
      .book('kalshi:x', [], [[0.4, 10]])
      .book('kalshi:x', [], [[0.41, 10]]);

  it('that throws is reported once, and the kernel goes on', () => {
    const failures: string[] = [];
    const d = run(
      () => {
        throw new RangeError('out of luck');
      },
      { onHookFailure: ({ workflow, seq, reason }) => failures.push(`${workflow} ${seq} ${reason}`) },
    );
    expect(failures).toEqual(['w 4 onQuote threw: out of luck']);
    d.add({ kind: 'paused', workflow: 'w' as WorkflowId, cause: 4, reason: 'threw' });
    d.act({ kind: 'workflow-resumed', workflow: 'w' as WorkflowId }).book('kalshi:x', [], [[0.4, 10]]);
    expect(failures).toHaveLength(2);
  });

  it('that is too slow is reported and nothing it said is dropped: a replay measures nothing', () => {
    const failures: string[] = [];
    let now = 0;
    run(() => undefined, {
      stopwatch: () => (now += 30),
      hookBudgetMs: 20,
      onHookFailure: ({ reason }) => failures.push(reason),
    });
    expect(failures).toEqual(['onQuote took 30.0 ms; 20 ms are allowed.']);
  });
});

describe('a scope', () => {
  const heard: string[] = [];
  const listener = (scope: 'markets' | 'links' | 'groups') =>
    defineStrategy({
      manifest: { ...testBuyer.manifest, id: scope },
      configSchema: Type.Object({}),
      scope,
      initialState: () => ({}),
      onQuote(view, quote) {
        heard.push(view.info(quote.market).id);
        return undefined;
      },
    });
  const hears = (kind: 'markets' | 'links' | 'groups', scope: Partial<ReturnType<typeof workflowRecord>['scope']>) => {
    const d = desk([listener(kind)]).act({ kind: 'account', account: accountRecord() });
    const group = groupInfo('kalshi:G', ['kalshi:a', 'kalshi:b']);
    d.market('kalshi:a', { group: group.id, title: 'Rain in Rome' }).market('kalshi:b', { group: group.id });
    d.market('polymarket:a', { category: 'weather' }).market('polymarket:c');
    d.add({ kind: 'group', group }).add({ kind: 'link', link: link('kalshi:a', 'polymarket:a') });
    d.add({ kind: 'link', link: link('kalshi:b', 'polymarket:c', { state: 'proposed' }) });
    const record = workflowRecord({ plugin: kind as PluginId });
    d.act({ kind: 'workflow', workflow: { ...record, scope: { ...record.scope, ...scope } } });
    heard.length = 0;
    for (const id of d.refs.keys()) d.book(id, [], [[0.4, 10]]);
    return [...heard];
  };

  it.each([
    ['markets', {}, ['kalshi:a', 'kalshi:b', 'polymarket:a', 'polymarket:c']],
    ['markets', { venues: ['kalshi' as VenueId] }, ['kalshi:a', 'kalshi:b']],
    ['markets', { categories: ['weather'] }, ['polymarket:a']],
    ['markets', { text: 'rain' }, ['kalshi:a']],
    ['markets', { markets: ['polymarket:c' as MarketId] }, ['polymarket:c']],
    ['links', {}, ['kalshi:a', 'polymarket:a']],
    ['links', { categories: ['weather'] }, ['kalshi:a', 'polymarket:a']],
    ['links', { venues: ['kalshi' as VenueId] }, []],
    ['groups', {}, ['kalshi:a', 'kalshi:b']],
    ['groups', { groups: ['kalshi:H' as GroupId] }, []],
  ] as const)('of %s %j hears of its own markets alone', (kind, scope, want) => {
    expect(hears(kind, scope)).toEqual(want);
  });
});
