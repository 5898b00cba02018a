import { expect, it } from 'vitest';
import { ProgressBar } from './progress-bar.js';

it('tells share and time left on a terminal, seldom, and goes away at the end', () => {
  let now = 0;
  const said: string[] = [];
  const out = { isTTY: true, write: (text: string) => said.push(text) };
  const bar = new ProgressBar(out, 1_000, () => now);
  now = 10_000;
  bar.show(250);
  bar.show(251);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(' 25 %  250 events, about 30 s left');
  bar.end();
  expect(said).toHaveLength(2);
});

it('says nothing where nobody looks', () => {
  const said: string[] = [];
  const bar = new ProgressBar({ write: (text: string) => said.push(text) }, 10, () => 1e6);
  bar.show(5);
  bar.end();
  expect(said).toEqual([]);
});
