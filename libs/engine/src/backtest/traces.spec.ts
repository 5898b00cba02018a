import { describe, expect, it } from 'vitest';
import { type JournalEntry, type PluginId } from '#core';
import { defineModel } from '#plugin-sdk';
import { Type } from 'typebox';
import { journalLine } from '../journal-line.js';
import { testPairs } from '../strategies.spec-support.js';
import { link, TapeDesk, workflowRecord } from '../tape.spec-support.js';
import { runBacktest } from './backtest.js';
import { plainHeader } from './header.spec-support.js';
import { reportHtml } from './report.html.js';
import { tapeOf } from './source.types.js';
import { Traces } from './traces.js';

const middle = defineModel({
  manifest: { id: 'middle', version: '1.0.0', title: 'Middle', summary: 'For tests.', sdk: '^1.0.0' },
  configSchema: Type.Object({}),
  initialState: () => ({}),
  onQuote: (_view, quote) =>
    quote.bid < 0 || quote.ask < 0
      ? undefined
      : { market: quote.market, name: 'fair', value: (quote.bid + quote.ask) / 2e6, low: 0.1, high: 0.9 },
});
const plugins = {
  strategies: new Map([['test-pairs', testPairs]]),
  models: new Map([['middle', middle]]),
};

/** Two linked markets whose asks together cost less than a dollar, then their results. */
function tape(): TapeDesk {
  const d = new TapeDesk()
    .ready(
      'kalshi:x',
      [
        [0.4, 100],
        [0.39, 50],
      ],
      [
        [0.42, 100],
        [0.43, 40],
      ],
    )
    .ready('polymarket:x', [[0.55, 100]], [[0.57, 100]])
    .add({ kind: 'link', link: link('kalshi:x', 'polymarket:x') });
  for (let i = 0; i < 20; i++) d.pass(1_000).change('kalshi:x', [], [[0.42, 100 + i]]);
  return d.pass(60_000).yes('kalshi:x').yes('polymarket:x').pass(1_000);
}

async function play(traces?: Traces) {
  const entries: JournalEntry[] = [];
  const header = plainHeader({
    workflows: [workflowRecord({ models: [{ plugin: 'middle' as PluginId, version: '1.0.0', config: {} }] })],
  });
  const result = await runBacktest(header, tapeOf(tape().tape), {
    plugins,
    journal: (entry) => void entries.push(entry),
    ...(traces === undefined ? {} : { traces }),
  });
  return { ...result, entries };
}

describe('the trace of a decision', () => {
  it('is kept without changing what is decided', async () => {
    const [plain, traced] = [await play(), await play(new Traces())];
    expect(traced.entries.map(journalLine)).toEqual(plain.entries.map(journalLine));
    expect(traced.report).toEqual(plain.report);
  });

  it('says what was seen, what models held, what the gate asked with its numbers, and what came of it', async () => {
    const traces = new Traces();
    const { report, entries } = await play(traces);
    const [first] = report.trades.list;
    const { decision, entries: story } = traces.of(first.signalId)!;
    const kalshi = decision!.books.find(({ market }) => market === 'kalshi:x')!;
    expect(kalshi).toMatchObject({
      trusted: true,
      bids: [
        [400_000, 10_000],
        [390_000, 5_000],
      ],
    });
    expect(decision!.estimates).toContainEqual(
      expect.objectContaining({ market: 'kalshi:x', model: 'middle', name: 'fair', value: 0.41, low: 0.1, high: 0.9 }),
    );
    expect(decision!.rules.filter(({ refuses }) => refuses)).toEqual([]);
    // Asked before anything is reserved: all the cash is there.
    const cash = decision!.rules.find(({ rule }) => rule === 'insufficient-cash')!;
    expect(cash).toMatchObject({
      use: 0,
      limit: report.openingCash,
      headroom: report.openingCash,
      unit: 'micro-dollars',
    });
    expect(cash.asked).toBeGreaterThan(0);
    const own = entries.filter((entry) => 'signalId' in entry && entry.signalId === first.signalId);
    expect(story.filter(({ kind }) => kind !== 'settlement')).toEqual(own);
    expect(own.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['signal', 'opportunity', 'order', 'fill']));
    // Both legs were paid for.
    expect(story.filter(({ kind }) => kind === 'settlement')).toHaveLength(2);
  });

  it('is kept of the newest only', async () => {
    const traces = new Traces(1);
    const { report } = await play(traces);
    expect(report.trades.list.length).toBeGreaterThan(1);
    expect(traces.decisions().map(({ signalId }) => signalId)).toEqual([report.trades.list.at(-1)!.signalId]);
  });

  it('stands in the saved page, which needs no script for it', async () => {
    const traces = new Traces();
    const { report } = await play(traces);
    const html = reportHtml({ report, stress: [], refused: '', made: [], traceOf: (signal) => traces.of(signal) });
    expect(html.match(/<details>/g)).toHaveLength(report.trades.list.length);
    expect(html).toContain('100 contracts at 40 ¢, 50 contracts at 39 ¢');
    expect(html).toContain('<td>middle</td><td>fair</td><td class="n">0.41</td>');
    for (const part of ['Insufficient cash', 'Headroom', 'Bought 10 contracts YES']) expect(html).toContain(part);
    expect(html).not.toMatch(/<script|https?:|src=|href=/);
  });

  it('knows nothing of prices the decision could not have seen', async () => {
    const traces = new Traces();
    const { report } = await play(traces);
    for (const { signalId, at } of report.trades.list) {
      const { decision, entries } = traces.of(signalId)!;
      expect(decision!.at).toBe(at);
      for (const { quoteAt } of decision!.books) expect(quoteAt).toBeLessThanOrEqual(at);
      for (const estimate of decision!.estimates) expect(estimate.at).toBeLessThanOrEqual(at);
      expect(entries[0]).toMatchObject({ kind: 'signal', signalId });
    }
  });
});
