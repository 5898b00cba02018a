import { expect, it } from 'vitest';
import { accountRecord, link, TapeDesk, workflowRecord } from '../tape.spec-support.js';
import { testPairs } from '../strategies.spec-support.js';
import { runBacktest } from './backtest.js';
import { reportHtml } from './report.html.js';
import { tapeOf } from './source.types.js';
import { stressCases, stressResult } from './stress.js';

it('is one file without anything from elsewhere, and what plugins and venues say in it is text', async () => {
  const d = new TapeDesk()
    .ready('kalshi:x', [[0.4, 100]], [[0.42, 100]], { title: '<script>alert(1)</script>' })
    .ready('polymarket:x', [[0.55, 100]], [[0.57, 100]])
    .add({ kind: 'link', link: link('kalshi:x', 'polymarket:x') });
  for (let i = 0; i < 20; i++) d.pass(1_000).change('kalshi:x', [], [[0.42, 100 + i]]);
  const header = {
    title: 'A & B',
    lane: 1,
    fromAt: null,
    toAt: null,
    accounts: [accountRecord()],
    workflows: [workflowRecord()],
    placed: [],
    latency: { kind: 'constant', ms: { '*': 100 } },
    decisionMs: 0,
    feesPpm: 1_000_000,
    seed: 1,
    minCoverage: 0,
    capitalRatePpm: 0,
  } as const;
  const plugins = { strategies: new Map([['test-pairs', testPairs]]), models: new Map() };
  const { report } = await runBacktest(header, tapeOf(d.tape), { plugins });
  const stress = [];
  for (const one of stressCases(header))
    stress.push(stressResult(one.label, (await runBacktest(one.header, tapeOf(d.tape), { plugins })).report));
  expect(stress.map(({ label }) => label)).toEqual(['Latency 0 s', 'Latency 1 s', 'Latency 5 s', 'Fees × 1.5']);
  expect(stress[3].profit).toBeLessThan(stress[0].profit);
  const html = reportHtml({ report, stress, refused: 'because', made: [['Seed', '1']] });
  expect(html).toContain('A &amp; B');
  expect(html).toContain('&lt;script&gt;');
  expect(html).not.toMatch(/<script|https?:|src=|href=/);
  expect(html).toContain('Refused.');
  expect(report.trades.list.length).toBeGreaterThan(0);
});
