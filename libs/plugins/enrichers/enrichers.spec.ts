import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MarketId } from '#core';
import type { Enrichment } from '#plugin-sdk';
import { enricherConformance, handedIo } from '#plugin-sdk/testing';
import { labelOf, marketStance, openToneModel } from './index.js';
import { readQuestion } from './market-stance/question.js';

const world = { config: { model: 'vader' }, answer: () => undefined };

describe('stance towards YES', () => {
  it.each(enricherConformance(marketStance, world))('$name', ({ run }) => run());

  const ask = async (headline: string, ...questions: string[]): Promise<Enrichment['touches']> => {
    const open = await marketStance.open(handedIo(marketStance.configSchema, world).io);
    const markets = questions.map((title, i) => ({ id: `kalshi:${i}` as MarketId, title, rules: '' }));
    const [{ touches }] = await open.enrich([
      { item: { id: '1', title: headline, text: '', url: null, publishedAt: null }, markets },
    ]);
    return touches;
  };
  const stance = async (headline: string, question: string): Promise<number | null> =>
    (await ask(headline, question))[0]?.stance ?? null;

  it.each([
    ['Fed signals it will cut rates in December', 'Will the Fed cut rates in December?', 1],
    ['Fed unlikely to cut rates in December, minutes show', 'Will the Fed cut rates in December?', -1],
    ['Fed prepares to raise rates in December', 'Will the Fed cut rates in December?', -1],
    ['Senate blocks the Rivers bill', 'Will the Rivers bill pass this year?', -1],
    ['Rivers bill clears final hurdle in Senate', 'Will the Rivers bill pass this year?', 1],
    ['Kane surges ahead in new poll', 'Will Thomas Kane win the election?', 1],
    ['Miller overtakes Kane in final poll', 'Will Thomas Kane win the election?', -1],
    ['Lions lose star striker to injury', 'Will the Tigers beat the Lions?', 1],
    ['Inflation cools for a third month', 'Will inflation be below 3 percent in May?', 1],
    ['Inflation cools for a third month', 'Will inflation be above 3 percent in May?', -1],
  ])('“%s” on “%s” is %i', async (headline, question, side) => {
    expect(Math.sign((await stance(headline, question)) ?? 0)).toBe(side);
  });

  it('does not take good news for YES where the question asks no such thing', async () => {
    // A question about an adverse event: a cheerful text says nothing about it.
    expect(
      await stance('Wonderful day for families in Acapulco, storm museum opens', 'Will a storm reach Acapulco?'),
    ).toBe(0);
  });

  it('takes no side on what only names somebody, and is silent on strangers', async () => {
    expect(await stance('Thomas Kane to speak at the fair on Sunday', 'Will Thomas Kane win the election?')).toBe(0);
    expect(await stance('Nora Falk surges ahead in new poll', 'Will Thomas Kane win the election?')).toBeNull();
  });

  it('judges one outcome of a group by its own name', async () => {
    const touches = await ask(
      'Kane surges ahead in new poll',
      'Will Thomas Kane win the election?',
      'Will Nora Falk win the election?',
    );
    expect(touches.map(({ market }) => market)).toEqual(['kalshi:0']);
  });

  it('does not take a likeness of names for the name', async () => {
    const films = ['Will "The Slow Tide" win the prize?', 'Will the Night Ferries release an album by spring?'];
    expect(await ask('"The Ninth Ferry" snubbed by the jury, hopes for the prize fade', ...films)).toEqual([]);
    expect(
      await stance('President Kane surges ahead in new poll', 'Will Thomas Kane win the election?'),
    ).toBeGreaterThan(0);
  });

  it('is less sure of a headline that only asks, and takes no side in a language it cannot read', async () => {
    const [told] = await ask('Kane surges ahead in poll', 'Will Thomas Kane win the election?');
    const [asked] = await ask('Kane surges ahead in poll?', 'Will Thomas Kane win the election?');
    expect(asked.confidence).toBeLessThan(told.confidence);
    const [foreign] = await ask(
      'Kane liegt in einer neuen Umfrage deutlich vor seinem Gegner, sagen die Meinungsforscher des Instituts',
      'Will Thomas Kane win the election?',
    );
    expect(foreign).toMatchObject({ stance: 0, reason: 'is not in English' });
  });

  it('says which scorer it uses, and why a fallback', async () => {
    const open = await marketStance.open(
      handedIo(marketStance.configSchema, { ...world, config: { model: '/nowhere/at/all' } }).io,
    );
    expect(open.scorer).toMatchObject({ kind: 'lexicon', name: 'VADER lexicon' });
    expect(open.scorer?.note).toMatch(/nowhere/);
  });
});

describe('the model that comes with the package', () => {
  const shipped = { answer: () => undefined };
  it.each(enricherConformance(marketStance, shipped))('$name', ({ run }) => run());

  it('is loaded by transformers.js from its folder, warmed up, and tells good from bad', async () => {
    const scorer = await openToneModel({ model: '', dtype: 'fp32', threads: 1 }, () => performance.now());
    expect(scorer.info).toMatchObject({ kind: 'model', name: 'ArbIntel headlines', note: '' });
    expect(scorer.info.warmUpMs).toBeGreaterThan(0);
    const tones = await scorer.score(['Shares surge after record profit', 'Stock plunges as profit warning stuns', '']);
    expect(tones.map(labelOf)).toEqual(['positive', 'negative', 'neutral']);
    await scorer.close();
  });

  it('is refused in favour of the lexicon, with the reason, when its folder is broken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'model-'));
    writeFileSync(join(folder, 'config.json'), '{"model_type":"bert"}');
    await expect(openToneModel({ model: folder, dtype: 'fp32', threads: 1 }, () => performance.now())).rejects.toThrow(
      /cannot be loaded/,
    );
    rmSync(folder, { recursive: true });
    await expect(
      openToneModel({ model: 'no such/thing at all', dtype: 'fp32', threads: 1 }, () => performance.now()),
    ).rejects.toThrow(/no model at/);
  });
});

describe('the wording of a question', () => {
  it('tells whom it asks about, what would happen, and which way it counts', () => {
    const { subject, rest, sense, way } = readQuestion('Will Mira Ordan win the Valdoria presidential election?');
    expect(subject).toEqual([{ stems: ['mira', 'ordan'], name: true }]);
    expect(rest[0]).toEqual({ stems: ['valdoria'], name: true });
    expect([sense, way]).toEqual([1, null]);
    expect(readQuestion('Will inflation be below 3 percent in May?').sense).toBe(-1);
    expect(readQuestion('Meridian central bank in June: no change?').way).toEqual({ set: 0, index: 2 });
    expect(readQuestion('Harbour derby: will the Herons beat the Otters?').rival).toEqual([
      { stems: ['otter'], name: true },
    ]);
  });
});
