import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQuestions, createTapeStore } from '#data';
import { loadPlugins, type PluginRegistry } from '#host';
import { DeskBench, LANE } from './desk-bench.js';

const SAVED = '{ ... on WorkflowSaved { id version seq } ... on Problem { message fields { path message } } }';
const DONE = '{ ... on ActDone { seq } ... on Problem { message fields { path message } } }';

const folder = mkdtempSync(join(tmpdir(), 'arbintel-desk-'));
/** Version 1 asks for `below`; version 2 calls it `under` and brings the old config over. */
const story = (version: 1 | 2): string => `
export default ({ defineStrategy, Type }) => defineStrategy({
  manifest: { id: 'story', version: '${version}.0.0', title: 'Story', summary: 'For tests.', sdk: '^1.0.0' },
  configSchema: Type.Object({
    ${version === 1 ? 'below' : 'under'}: Type.Integer({ title: 'Buy below', description: 'An ask.', unit: 'micro-dollars', minimum: 1, maximum: 999, default: 20 }),
  }),
  scope: 'markets',
  initialState: () => ({ heard: 0 }),
  onQuote({ state }) { state.heard += 1; },
  migrateConfig: ({ config }) => ({ under: config.below }),
});`;

const pluginsOf = (version: 1 | 2): Promise<PluginRegistry> => {
  const own = join(folder, `v${version}`);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'plugin.mjs'), story(version));
  return loadPlugins({ folders: [own, join(folder, 'nowhere')] });
};

