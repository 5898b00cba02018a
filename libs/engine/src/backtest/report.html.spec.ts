import { expect, it } from 'vitest';
import { groupId } from '#core';
import { groupInfo, link, TapeDesk } from '../tape.spec-support.js';
import { testPairs } from '../strategies.spec-support.js';
import { runBacktest } from './backtest.js';
import { plainHeader } from './header.spec-support.js';
import { reportHtml } from './report.html.js';
import { tapeOf } from './source.types.js';
import { stressCases, stressResult } from './stress.js';

it('is one file without anything from elsewhere, and what plugins and venues say in it is text', async () => {
  const d = new TapeDesk()
    .ready('kalshi:x', [[0.4, 100]], [[0.42, 100]], {
      title: '<script>alert(1)</script>',
      group: groupId('kalshi', 'e1'),
    })
    .ready('polymarket:x', [[0.55, 100]], [[0.57, 100]], { group: groupId('polymarket', 'e2') })
    .add({ kind: 'group', group: groupInfo('kalshi:e1', ['kalshi:x'], { title: 'What happens next' }) })
    .add({ kind: 'group', group: groupInfo('polymarket:e2', ['polymarket:x'], { title: '' }) })
    .add({ kind: 'link', link: link('kalshi:x', 'polymarket:x') });
  for (let i = 0; i < 20; i++) d.pass(1_000).change('kalshi:x', [], [[0.42, 100 + i]]);
  const header = plainHeader({ title: 'A & B' });
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
  // Linked markets are one event, called what a venue calls it, whichever of the two.
  expect(report.byEvent.find(({ key }) => key === 'kalshi:e1')?.title).toBe('What happens next');
  expect(report.byEvent.some(({ key }) => key === 'polymarket:e2')).toBe(false);
  // Legs are named as people know their markets.
  expect(html).toContain('polymarket: Will x happen?');
  expect(report.trades.list.length).toBeGreaterThan(0);
});
