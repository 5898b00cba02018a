import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutbox } from '#data';
import { ApiBench } from './api-bench.js';

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.start();
  await bench.setUp();
});
afterAll(() => bench?.stop());

const PROBLEM = '... on Problem { message fields { path message } }';

describe('notices', () => {
  const save = (rule: object) =>
    bench.ask(`mutation ($rule: NoticeRuleInput!) { saveNoticeRule(rule: $rule) { ... on Done { id } ${PROBLEM} } }`, {
      rule: {
        title: 'Desk',
        kinds: ['account-state'],
        notifier: 'webhook',
        config: { url: 'https://example.org/x' },
        active: true,
        ...rule,
      },
    });

  it('names every field that is wrong', async () => {
    const { data } = await save({
      title: ' ',
      kinds: ['rumour'],
      workflow: 'nobody',
      config: { url: 'ftp://x', secrets: 'x' },
    });
    expect(data.saveNoticeRule.fields.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/config/secrets',
      '/config/url',
      '/kinds',
      '/title',
      '/workflow',
    ]);
    expect((await save({ kinds: [], notifier: 'pigeon' })).data.saveNoticeRule.fields).toMatchObject([
      { path: '/kinds' },
      { path: '/notifier', message: expect.stringContaining('there are webhook') as string },
    ]);
    expect((await save({ id: 'none' })).data.saveNoticeRule.message).toContain('no notice rule none');
  });

  it('are made of what is committed from then on, and shown with what became of them', async () => {
    const id = (await save({})).data.saveNoticeRule.id as string;
    const changed = bench.hear<{ noticesChanged: number }>('subscription { noticesChanged }', () => true);
    await bench.pool.query('UPDATE notice_rule SET since = 0');
    await bench.pool.query('UPDATE notice_cursor SET seq = $1', [bench.head]);
    await bench.appendNext();
    await createOutbox(bench.pool).scan(Date.now());
    expect((await changed).noticesChanged).toBeGreaterThan(0);
    const { data } = await bench.ask(
      '{ noticeRules { id title kinds config waiting by } deliveries { items { id rule kind state sentence attempts dueAt answer } hasNextPage } }',
    );
    expect(data.noticeRules).toMatchObject([
      { id, title: 'Desk', config: { url: 'https://example.org/x', secret: '', entry: true }, waiting: 1, by: 'Ada' },
    ]);
    expect(data.deliveries.items).toMatchObject([
      {
        rule: id,
        kind: 'account-state',
        state: 'waiting',
        attempts: 0,
        sentence: expect.stringContaining('REDUCING') as string,
      },
    ]);
    const again = await bench.ask(
      `mutation ($id: ID!) { sendDeliveryAgain(id: $id) { ... on Done { id } ${PROBLEM} } }`,
      {
        id: data.deliveries.items[0].id,
      },
    );
    expect(again.data.sendDeliveryAgain).toEqual({ id: data.deliveries.items[0].id });
    await bench.ask('mutation ($id: ID!) { sendNoticeTest(rule: $id) { __typename } }', { id });
    expect((await bench.ask('{ deliveries(state: "waiting") { items { kind } } }')).data.deliveries.items).toEqual([
      { kind: 'test' },
      { kind: 'account-state' },
    ]);
    expect((await bench.ask('{ deliveries(state: "lost") { items { kind } } }')).errors![0].message).toContain(
      'A delivery is',
    );
    await bench.ask('mutation ($id: ID!) { removeNoticeRule(id: $id) { __typename } }', { id });
    expect((await bench.ask('{ noticeRules { id } deliveries { items { id } } }')).data).toEqual({
      noticeRules: [],
      deliveries: { items: [] },
    });
  });

  it('keep their secrets sealed, out of every answer and out of the audit log', async () => {
    const stored = await bench.ask('mutation { saveSecret(name: "hook", secret: "hush-hush") { ... on Done { id } } }');
    expect(stored.data.saveSecret).toEqual({ id: 'hook' });
    const bad = await bench.ask(`mutation { saveSecret(name: "Hook 1", secret: "") { ${PROBLEM} } }`);
    expect(bad.data.saveSecret.fields.map(({ path }: { path: string }) => path)).toEqual(['/name', '/secret']);
    expect((await bench.ask('{ storedSecrets { name by } }')).data.storedSecrets).toEqual([
      { name: 'hook', by: 'Ada' },
    ]);
    const rows = await bench.pool.query("SELECT encode(sealed, 'escape') AS text FROM stored_secret");
    const audit = await bench.pool.query(`SELECT detail::text AS text FROM audit WHERE action LIKE 'secret%'`);
    expect(JSON.stringify([rows.rows, audit.rows])).not.toContain('hush');
    expect(audit.rows.length).toBe(1);
    await bench.ask('mutation { removeSecret(name: "hook") { __typename } }');
    expect(
      (await bench.ask(`mutation { removeSecret(name: "hook") { ${PROBLEM} } }`)).data.removeSecret.message,
    ).toContain('no secret');
  });
});
