import 'reflect-metadata';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { createInbox, createPool, createTapeStore, temporaryDatabase, type Pool, type TemporaryDatabase } from '#data';
import { createLog } from '#host';
import { createLiveBus, type LiveBus } from '#queue';
import { startApi, type ApiOptions, type RunningApi } from '../apps/api/src/server.js';
import {
  KALSHI,
  LANE,
  LIMITS,
  POLY,
  quoteOf,
  WORKFLOW,
  writeSampleLane,
  type SampleLane,
} from '../libs/data/src/queries/sample-lane.spec-support.js';
import { batchOf } from '../libs/data/src/testing/batches.js';

const PASSWORD = 'correct horse battery';

let database: TemporaryDatabase;
let pool: Pool;
let bus: LiveBus;
let lane: SampleLane;
let api: RunningApi;
let pageDir: string;
let cookie = '';
const logged: string[] = [];

const options = (): ApiOptions => ({
  config: { mode: 'demo', databaseUrl: database.url, redisUrl: null, host: '127.0.0.1', port: 0 },
  log: createLog('info', {}, (line) => logged.push(line)),
  pageDir,
});

beforeAll(async () => {
  database = await temporaryDatabase();
  pool = createPool(database.url);
  bus = await createLiveBus({ databaseUrl: database.url, redisUrl: null });
  lane = await writeSampleLane(pool, Date.now());
  pageDir = mkdtempSync(join(tmpdir(), 'arbintel-page-'));
  mkdirSync(join(pageDir, 'assets'));
  writeFileSync(join(pageDir, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(pageDir, 'assets', 'app-1a2b.js'), 'export {};');
  api = await startApi(options());
});
afterAll(async () => {
  await api?.stop();
  await bus?.close();
  await pool?.end();
  await database?.stop();
  rmSync(pageDir, { recursive: true, force: true });
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
interface Answer {
  // What a question selects is checked by the schema; its shape here is what each test expects.
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}
const ask = async (query: string, variables: object = {}): Promise<Answer> =>
  (await (await post('/graphql', { query, variables }, { cookie })).json()) as Answer;
const cookieOf = (response: Response): string => (response.headers.get('set-cookie') ?? '').split(';', 1)[0];

function socketClient(headers: Record<string, string>) {
  return createClient({
    url: `${api.url.replace('http', 'ws')}/graphql`,
    retryAttempts: 0,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers });
      }
    },
  });
}

/** The first value of a subscription that `wanted` accepts. */
async function hear<T>(
  query: string,
  wanted: (data: T) => boolean,
  meanwhile: () => Promise<void> = async () => {},
): Promise<T> {
  const client = socketClient({ cookie });
  try {
    return await new Promise<T>((resolve, reject) => {
      let started = false;
      client.subscribe<T>(
        { query },
        {
          next: ({ data, errors }) => {
            if (errors) reject(new Error(errors[0].message));
            else if (data && wanted(data)) resolve(data);
          },
          error: reject,
          complete: () => reject(new Error('the subscription ended')),
        },
      );
      client.on('connected', () => {
        if (started) return;
        started = true;
        setTimeout(() => void meanwhile().catch(reject), 300);
      });
    });
  } finally {
    await client.dispose();
  }
}

