import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiBench } from './api-bench.js';
import { POLY } from '../../libs/data/src/queries/sample-lane.spec-support.js';

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.start();
  await bench.setUp();
});
afterAll(() => bench?.stop());

const POLICY = '{ ... on StoredTable { name keepDays compressHours } ... on Problem { message } }';

describe('storage', () => {
  it('is told table by table, with what is kept of each', async () => {
    const { data, errors } = await bench.ask(
      '{ storage { layout why tables { name rows bytes parts compressedParts ratio oldestAt newestAt keepDays compressHours mayDrop mayCompress } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.storage).toMatchObject({ layout: 'plain', why: expect.stringContaining('TimescaleDB') });
    const trade = data.storage.tables.find(({ name }: { name: string }) => name === 'trade');
    expect(trade).toMatchObject({
      keepDays: null,
      compressHours: null,
      mayDrop: true,
      mayCompress: false,
      ratio: null,
    });
    expect(trade.oldestAt).toBeGreaterThan(1_700_000_000_000);
    expect(trade.newestAt).toBeGreaterThanOrEqual(trade.oldestAt);
  });

  it('keeps what an admin says, shows before what would go, and writes it down', async () => {
    const set = (table: string, keepDays: number | null) =>
      bench.ask(`mutation ($keepDays: Int) { setStoragePolicy(table: "${table}", keepDays: $keepDays) ${POLICY} }`, {
        keepDays,
      });
    const preview = await bench.ask(
      '{ storagePreview(table: "quote", keepDays: 30) { ... on StorageDrop { parts bytes } ... on Problem { message } } }',
    );
    expect(preview.data.storagePreview).toEqual({ parts: 0, bytes: 0 });
    expect((await set('quote', 30)).data.setStoragePolicy).toEqual({
      name: 'quote',
      keepDays: 30,
      compressHours: null,
    });
    expect((await set('quote', 3)).data.setStoragePolicy.message).toContain('at least 7 days');
    expect((await set('event', 30)).data.setStoragePolicy.message).toContain('kept for ever');
    expect((await set('app_user', null)).data.setStoragePolicy.message).toContain('no stored table');
    expect((await set('quote', null)).data.setStoragePolicy).toMatchObject({ keepDays: null });
    const audit = await bench.pool.query(
      "select target, detail from audit where action = 'storage.policy' order by id",
    );
    expect(audit.rows.map(({ target, detail }) => [target, detail.from.keepDays, detail.to.keepDays])).toEqual([
      ['quote', null, 30],
      ['quote', 30, null],
    ]);
  });

  it('tells how much of each day of a market was recorded', async () => {
    const { data, errors } = await bench.ask(`{
      coverage(market: "${POLY}") { at trustedMs gapMs silentMs losses }
      unknown: coverage(market: "kalshi:none") { at }
    }`);
    expect(errors?.[0].message).toBe('There is no market kalshi:none.');
    expect(data).toBeNull();
    const { coverage } = (await bench.ask(`{ coverage(market: "${POLY}") { at trustedMs gapMs silentMs losses } }`))
      .data;
    expect(coverage.length).toBeGreaterThanOrEqual(90);
    expect(coverage.at(-1).trustedMs + coverage.at(-1).gapMs).toBeGreaterThan(0);
  });
});
