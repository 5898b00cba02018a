import { afterAll, beforeAll, expect, it } from 'vitest';
import { UserProblem, type MarketId } from '#core';
import type { StoredItem } from '#data';
import type { OpenEnricher } from '#plugin-sdk';
import { marketStance } from '#plugins';
import { inboxItems, scoreBatch } from './enrich.batch.js';

const unasked = async (): Promise<never> => {
  throw new UserProblem('nobody is asked here');
};
const open = (model: string): Promise<OpenEnricher> =>
  marketStance.open({
    config: { model, dtype: 'fp32', threads: 1 },
    now: () => performance.now(),
    get: unasked,
    post: unasked,
    secret: unasked,
  });
const MARKET = { id: 'kalshi:ORDAN' as MarketId, title: 'Will Mira Ordan win the Valdoria election?', rules: '' };
const item = (id: string, title: string, receivedAt = 1_000): StoredItem => ({
  ...{ id, position: 0, source: 'wire', title, text: '', url: null, publishedAt: null },
  receivedAt,
});

let fallback: OpenEnricher;
beforeAll(async () => {
  fallback = await open('/nowhere/at/all');
});
afterAll(async () => fallback.close());
const score = (items: readonly StoredItem[]) =>
  scoreBatch(items, { enricher: fallback, markets: [MARKET], earlier: async () => [] });

it('says at every item that its tone was told by what stands in for a model, and which', async () => {
  expect(fallback.scorer!.note).toContain('/nowhere/at/all');
  const scored = await score([item('a', 'Mira Ordan surges in Valdoria'), item('b', 'Lime trees are planted')]);
  expect(scored.map(({ scores }) => [scores.scorer, scores.fallback])).toEqual([
    ['VADER lexicon', true],
    ['VADER lexicon', true],
  ]);
  const shipped = await open('');
  const [own] = await scoreBatch([item('a', 'Mira Ordan surges in Valdoria')], {
    enricher: shipped,
    markets: [MARKET],
    earlier: async () => [],
  });
  await shipped.close();
  expect(own.scores).toMatchObject({ scorer: 'ArbIntel headlines', fallback: false });
});

it('puts on the tape what takes a side, once, with what it adds to the items before it in the batch', async () => {
  const scored = await score([
    item('a', 'Mira Ordan surges in new Valdoria poll'),
    item('b', 'Mira Ordan surges in new Valdoria poll today', 2_000),
    item('c', 'Mira Ordan visits the lighthouse museum'),
    item('d', 'Lime trees are planted'),
  ]);
  expect(scored.map(({ scores }) => scores.echoOf)).toEqual([null, 'a', null, null]);
  const put = inboxItems(scored, 1);
  expect(put.map(({ id, kind, by }) => [id, kind, by])).toEqual([
    ['news-1-a', 'news', 'wire'],
    ['news-1-b', 'news', 'wire'],
  ]);
  expect(put.map(({ body }) => (body as { item: { novelty: number } }).item.novelty)).toEqual([1, 0]);
});
