import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLArgument,
  type GraphQLInputType,
} from 'graphql';
import { createOutbox } from '#data';
import { ApiBench, cookieOf, PASSWORD, type Answer } from './api-bench.js';

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

/** A call of a field with something in every argument that must be there. */
function called(name: string, args: readonly GraphQLArgument[]): string {
  const given = args.filter(({ type }) => isNonNullType(type)).map(({ name: arg, type }) => `${arg}: ${some(type)}`);
  return `${name}${given.length > 0 ? `(${given.join(', ')})` : ''} { __typename }`;
}
function some(type: GraphQLInputType): string {
  if (isNonNullType(type)) return some(type.ofType as GraphQLInputType);
  if (isListType(type)) return '[]';
  if (isEnumType(type)) return type.getValues()[0].name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return `{ ${fields.map((field) => `${field.name}: ${some(field.type)}`).join(', ')} }`;
  }
  return { Boolean: 'true', Int: '1', Float: '1', ID: '"x"', String: '"x"', JSON: '{}' }[type.name] ?? '1';
}

describe('people', () => {
  const as = async (headers: Record<string, string>, query: string, variables: object = {}): Promise<Answer> =>
    (await (await bench.post('/graphql', { query, variables }, headers)).json()) as Answer;
  const invite = async (role: string): Promise<URL> =>
    new URL(
      (await bench.ask(`mutation { invitePerson(role: "${role}") { ... on InviteMade { path } } }`)).data.invitePerson
        .path,
      bench.api.url,
    );
  const accept = (link: URL, name: string): Promise<Response> =>
    bench.post('/auth/setup', { token: link.searchParams.get('token'), name, password: PASSWORD });
  let viewer: { cookie: string };
  let operator: { cookie: string };

  it('come by a link that works once and can be taken back', async () => {
    const link = await invite('viewer');
    expect((await accept(link, 'ADA')).status).toBe(400);
    const made = await accept(link, 'Vera');
    expect(await made.json()).toMatchObject({ name: 'Vera', role: 'viewer' });
    viewer = { cookie: cookieOf(made) };
    expect((await accept(link, 'Another')).status).toBe(400);
    operator = { cookie: cookieOf(await accept(await invite('operator'), 'Otto')) };
    const back = await invite('admin');
    const { data } = await bench.ask('{ invites { id role by } people { name role disabledAt } }');
    expect(data.invites).toMatchObject([{ role: 'admin', by: 'Ada' }]);
    expect(data.people.map(({ name, role }: { name: string; role: string }) => `${name} ${role}`)).toEqual([
      'Ada admin',
      'Otto operator',
      'Vera viewer',
    ]);
    await bench.ask('mutation ($id: ID!) { takeInviteBack(id: $id) { __typename } }', { id: data.invites[0].id });
    expect((await accept(back, 'Mallory')).status).toBe(400);
    expect(
      (await bench.ask(`mutation { invitePerson(role: "king") { ${PROBLEM} } }`)).data.invitePerson.fields,
    ).toMatchObject([{ path: '/role' }]);
    const stored = await bench.pool.query('SELECT * FROM setup_token');
    expect(JSON.stringify(stored.rows)).not.toContain(back.searchParams.get('token'));
  });

  it('who only look are refused every mutation of the schema, over HTTP, and every query that is an admin’s', async () => {
    const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
    // Their own tokens, and a question that changes nothing.
    const own = new Set(['makeApiToken', 'revokeApiToken', 'tryHeadline']);
    const mutations = Object.values(schema.getMutationType()!.getFields()).filter(({ name }) => !own.has(name));
    expect(mutations.length).toBeGreaterThan(20);
    for (const { name, args } of mutations) {
      const { errors } = await as(viewer, `mutation { ${called(name, args)} }`);
      expect(errors?.[0].message, `${name} by a viewer`).toContain('Your role, viewer, is not enough');
    }
    for (const query of ['people { id }', 'invites { id }', 'audit { items { id } }', 'auditCheck { whole }'])
      expect((await as(viewer, `{ ${query} }`)).errors?.[0].message, `${query} by a viewer`).toContain('ask an admin');
    expect((await as(viewer, '{ noticeRules { id config } viewer { role } }')).data.viewer.role).toBe('viewer');
    const told = new Promise((resolve) =>
      bench
        .socketClient(viewer)
        .subscribe(
          { query: 'mutation { setKillSwitch(on: true, reason: "drill") { __typename } }' },
          { next: ({ errors }) => resolve(errors?.[0].message), error: resolve, complete: () => undefined },
        ),
    );
    expect(await told).toContain('Your role, viewer');
  });

  it('who operate do not decide about people, secrets and what leaves the house', async () => {
    const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
    const fields = schema.getMutationType()!.getFields();
    for (const name of [
      'invitePerson',
      'takeInviteBack',
      'setPersonRole',
      'setPersonDisabled',
      'saveSecret',
      'removeSecret',
      'saveNoticeRule',
      'removeNoticeRule',
    ])
      expect(
        (await as(operator, `mutation { ${called(name, fields[name].args)} }`)).errors?.[0].message,
        name,
      ).toContain('ask an admin');
    const { data } = await as(operator, `mutation { sendNoticeTest(rule: "x") { ${PROBLEM} } }`);
    expect(data.sendNoticeTest.message).toContain('There is no notice rule');
  });

  it('give programs tokens that are shown once, do no more than their person and end when revoked', async () => {
    const make = (headers: { cookie: string }, role: string) =>
      as(
        headers,
        `mutation { makeApiToken(name: "ci", role: "${role}", days: 1) { ... on ApiTokenMade { id token } ${PROBLEM} } }`,
      );
    expect((await make(operator, 'admin')).data.makeApiToken.fields).toMatchObject([{ path: '/role' }]);
    const { id, token } = (await make(operator, 'operator')).data.makeApiToken as { id: string; token: string };
    const program = { authorization: `Bearer ${token}` };
    expect((await as(program, '{ viewer { name role } }')).data.viewer).toEqual({
      name: 'Otto (token ci)',
      role: 'operator',
    });
    const again = await as(program, `mutation { makeApiToken(name: "x", role: "viewer") { ${PROBLEM} } }`);
    expect(again.data.makeApiToken.message).toContain('A token cannot do this');
    expect(JSON.stringify((await bench.pool.query('SELECT * FROM api_token')).rows)).not.toContain(token.slice(4));
    expect((await as(operator, '{ apiTokens { id name role person } }')).data.apiTokens).toEqual([
      { id, name: 'ci', role: 'operator', person: 'Otto' },
    ]);
    // Their person becomes less, and they with them.
    const otto = (await bench.pool.query(`SELECT id FROM app_user WHERE name = 'Otto'`)).rows[0].id as string;
    const change = (mutation: string) =>
      bench.ask(`mutation ($id: ID!) { ${mutation} { ... on Done { id } ${PROBLEM} } }`, { id: otto });
    await change('setPersonRole(id: $id, role: "viewer")');
    expect((await as(program, '{ viewer { role } }')).data.viewer.role).toBe('viewer');
    await change('setPersonDisabled(id: $id, disabled: true)');
    const status = async (headers: Record<string, string>) =>
      (await bench.post('/graphql', { query: '{ viewer { id } }' }, headers)).status;
    expect([await status(program), await status(operator)]).toEqual([401, 401]);
    await change('setPersonDisabled(id: $id, disabled: false)');
    expect([await status(program), await status(operator)]).toEqual([200, 401]);
    await bench.ask('mutation ($id: ID!) { revokeApiToken(id: $id) { __typename } }', { id });
    expect(await status(program)).toBe(401);
    const other = { ...viewer };
    expect(
      (await as(other, `mutation { revokeApiToken(id: "${id}") { ${PROBLEM} } }`)).data.revokeApiToken.message,
    ).toContain('no such token');
  });

  it('always have an admin among them', async () => {
    const { data } = await bench.ask('{ viewer { id } }');
    for (const mutation of ['setPersonRole(id: $id, role: "viewer")', 'setPersonDisabled(id: $id, disabled: true)']) {
      const answer = await bench.ask(`mutation ($id: ID!) { done: ${mutation} { ${PROBLEM} } }`, {
        id: data.viewer.id,
      });
      expect(answer.data.done.message).toContain('One admin must stay');
    }
    expect((await bench.ask('{ viewer { role } }')).data.viewer.role).toBe('admin');
  });

  it('leave an audit log that shows when somebody changed it', async () => {
    const { data } = await bench.ask(
      '{ audit(first: 2, text: "person.") { items { id by action target } hasNextPage endCursor } auditCheck { whole lines brokenAt head } }',
    );
    expect(data.audit.items[0]).toMatchObject({ by: 'Ada', action: 'person.enable', target: 'Otto' });
    const more = await bench.ask(
      `{ audit(first: 2, text: "person.", after: "${data.audit.endCursor}") { items { id } } }`,
    );
    expect(more.data.audit.items[0].id).toBeLessThan(data.audit.items[1].id);
    expect(data.auditCheck).toMatchObject({
      whole: true,
      brokenAt: null,
      head: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    // Whoever owns the database can switch the guard off; the chain tells all the same.
    await bench.pool.query('ALTER TABLE audit DISABLE TRIGGER audit_no_change');
    await bench.pool.query(`UPDATE audit SET "by" = 'nobody' WHERE id = 3`);
    expect((await bench.ask('{ auditCheck { whole brokenAt } }')).data.auditCheck).toEqual({
      whole: false,
      brokenAt: 3,
    });
    await bench.pool.query(
      `UPDATE audit SET hash = audit_hash(previous, id, at, "by", action, target, detail) WHERE id = 3`,
    );
    expect((await bench.ask('{ auditCheck { brokenAt } }')).data.auditCheck.brokenAt).toBe(4);
    await bench.pool.query('DELETE FROM audit WHERE id = 4');
    expect((await bench.ask('{ auditCheck { whole } }')).data.auditCheck.whole).toBe(false);
  });
});
