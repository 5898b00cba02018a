import { describe, expect, it } from 'vitest';
import { BID, type PluginId, type TapeEvent } from '#core';
import { defineModel, defineStrategy } from '#plugin-sdk';
import { Type } from 'typebox';
import { testBuyer } from './strategies.spec-support.js';
import { accountRecord, desk, Heard, link, START, testKernel, workflowRecord } from './tape.spec-support.js';

const beat = (seq: number, at: number): TapeEvent => ({ kind: 'beat', lane: 1, seq, at });

describe('the kernel', () => {
  it('takes events without a gap and never back in time', () => {
    const kernel = testKernel([]);
    const heard = new Heard();
    kernel.apply(beat(1, START), heard);
    expect(() => kernel.apply(beat(3, START), heard)).toThrow('does not follow');
    expect(() => kernel.apply(beat(2, START - 1), heard)).toThrow('back in time');
    expect(() => kernel.apply({ ...beat(2, START), lane: 2 }, heard)).toThrow('lane 2');
    kernel.apply(beat(2, START), heard);
    expect(kernel).toMatchObject({ seq: 2, at: START });
  });

  it('tells the top of a book when it changed, and only then', () => {
    const d = desk([])
      .market('kalshi:x')
      .book('kalshi:x', [[0.4, 10]], [[0.5, 10]]);
    d.change('kalshi:x', [[0.3, 10]], [])
      .trust('kalshi:x')
      .change('kalshi:x', [[0.41, 1]], []);
    expect(d.heard.quotes.map(({ bid, trusted }) => [bid, trusted])).toEqual([
      [400_000, false],
      [400_000, true],
      [410_000, true],
    ]);
  });

  it('shows books, quotes and markets as they stand', () => {
    const d = desk([])
      .market('kalshi:x')
      .book(
        'kalshi:x',
        [
          [0.4, 10],
          [0.39, 5],
        ],
        [[0.5, 10]],
      );
    const { look } = d.kernel!;
    const ref = look.ref(d.infos.get('kalshi:x')!.id)!;
    expect(look.markets()).toEqual([ref]);
    expect(look.levels(ref)).toEqual({
      bids: [
        [400_000, 1_000],
        [390_000, 500],
      ],
      asks: [[500_000, 1_000]],
    });
    expect(look.quote(ref)).toMatchObject({ bid: 400_000, ask: 500_000, trusted: false });
    expect(() => look.info(7 as typeof ref)).toThrow('never announced');
  });

  it('runs models before strategies and hands their estimates on', () => {
    const order: string[] = [];
    const model = defineModel({
      manifest: { ...testBuyer.manifest, id: 'mid' },
      configSchema: Type.Object({}),
      initialState: () => ({}),
      onQuote: (view, quote) => ({
        market: quote.market,
        name: 'mid',
        value: view.best(quote.market, BID) / 1e6,
        low: 0.1,
      }),
    });
    const reader = defineStrategy({
      manifest: { ...testBuyer.manifest, id: 'reader' },
      configSchema: Type.Object({}),
      scope: 'markets',
      initialState: () => ({}),
      onQuote(view, quote) {
        order.push(`quote ${view.estimate(quote.market, 'mid')?.value}`);
        return undefined;
      },
      onEstimate(_view, estimate) {
        order.push(`estimate ${estimate.value}`);
        return undefined;
      },
    });
    const d = desk([reader], {
      plugins: { strategies: new Map([['reader', reader]]), models: new Map([['mid', model]]) },
    });
    d.act({ kind: 'account', account: accountRecord() }).market('kalshi:x');
    const models = [{ plugin: 'mid' as PluginId, version: '1.0.0', config: {} }];
    d.act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'reader' as PluginId, models }) });
    d.book('kalshi:x', [[0.4, 10]], []);
    expect(order).toEqual(['estimate 0.4', 'quote 0.4']);
    expect(d.heard.estimates).toEqual([
      { lane: 1, seq: 4, at: START, model: 'mid', market: 'kalshi:x', name: 'mid', value: 0.4, low: 0.1, high: null },
    ]);
  });

  it('shows models the reviewed links between markets they hear, from the tape and from a snapshot, and what was estimated', () => {
    const seen: string[] = [];
    const model = defineModel({
      manifest: { ...testBuyer.manifest, id: 'linked' },
      configSchema: Type.Object({}),
      initialState: () => ({}),
      onQuote(view, { market }) {
        const links = view.links(market).map(({ a, b, link: { version } }) => `${a}=${b} v${version}`);
        seen.push(`${links.join()} ${view.estimate(market, 'heard')?.value ?? 'nothing'}`);
        return { market, name: 'heard', value: market };
      },
    });
    const deaf = { ...testBuyer, onQuote: () => undefined };
    const options = { plugins: { strategies: new Map([['test-buyer', deaf]]), models: new Map([['linked', model]]) } };
    const d = desk([deaf], options).act({ kind: 'account', account: accountRecord() });
    for (const id of ['kalshi:x', 'polymarket:x', 'kalshi:y']) d.market(id);
    const pair = link('kalshi:x', 'polymarket:x', { state: 'proposed' });
    d.add({ kind: 'link', link: pair }).add({ kind: 'link', link: link('kalshi:y', 'polymarket:z') });
    const models = [{ plugin: 'linked' as PluginId, version: '1.0.0', config: {} }];
    d.act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'test-buyer' as PluginId, models }) });
    d.book('kalshi:x', [[0.4, 10]], []);
    d.add({ kind: 'link', link: { ...pair, state: 'reviewed', version: 2 } });
    d.change('kalshi:x', [[0.41, 1]], []);
    d.book('polymarket:x', [[0.4, 10]], []).book('kalshi:y', [[0.4, 10]], []);
    expect(seen).toEqual([' nothing', '0=1 v2 0', '0=1 v2 nothing', ' nothing']);

    const again = testKernel([deaf], options);
    again.restore(d.kernel!.snapshot());
    expect(again.look.sessions()).toEqual(d.kernel!.look.sessions());
  });

  it('refuses a snapshot of another lane, and one that needs a plugin it has not got', () => {
    const d = desk([testBuyer]).act({ kind: 'account', account: accountRecord() });
    d.act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'test-buyer' as PluginId }) });
    const bytes = d.kernel!.snapshot();
    expect(() => testKernel([testBuyer], { lane: 2 }).restore(bytes)).toThrow('of lane 1, not 2');
    expect(() => testKernel([]).restore(bytes)).toThrow('no strategy test-buyer');
    const kernel = testKernel([testBuyer]);
    kernel.restore(bytes);
    expect(kernel).toMatchObject({ seq: 2, at: START });
    expect(kernel.look.sessions()).toEqual(d.kernel!.look.sessions());
    expect(kernel.look.accounts()).toEqual(d.kernel!.look.accounts());
  });
});