describe('before the first sign-in', () => {
  it('refuses every operation with a sentence', async () => {
    const response = await post('/graphql', { query: '{ viewer { id } }' });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'Sign in first.', fields: [] });
    for (const path of ['/graphql/', '/GraphQL', '/graphql?x=1', '//graphql'])
      expect([401, 404, 400]).toContain((await post(path, { query: '{ viewer { id } }' })).status);
  });

  it('closes a socket without a cookie with 4403', async () => {
    const client = socketClient({});
    const closed = new Promise((resolve) => client.on('closed', (event) => resolve((event as { code: number }).code)));
    const failed = new Promise((resolve) =>
      client.subscribe(
        { query: 'subscription { health { at } }' },
        { next: () => undefined, error: resolve, complete: () => resolve('complete') },
      ),
    );
    expect(await closed).toBe(4403);
    await failed;
  });

  it('names wrong fields of the first account, and keeps the link for another try', async () => {
    expect(await (await fetch(`${api.url}/auth/state`)).json()).toEqual({ needsSetup: true, viewer: null });
    const token = new URL(api.setupUrl!).searchParams.get('token');
    const response = await post('/auth/setup', { token, name: ' ', password: 'short' });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { fields: { path: string }[] }).fields.map(({ path }) => path)).toEqual([
      '/name',
      '/password',
    ]);
    expect((await post('/auth/setup', { token: 'guessed', name: 'Ada', password: PASSWORD })).status).toBe(400);
    expect((await post('/auth/setup', { token, name: 7 })).status).toBe(400);
  });

  it('makes one admin by the link, once', async () => {
    const token = new URL(api.setupUrl!).searchParams.get('token');
    const tries = await Promise.all(
      [1, 2].map((n) => post('/auth/setup', { token, name: `Ada ${n}`, password: PASSWORD })),
    );
    expect(tries.map(({ status }) => String(status)).sort()).toEqual(['200', '400']);
    const made = tries.find(({ ok }) => ok)!;
    expect(made.headers.get('set-cookie')).toMatch(
      /^arbintel-demo=.{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    );
    expect(await made.json()).toMatchObject({ role: 'admin' });
    cookie = cookieOf(made);
    expect((await pool.query('select count(*)::int as n from app_user')).rows[0].n).toBe(1);
    // Only hashes are stored.
    expect(JSON.stringify((await pool.query('select * from sign_in')).rows)).not.toContain(cookie.split('=')[1]);
  });

  it('offers no link to a second start', async () => {
    const second = await startApi(options());
    expect(second.setupUrl).toBeNull();
    await second.stop();
  });
});

describe('signing in', () => {
  it('takes name and password and gives a cookie that works', async () => {
    const name = (await ask('{ viewer { name } }')).data.viewer.name as string;
    const wrong = await post('/auth/sign-in', { name, password: 'something else' });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ message: 'Name or password is wrong.' });
    const right = await post('/auth/sign-in', { name: name.toUpperCase(), password: PASSWORD });
    const other = cookieOf(right);
    expect(
      ((await (await fetch(`${api.url}/auth/state`, { headers: { cookie: other } })).json()) as Answer['data']).viewer
        .name,
    ).toBe(name);
    await post('/auth/sign-out', {}, { cookie: other });
    expect((await post('/graphql', { query: '{ viewer { id } }' }, { cookie: other })).status).toBe(401);
  });

  it('refuses another page, by origin', async () => {
    const origin = { origin: 'https://elsewhere.example' };
    expect((await post('/auth/sign-in', { name: 'x', password: 'y' }, origin)).status).toBe(403);
    expect((await post('/graphql', { query: '{ viewer { id } }' }, { cookie, ...origin })).status).toBe(403);
    const client = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers: { cookie, ...origin },
    });
    expect(await new Promise((resolve) => client.on('error', (error) => resolve(error.message)))).toContain('403');
    // A form of another page cannot even ask.
    const simple = await fetch(`${api.url}/graphql?query=%7Bviewer%7Bid%7D%7D`, { headers: { cookie } });
    expect(simple.status).toBe(400);
  });

  it('closes a socket when its sign-in ends', async () => {
    const name = (await ask('{ viewer { name } }')).data.viewer.name as string;
    const other = cookieOf(await post('/auth/sign-in', { name, password: PASSWORD }));
    const client = socketClient({ cookie: other });
    const closed = new Promise((resolve) => client.on('closed', (event) => resolve((event as { code: number }).code)));
    client.subscribe(
      { query: 'subscription { health { at } }' },
      {
        next: () => void post('/auth/sign-out', {}, { cookie: other }),
        error: () => undefined,
        complete: () => undefined,
      },
    );
    expect(await closed).toBe(4401);
  });

  it('slows a guesser down', async () => {
    const answers: number[] = [];
    for (let n = 0; n < 11; n++)
      answers.push((await post('/auth/sign-in', { name: 'nobody', password: 'guess' })).status);
    expect(answers.at(-1)).toBe(429);
  });
});