let desk: DeskBench;
beforeAll(async () => {
  desk = await DeskBench.start(await pluginsOf(1));
  await desk.addMarkets('a', 'b', 'c');
});
afterAll(async () => {
  await desk?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const save = async (input: object) =>
  (await desk.ask(`mutation ($input: WorkflowInput!) { saveWorkflow(input: $input) ${SAVED} }`, { input })).data
    .saveWorkflow;
const input = { title: 'Cheap toys', plugin: 'story', account: 'main', mode: 'shadow' };

describe('plugins', () => {
  it('are listed with the fields of their config, built-in or from a folder, and so are those refused', async () => {
    const { data, errors } = await desk.ask(`{
      plugins { id kind source }
      plugin(id: "story") { version scope permissions needs { models news } fields { path type title unit default minimum maximum enum } }
      refusedPlugins { folder id reason }
    }`);
    expect(errors).toBeUndefined();
    expect(data.plugins).toContainEqual({ id: 'kalshi', kind: 'venue', source: 'built-in' });
    expect(data.plugins).toContainEqual({ id: 'story', kind: 'strategy', source: join(folder, 'v1') });
    expect(data.plugin).toMatchObject({
      version: '1.0.0',
      scope: 'markets',
      needs: { models: [], news: false },
      fields: [{ path: '/below', type: 'integer', unit: 'micro-dollars', default: 20, minimum: 1, maximum: 999 }],
    });
    expect(data.refusedPlugins).toEqual([
      { folder: join(folder, 'nowhere'), id: null, reason: 'there is no such folder' },
    ]);
  });

  it('are shown to nobody who has not signed in', async () =>
    expect((await desk.post('/graphql', { query: '{ plugins { id } }' })).status).toBe(401));

  it('leave the schema as it is, whichever are loaded', async () => {
    const types = async (): Promise<string> =>
      JSON.stringify((await desk.ask('{ __schema { types { name fields { name } } } }')).data);
    const before = await types();
    await desk.startApi(await loadPlugins({ folders: [] }));
    expect(await types()).toBe(before);
    expect((await desk.ask('{ plugin(id: "story") { id } }')).data.plugin).toBeNull();
    await desk.startApi(await pluginsOf(1));
  });
});

describe('a workflow', () => {
  it('is refused field by field, as data', async () => {
    const refused = await save({
      title: ' ',
      plugin: 'story',
      account: 'nobody',
      mode: 'loud',
      config: { below: 5000, odd: 1 },
      scope: { venues: ['mars'] },
      models: { oracle: {} },
    });
    expect(refused.fields.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/account',
      '/config/below',
      '/config/odd',
      '/mode',
      '/models/oracle',
      '/scope/venues',
      '/title',
    ]);
    expect((await save({ ...input, plugin: 'none' })).fields[0].path).toBe('/plugin');
    expect((await save({ ...input, limits: { maxGross: 9e12, oops: 1 } })).fields).toEqual([
      expect.objectContaining({ path: expect.stringMatching(/^\/limits\//) }),
      expect.objectContaining({ path: expect.stringMatching(/^\/limits\//) }),
    ]);
  });

  it('is made, runs, is changed and remembers who did it', async () => {
    const made = await save({ ...input, limits: { maxGross: 1_000_000 } });
    expect(made).toMatchObject({ id: 'cheap-toys', version: 1, seq: expect.any(Number) });
    expect(await save(input)).toMatchObject({ id: 'cheap-toys-2', version: 1 });
    expect(await save({ ...input, id: 'cheap-toys', baseVersion: 1, config: { below: 7 } })).toMatchObject({
      version: 2,
    });
    expect((await save({ ...input, id: 'cheap-toys', baseVersion: 1 })).fields[0].path).toBe('/baseVersion');
    const { data } = await desk.ask(`{
      workflow(id: "cheap-toys") { version config limits state archived session }
      workflowVersions(id: "cheap-toys") { version by config limits }
      workflowDiff(id: "cheap-toys", a: 1, b: 2) { path before after }
    }`);
    expect(data.workflow).toEqual({
      version: 2,
      config: { below: 7 },
      limits: {},
      state: 'running',
      archived: false,
      session: 'cheap-toys#2',
    });
    expect(data.workflowVersions.map(({ version, by }: { version: number; by: string }) => [version, by])).toEqual([
      [2, 'Ada'],
      [1, 'Ada'],
    ]);
    expect(data.workflowDiff).toEqual([
      { path: '/config/below', before: 20, after: 7 },
      { path: '/limits/maxGross', before: 1_000_000, after: null },
    ]);
  });

  it('rests in the archive until a version is restored', async () => {
    expect((await desk.ask(`mutation { archiveWorkflow(id: "cheap-toys") ${SAVED} }`)).data.archiveWorkflow).toEqual(
      expect.objectContaining({ version: 2 }),
    );
    const look = '{ workflow(id: "cheap-toys") { archived state mode config } }';
    expect((await desk.ask(look)).data.workflow).toMatchObject({ archived: true, state: 'ended' });
    const again = await desk.ask(`mutation {
      archiveWorkflow(id: "cheap-toys") ${SAVED}
      setWorkflowMode(workflow: "cheap-toys", mode: "paper") ${DONE}
    }`);
    expect(again.data.archiveWorkflow.fields[0].path).toBe('/id');
    expect(again.data.setWorkflowMode.message).toContain('is in the archive');
    const { data } = await desk.ask(`mutation { restoreWorkflow(id: "cheap-toys", version: 1) ${SAVED} }`);
    expect(data.restoreWorkflow).toMatchObject({ version: 3 });
    expect((await desk.ask(look)).data.workflow).toEqual({
      archived: false,
      state: 'running',
      mode: 'off',
      config: { below: 20 },
    });
  });

  it('is copied, and carried to another house as a file', async () => {
    const { data } = await desk.ask(`mutation { cloneWorkflow(id: "cheap-toys", title: "Twin") ${SAVED} }`);
    expect(data.cloneWorkflow).toMatchObject({ id: 'twin', version: 1 });
    const document = (await desk.ask('{ exportWorkflow(id: "twin") }')).data.exportWorkflow;
    expect(document).toMatchObject({ format: 'arbintel.workflow/1', plugin: 'story', config: { below: 20 } });
    const load = async (doc: object) =>
      (await desk.ask(`mutation ($doc: JSON!) { importWorkflow(document: $doc, account: "main") ${SAVED} }`, { doc }))
        .data.importWorkflow;
    expect(await load(document)).toMatchObject({ id: 'twin-2', version: 1 });
    expect((await load({ ...document, format: 'other', config: 1 })).fields.map(({ path }: any) => path)).toEqual([
      '/document/format',
      '/document/config',
    ]);
  });

  it('has a scope whose size is told before it is saved', async () => {
    const preview = async (scope: object) =>
      (
        await desk.ask('query ($s: WorkflowScopeInput!) { scopePreview(scope: $s) { markets groups links titles } }', {
          s: scope,
        })
      ).data.scopePreview;
    expect(await preview({})).toEqual({ markets: 3, groups: 0, links: 0, titles: ['a', 'b', 'c'] });
    expect(await preview({ markets: ['toy:a'], categories: ['toys'] })).toMatchObject({ markets: 1, titles: ['a'] });
    expect(await preview({ text: 'nothing like it' })).toMatchObject({ markets: 0 });
    const { workflows } = (
      await desk.ask('{ workflows { id scopeKind scopeSize { markets } lastSignalAt lastFillAt } }')
    ).data;
    expect(workflows).toContainEqual({
      id: 'twin',
      scopeKind: 'markets',
      scopeSize: { markets: 3 },
      lastSignalAt: null,
      lastFillAt: null,
    });
  });
});

describe('enablement', () => {
  const rows = async () =>
    (
      await desk.ask(
        '{ enablement(plugin: "story", first: 10) { total items { market inherited own effective from } } }',
      )
    ).data.enablement;
  const set = async (scopes: object[], mode: string | null) =>
    (
      await desk.ask(
        `mutation ($scopes: [EnablementScopeInput!]!, $mode: String) { setEnablement(plugin: "story", scopes: $scopes, mode: $mode) ${DONE} }`,
        { scopes, mode },
      )
    ).data.setEnablement;

  it('is inherited down the tree, and the most specific setting wins', async () => {
    expect((await rows()).items[0]).toEqual({
      market: 'toy:a',
      inherited: 'paper',
      own: null,
      effective: 'paper',
      from: 'default',
    });
    expect(await set([{ kind: 'category', id: 'toys' }], 'shadow')).toEqual({ seq: expect.any(Number) });
    await set(
      [
        { kind: 'market', id: 'toy:a' },
        { kind: 'market', id: 'toy:b' },
      ],
      'off',
    );
    const { items, total } = await rows();
    expect(total).toBe(3);
    expect(items.map((row: any) => [row.market, row.inherited, row.own, row.effective, row.from])).toEqual([
      ['toy:a', 'shadow', 'off', 'off', 'market'],
      ['toy:b', 'shadow', 'off', 'off', 'market'],
      ['toy:c', 'shadow', null, 'shadow', 'category'],
    ]);
    await set([{ kind: 'market', id: 'toy:a' }], null);
    expect((await rows()).items[0]).toMatchObject({ own: null, effective: 'shadow', from: 'category' });
  });

  it('is a matrix of places of every level by plugin', async () => {
    const places = async (kind: string, more = '') =>
      (
        await desk.ask(
          `{ enablementPlaces(kind: "${kind}", plugins: ["story", "exclusive-bundle"], first: 2 ${more}) {
             total hasNextPage endCursor items { kind id markets category cells { plugin own inherited effective from by } } } }`,
        )
      ).data.enablementPlaces;
    const [category] = (await places('category')).items;
    expect(category).toMatchObject({ kind: 'category', id: 'toys', markets: 3 });
    expect(category.cells).toEqual([
      { plugin: 'story', own: 'shadow', inherited: 'paper', effective: 'shadow', from: 'category', by: 'Ada' },
      { plugin: 'exclusive-bundle', own: null, inherited: 'paper', effective: 'paper', from: 'default', by: '' },
    ]);
    expect((await places('venue')).items[0]).toMatchObject({ id: 'toy', markets: 3 });
    expect((await places('group')).total).toBe(0);
    const first = await places('market');
    expect([first.total, first.hasNextPage, first.items.length]).toEqual([3, true, 2]);
    const last = await places('market', `after: "${first.endCursor}"`);
    expect(last.items.map(({ id }: { id: string }) => id)).toEqual(['toy:c']);
    expect(last.items[0].cells[0]).toMatchObject({ effective: 'shadow', from: 'category' });
    expect((await places('market', 'text: "b", category: "toys", venue: "toy"')).total).toBe(1);
    const wrong = await desk.ask('{ enablementPlaces(kind: "planet", plugins: [], first: 1) { total } }');
    expect(wrong.errors?.[0].extensions).toMatchObject({ fields: [{ path: '/kind' }] });
  });

  it('says what is wrong with a place, as data', async () => {
    const wrong = await set(
      [
        { kind: 'planet', id: 'mars' },
        { kind: 'market', id: 'toy:none' },
      ],
      'off',
    );
    expect(wrong.fields.map(({ path }: { path: string }) => path)).toEqual(['/scopes/0/kind', '/scopes/1/id']);
    expect((await set([], 'loud')).fields.map(({ path }: { path: string }) => path)).toEqual(['/mode', '/scopes']);
  });

  it('is in force within a second and loses no event, a hundred times over', async () => {
    const head = async (): Promise<number> =>
      Number((await desk.pool.query('SELECT head_seq FROM lane WHERE id = $1', [LANE])).rows[0].head_seq);
    const from = (await head()) + 1;
    const { ref } = (await desk.pool.query(`SELECT ref FROM market_state WHERE id = 'toy:c'`)).rows[0];
    /** What the tape holds since: frames of the market, acts of enablement, and whether a number is missing. */
    const onTape = async () => {
      const acts: number[] = [];
      let [frames, next] = [0, from];
      for await (const event of createTapeStore(desk.pool).read(LANE, from, await head())) {
        expect(event.seq).toBe(next++);
        if (event.kind === 'book' && event.market === ref) frames += event.merged;
        if (event.kind === 'act' && event.act.kind === 'enablement') acts.push(event.seq);
      }
      return { frames, acts };
    };
    let sent = 0;
    const traffic = setInterval(() => {
      sent += 1;
      desk.server.books.set('c', 300_000 + (sent % 40) * 10_000);
      desk.server.sendBook('c');
    }, 5);
    const waits: number[] = [];
    const seqs: number[] = [];
    try {
      for (let turn = 0; turn < 100; turn++) {
        const began = performance.now();
        const { seq } = await set([{ kind: 'market', id: 'toy:c' }], turn % 2 === 0 ? 'off' : 'paper');
        waits.push(performance.now() - began);
        seqs.push(seq);
      }
    } finally {
      clearInterval(traffic);
    }
    expect(Math.max(...waits)).toBeLessThan(1_000);
    expect(sent).toBeGreaterThan(100);
    await expect.poll(onTape, { timeout: 10_000 }).toEqual({ frames: sent, acts: seqs });
  }, 60_000);
});

describe('a new version of a plugin', () => {
  it('is shown as a dry run, leaves the running session alone, and takes over when the worker starts again', async () => {
    const two = await pluginsOf(2);
    await desk.startApi(two);
    const { data } = await desk.ask(
      '{ workflowUpgrade(id: "twin") { from to changes { path before after } problem { message } } }',
    );
    expect(data.workflowUpgrade).toEqual({
      from: '1.0.0',
      to: '2.0.0',
      problem: null,
      changes: [
        { path: '/config/below', before: 20, after: null },
        { path: '/config/under', before: null, after: 20 },
        { path: '/pluginVersion', before: '1.0.0', after: '2.0.0' },
      ],
    });
    const look = '{ workflow(id: "twin") { pluginVersion config state session } }';
    expect((await desk.ask(look)).data.workflow).toMatchObject({ pluginVersion: '1.0.0', session: 'twin#1' });
    await desk.stopLane();
    await desk.startLane(two);
    await expect
      .poll(async () => (await desk.ask(look)).data.workflow, { timeout: 10_000 })
      .toEqual({ pluginVersion: '2.0.0', config: { under: 20 }, state: 'running', session: 'twin#2' });
  });
});

describe('the order calculator', () => {
  const ask = async (over: object = {}, leg: object = {}) => {
    const order = {
      account: 'main',
      legs: [{ market: 'toy:a', outcome: 'yes', action: 'buy', size: 100, limit: 410_000, ...leg }],
      ...over,
    };
    const { data, errors } = await desk.ask(
      `query ($order: OrderQuestionInput!) { orderVerdict(order: $order) {
        ... on OrderVerdict { seq goes mode rules { rule refuses message limit use asked headroom unit } legs { title fee debit best depth } }
        ... on Problem { message fields { path } } } }`,
      { order },
    );
    expect(errors).toBeUndefined();
    return data.orderVerdict;
  };
  type Rule = { rule: string; refuses: boolean; message: string };

  it('asks the gate on its live state, and the answer is on the tape’s side of the commit', async () => {
    const verdict = await ask();
    const { rows } = await desk.pool.query<{ head: number }>('SELECT head_seq AS head FROM lane WHERE id = 1');
    expect(verdict.seq).toBeLessThanOrEqual(rows[0].head);
    expect(verdict.rules.map(({ rule }: Rule) => rule)).toEqual(
      expect.arrayContaining(['kill-switch', 'off-grid', 'order-throttle', 'open-orders']),
    );
    expect(verdict.rules.find(({ rule }: Rule) => rule === 'untrusted').message).toMatch(
      /^The book of “.+” can be trusted\.$/,
    );
    expect(verdict.goes).toBe(verdict.rules.every(({ refuses }: Rule) => !refuses));
    expect((await desk.pool.query('SELECT 1 FROM lane_question')).rows).toEqual([]);
  });

  it('refuses what the gate would refuse, with the numbers, and names what it does not know', async () => {
    await desk.ask('mutation { setKillSwitch(on: true, reason: "drill") { __typename } }');
    const verdict = await ask({}, { size: 100_000_000 });
    const refused = verdict.rules.filter(({ refuses }: Rule) => refuses).map(({ rule }: Rule) => rule);
    expect(refused).toEqual(expect.arrayContaining(['kill-switch', 'unknown-fee']));
    expect(verdict.goes).toBe(false);
    await desk.ask('mutation { setKillSwitch(on: false, reason: "") { __typename } }');
    expect((await ask({ account: 'nobody', as: 'guess' }, { outcome: 'maybe' })).fields).toEqual([
      { path: '/legs/0/outcome' },
      { path: '/as' },
      { path: '/account' },
    ]);
    expect((await ask({}, { market: 'toy:nothing' })).fields).toEqual([{ path: '/legs/0/market' }]);
  });

  it('says so when no worker answers', async () => {
    await desk.stopLane();
    const questions = createQuestions(desk.pool, desk.bus, Date.now);
    await expect(questions.ask(LANE, { kind: 'verdict' }, 100)).rejects.toThrow('did not answer within 0.1 s');
  });
});