describe('asking', () => {
  it('answers what a page of markets shows, in few queries', async () => {
    const { data, errors } = await ask(`{
      markets(first: 10) { total items { id venue title fees { known text } quote { bid ask mid } links { id a { id title } b { id } } } }
      links { id a { title } b { title } differences }
      depth(market: "${POLY}", levels: 1) { bids { price size } asks { price } }
      quotes(market: "${POLY}") { at bid }
      continuity(market: "${POLY}") { trusted reason }
      trades(market: "${POLY}") { price taker }
    }`);
    expect(errors).toBeUndefined();
    expect(data.markets.total).toBe(2);
    expect(data.markets.items[0]).toMatchObject({
      id: POLY,
      venue: 'polymarket',
      fees: { known: true, text: 'No fee.' },
      quote: { bid: 395_000, ask: 410_000, mid: 402_500 },
      links: [{ id: 'link-fed', a: { id: POLY }, b: { id: KALSHI } }],
    });
    expect(data.markets.items[1].quote).toMatchObject({ bid: 430_000, ask: null, mid: null });
    expect(data.depth).toEqual({ bids: [{ price: 395_000, size: 700 }], asks: [{ price: 410_000 }] });
    expect(data.quotes.bid).toEqual([400_000, 395_000]);
    expect(data.trades).toEqual([{ price: 410_000, taker: 'buy' }]);
  });

  it('tells decisions in sentences and traces them to the frames', async () => {
    const { data, errors } = await ask(`{
      journal(first: 10) { items { id kind summary } hasNextPage }
      opportunities { total items { id titles verdict reason } }
      opportunityCounts { accepted denied netNegative shadow }
      trace(signalId: "S6.1") { entries { kind } causes { seq kind summary body } }
      unknown: trace(signalId: "S99.9") { signalId }
    }`);
    expect(errors).toBeUndefined();
    expect(data.journal.items.map(({ summary }: { summary: string }) => summary)).toEqual([
      'Refused 3 times: The quote is 40 s old; at most 30 s is allowed.',
      expect.stringContaining('refused: stale book'),
      'Bought 10 contracts YES of “Fed cuts in December” for $4.10 and $0.00 fees',
      expect.stringContaining('Wants to buy 10 contracts YES of “Fed cuts in December” at 0.41 or better'),
      expect.stringContaining('taken'),
    ]);
    expect(data.opportunityCounts).toEqual({ accepted: 1, denied: 1, netNegative: 0, shadow: 0 });
    expect(data.opportunities.items[0].titles).toEqual(['Fed cuts in December', 'Fed cuts rates in December?']);
    expect(data.trace.causes.map(({ kind, summary }: { kind: string; summary: string }) => [kind, summary])).toEqual([
      ['book', 'Whole book of “Fed cuts in December”: 3 levels'],
      ['trade', 'Trade in “Fed cuts in December”: a buyer took 3 contracts at 0.41'],
    ]);
    expect(data.unknown).toBeNull();
  });

  it('answers portfolio, workflows, runs and health', async () => {
    const { data, errors } = await ask(`{
      accounts { id equity positions { title venue value } limits { rule headroom } profile }
      equity(account: "house") { equity }
      workflows { id mode state pluginTitle session }
      runs { id }
      health { demo layout queueBackend database lanes { lane state headSeq problem } queues { name } storage { name } }
    }`);
    expect(errors).toBeUndefined();
    expect(data.accounts[0]).toMatchObject({
      id: 'house',
      positions: [{ title: 'Fed cuts in December', venue: 'polymarket' }],
      profile: LIMITS,
    });
    expect(data.workflows[0]).toMatchObject({ id: WORKFLOW, mode: 'paper', state: 'running' });
    expect(data.health).toMatchObject({
      demo: true,
      layout: 'plain',
      queueBackend: 'PostgreSQL',
      lanes: [{ lane: LANE, state: 'silent', headSeq: 10 }],
    });
    expect(data.health.queues.map(({ name }: { name: string }) => name)).toContain('catalogue');
  });

  it('says what is wrong with a question, and never why inside', async () => {
    expect((await ask('{ quotes(market: "kalshi:none") { at } }')).errors?.[0]).toMatchObject({
      message: 'There is no market kalshi:none.',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect((await ask('{ markets(after: "x") { total } }')).errors?.[0].extensions['code']).toBe('BAD_USER_INPUT');
    expect((await ask('{ markets(text: "\\u0000") { total } }')).errors?.[0].extensions['code']).toBe('BAD_USER_INPUT');
    const deep = `{ links ${'{ a { links '.repeat(6)}{ id }${' } }'.repeat(6)} }`;
    expect((await ask(deep)).errors?.[0].message).toContain('nests deeper');
    expect(
      (await ask('{ markets(first: 500) { items { links { a { links { a { links { id } } } } } } } }')).errors?.[0]
        .message,
    ).toContain('values at once');
    expect((await ask('{ __schema { queryType { name } } }')).data.__schema.queryType.name).toBe('Query');
    expect((await post('/graphql', { query: `{ viewer { id } } #${'x'.repeat(300_000)}` }, { cookie })).status).toBe(
      413,
    );
    expect(logged.join('')).not.toMatch(/unexpected error|could not read/);
  });
});

describe('acting', () => {
  /** A worker that commits the next act of the lane. */
  async function takeOne(): Promise<{ kind: string; body: unknown }> {
    const inbox = createInbox(pool, bus);
    for (;;) {
      const [item] = await inbox.pending(LANE, 0, 1);
      if (!item) {
        await new Promise((go) => setTimeout(go, 20));
        continue;
      }
      await appendNext([{ id: item.id }]);
      return { kind: item.kind, body: item.body };
    }
  }

  it('answers with the seq under which the act was committed', async () => {
    const taken = takeOne();
    const { data } = await ask(
      `mutation { setWorkflowMode(workflow: "${WORKFLOW}", mode: "off") { ... on ActDone { seq } ... on Problem { message } } }`,
    );
    expect(data.setWorkflowMode).toEqual({ seq: head });
    expect(await taken).toMatchObject({
      kind: 'act',
      body: {
        kind: 'act',
        act: { kind: 'workflow', workflow: { id: WORKFLOW, version: 2, mode: 'off', config: { minEdge: 1 } } },
      },
    });
    const audit = (await pool.query('select action, target from audit order by id desc limit 1')).rows[0];
    expect(audit).toEqual({ action: 'workflow.mode', target: WORKFLOW });
  });

  it('names every wrong limit of a risk profile', async () => {
    const { maxGross: _, ...incomplete } = LIMITS;
    const { data } = await ask(
      'mutation ($limits: JSON!) { saveRiskProfile(account: "house", limits: $limits) { ... on Problem { message fields { path message } } } }',
      { limits: { ...incomplete, maxNaked: -1 } },
    );
    expect(data.saveRiskProfile.fields.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/limits/maxGross',
      '/limits/maxNaked',
    ]);
  });

  it('refuses what cannot be, as data', async () => {
    const result = '{ ... on ActDone { seq } ... on Problem { message fields { path } } }';
    const { data, errors } = await ask(`mutation {
      mode: setWorkflowMode(workflow: "${WORKFLOW}", mode: "loud") ${result}
      nobody: setWorkflowMode(workflow: "none", mode: "off") ${result}
      resume: resumeWorkflow(workflow: "${WORKFLOW}") ${result}
      halt: resetHalt(account: "house") ${result}
      kill: setKillSwitch(on: true, reason: " ") ${result}
      twin: saveLink(a: "${KALSHI}", b: "${POLY}", polarity: "same", state: "reviewed", differences: []) ${result}
      same: saveLink(a: "${KALSHI}", b: "kalshi:none", polarity: "up", state: "maybe", mismatch: 2, differences: []) ${result}
    }`);
    expect(errors).toBeUndefined();
    const paths = (name: string): string[] => data[name].fields.map(({ path }: { path: string }) => path);
    expect(paths('mode')).toEqual(['/mode']);
    expect(paths('nobody')).toEqual(['/workflow']);
    expect(paths('resume')).toEqual(['/workflow']);
    expect(paths('halt')).toEqual(['/account']);
    expect(paths('kill')).toEqual(['/reason']);
    expect(paths('twin')).toEqual(['/mismatch', '/a']);
    expect(paths('same')).toEqual(['/b', '/b', '/polarity', '/state', '/mismatch']);
  });

  it('says so when no worker takes the act', async () => {
    const { data } = await ask('mutation { setKillSwitch(on: true, reason: "drill") { ... on Problem { message } } }');
    expect(data.setKillSwitch.message).toMatch(/^No worker took this within 5 s\. It is stored/);
  });
});

let head = 10;
/** Commits one more event with a quote and a journal entry, and tells the bus, as the worker does. */
async function appendNext(inbox: { id: string }[] = []): Promise<void> {
  head += 1;
  const at = lane.from + head * 1_000;
  const quote = quoteOf(0, at, 300_000 + head * 1_000, 410_000);
  const stamp = { lane: LANE, seq: head, at };
  await createTapeStore(pool).append(
    batchOf(
      [
        {
          kind: 'book',
          ...stamp,
          venueAt: null,
          connection: 1,
          venueSeq: null,
          market: 0,
          snapshot: false,
          merged: 1,
          levels: Float64Array.of(0, quote.bid, 900),
        } as never,
      ],
      {
        epoch: lane.epoch,
        quotes: [{ quote, seq: head }],
        journal: [
          {
            ...stamp,
            ordinal: 0,
            session: '',
            workflow: '',
            account: 'house',
            causes: [head],
            kind: 'account-state',
            state: 'REDUCING',
            reason: 'drill',
            equity: 1_000_000,
          } as never,
        ],
        inbox: inbox.map(({ id }) => ({ id, seq: head })),
        projection: {
          markets: [
            {
              ref: 0,
              id: POLY,
              info: (await pool.query('select info from market_state where id = $1', [POLY])).rows[0].info,
              quote,
              freshAt: at,
              trusted: true,
              trustReason: '',
            },
          ],
          accounts: [],
          sessions: [],
        } as never,
      },
    ),
  );
  await bus.publish({ topic: 'lane', lane: LANE, fromSeq: head, seq: head, journal: 1, at });
}

describe('watching', () => {
  it('is told the newest quotes at once and again after a commit', async () => {
    const before = head;
    const { quotes } = await hear<{ quotes: { market: string; seq: number; bid: number }[] }>(
      'subscription { quotes { market seq bid mid } }',
      (data) => data.quotes.some(({ seq }) => seq > before),
      appendNext,
    );
    expect(quotes).toEqual([expect.objectContaining({ market: POLY, seq: head })]);
    const first = await hear<{ quotes: { market: string }[] }>(
      'subscription { quotes(markets: []) { market } }',
      () => true,
    );
    expect(first.quotes.map(({ market }) => market).sort()).toEqual([KALSHI, POLY]);
  });

  it('is told journal entries of the kinds it asked for', async () => {
    const { journal } = await hear<{ journal: { seq: number; summary: string }[] }>(
      'subscription { journal(kinds: ["account-state"]) { seq kind summary } }',
      () => true,
      appendNext,
    );
    expect(journal).toEqual([
      { seq: head, kind: 'account-state', summary: 'Account house is REDUCING with $1.00 of equity: drill' },
    ]);
  });

  it('is told depth, accounts, workflows and health', async () => {
    const { depth } = await hear<{ depth: { seq: number; bids: unknown[] } }>(
      `subscription { depth(market: "${POLY}", levels: 1) { seq bids { price size } } }`,
      (data) => data.depth.seq === head,
      async () => undefined,
    );
    expect(depth.bids.length).toBe(1);
    expect(
      (await hear<{ accounts: { id: string }[] }>('subscription { accounts { id } }', () => true)).accounts,
    ).toEqual([{ id: 'house' }]);
    expect(
      (await hear<{ workflows: { id: string }[] }>('subscription { workflows { id } }', () => true)).workflows[0].id,
    ).toBe(WORKFLOW);
    expect(
      (
        await hear<{ health: { lanes: { headSeq: number }[] } }>(
          'subscription { health { lanes { headSeq } } }',
          () => true,
        )
      ).health.lanes[0].headSeq,
    ).toBe(head);
  });

  it('is told what is wrong with a subscription, and keeps its socket', async () => {
    await expect(hear('subscription { depth(market: "kalshi:none") { seq } }', () => true)).rejects.toThrow(
      'There is no market kalshi:none.',
    );
    await expect(hear('subscription { nothing }', () => true)).rejects.toBeTruthy();
  });
});

describe('the page', () => {
  it('comes with safe headers, at every address of its own', async () => {
    const response = await fetch(`${api.url}/markets/${encodeURIComponent('kalshi:KXFED')}`, {
      headers: { accept: 'text/html' },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<title>page</title>');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const script = await fetch(`${api.url}/assets/app-1a2b.js`);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-security-policy')).toBeTruthy();
    expect((await fetch(`${api.url}/`, { headers: { accept: 'text/html' } })).status).toBe(200);
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  });

  it('leaves what is missing missing', async () => {
    expect((await fetch(`${api.url}/assets/none.js`, { headers: { accept: 'text/html' } })).status).toBe(404);
    expect((await fetch(`${api.url}/../../etc/passwd`)).status).toBe(404);
    expect(await (await fetch(`${api.url}/none`)).json()).toEqual({
      message: 'There is nothing at this address.',
      fields: [],
    });
    expect((await post('/none', {})).status).toBe(404);
  });

  it('says so when it was not built', async () => {
    const bare = await startApi({ ...options(), pageDir: join(pageDir, 'none') });
    const response = await fetch(`${bare.url}/`, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('The page is not built');
    await bare.stop();
  });
});
