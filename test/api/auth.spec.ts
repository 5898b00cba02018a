import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startApi } from '../../apps/api/src/server.js';
import { ApiBench, cookieOf, PASSWORD, type Answer } from './api-bench.js';

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.start();
});
afterAll(() => bench?.stop());

describe('before the first sign-in', () => {
  it('refuses every operation with a sentence', async () => {
    const response = await bench.post('/graphql', { query: '{ viewer { id } }' });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'Sign in first.', fields: [] });
    for (const path of ['/graphql/', '/GraphQL', '/graphql?x=1', '//graphql'])
      expect([401, 404, 400]).toContain((await bench.post(path, { query: '{ viewer { id } }' })).status);
  });

  it('refuses every field of the schema, one by one', async () => {
    const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
    const operations = (['query', 'mutation', 'subscription'] as const).flatMap((kind) => {
      const root = {
        query: schema.getQueryType,
        mutation: schema.getMutationType,
        subscription: schema.getSubscriptionType,
      }[kind];
      return Object.keys(root.call(schema)!.getFields()).map((field) => ({ kind, field }));
    });
    expect(operations.length).toBeGreaterThan(25);
    for (const { kind, field } of operations) {
      const query = `${kind} { ${field} { __typename } }`;
      expect((await bench.post('/graphql', { query })).status, `${kind} ${field} over HTTP`).toBe(401);
      const client = bench.socketClient({});
      const told = await new Promise((resolve) =>
        client.subscribe(
          { query },
          {
            next: resolve,
            error: (event) => resolve((event as { code: number }).code),
            complete: () => resolve('complete'),
          },
        ),
      );
      expect(told, `${kind} ${field} over a socket`).toBe(4403);
    }
  });

  it('closes a socket without a cookie with 4403', async () => {
    const client = bench.socketClient({});
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
    expect(await (await fetch(`${bench.api.url}/auth/state`)).json()).toEqual({ needsSetup: true, viewer: null });
    const token = new URL(bench.api.setupUrl!).searchParams.get('token');
    const response = await bench.post('/auth/setup', { token, name: ' ', password: 'short' });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { fields: { path: string }[] }).fields.map(({ path }) => path)).toEqual([
      '/name',
      '/password',
    ]);
    expect((await bench.post('/auth/setup', { token: 'guessed', name: 'Ada', password: PASSWORD })).status).toBe(400);
    expect((await bench.post('/auth/setup', { token, name: 7 })).status).toBe(400);
  });

  it('makes one admin by the link, once', async () => {
    const token = new URL(bench.api.setupUrl!).searchParams.get('token');
    const tries = await Promise.all(
      [1, 2].map((n) => bench.post('/auth/setup', { token, name: `Ada ${n}`, password: PASSWORD })),
    );
    expect(tries.map(({ status }) => String(status)).sort()).toEqual(['200', '400']);
    const made = tries.find(({ ok }) => ok)!;
    expect(made.headers.get('set-cookie')).toMatch(
      /^arbintel-demo=.{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    );
    expect(await made.json()).toMatchObject({ role: 'admin' });
    bench.cookie = cookieOf(made);
    expect((await bench.pool.query('select count(*)::int as n from app_user')).rows[0].n).toBe(1);
    // Only hashes are stored.
    expect(JSON.stringify((await bench.pool.query('select * from sign_in')).rows)).not.toContain(
      bench.cookie.split('=')[1],
    );
  });

  it('offers no link to a second start', async () => {
    const second = await startApi(bench.options);
    expect(second.setupUrl).toBeNull();
    await second.stop();
  });
});

describe('signing in', () => {
  it('takes name and password and gives a cookie that works', async () => {
    const name = (await bench.ask('{ viewer { name } }')).data.viewer.name as string;
    const wrong = await bench.post('/auth/sign-in', { name, password: 'something else' });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ message: 'Name or password is wrong.' });
    const right = await bench.post('/auth/sign-in', { name: name.toUpperCase(), password: PASSWORD });
    const other = cookieOf(right);
    expect(
      ((await (await fetch(`${bench.api.url}/auth/state`, { headers: { cookie: other } })).json()) as Answer['data'])
        .viewer.name,
    ).toBe(name);
    await bench.post('/auth/sign-out', {}, { cookie: other });
    expect((await bench.post('/graphql', { query: '{ viewer { id } }' }, { cookie: other })).status).toBe(401);
  });

  it('refuses another page, by origin', async () => {
    const origin = { origin: 'https://elsewhere.example' };
    expect((await bench.post('/auth/sign-in', { name: 'x', password: 'y' }, origin)).status).toBe(403);
    expect(
      (await bench.post('/graphql', { query: '{ viewer { id } }' }, { cookie: bench.cookie, ...origin })).status,
    ).toBe(403);
    const client = new WebSocket(`${bench.api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers: { cookie: bench.cookie, ...origin },
    });
    expect(await new Promise((resolve) => client.on('error', (error) => resolve(error.message)))).toContain('403');
    // A form of another page cannot even ask.
    const simple = await fetch(`${bench.api.url}/graphql?query=%7Bviewer%7Bid%7D%7D`, {
      headers: { cookie: bench.cookie },
    });
    expect(simple.status).toBe(400);
  });

  it('closes a socket when its sign-in ends', async () => {
    const name = (await bench.ask('{ viewer { name } }')).data.viewer.name as string;
    const other = cookieOf(await bench.post('/auth/sign-in', { name, password: PASSWORD }));
    const client = bench.socketClient({ cookie: other });
    const closed = new Promise((resolve) => client.on('closed', (event) => resolve((event as { code: number }).code)));
    client.subscribe(
      { query: 'subscription { health { at } }' },
      {
        next: () => void bench.post('/auth/sign-out', {}, { cookie: other }),
        error: () => undefined,
        complete: () => undefined,
      },
    );
    expect(await closed).toBe(4401);
  });

  it('changes a password and ends the other sign-ins', async () => {
    const name = (await bench.ask('{ viewer { name } }')).data.viewer.name as string;
    const other = cookieOf(await bench.post('/auth/sign-in', { name, password: PASSWORD }));
    const next = 'another long enough secret';
    const change = (body: object, cookie: string): Promise<Response> => bench.post('/auth/password', body, { cookie });
    expect((await bench.post('/auth/password', { current: PASSWORD, password: next })).status).toBe(401);
    const refused = await change({ current: 'not this one', password: 'short' }, bench.cookie);
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as { fields: { path: string }[] }).fields.map(({ path }) => path)).toEqual([
      '/password',
      '/current',
    ]);
    const done = await change({ current: PASSWORD, password: next }, bench.cookie);
    expect([done.status, await done.json()]).toEqual([200, { ended: 1 }]);
    expect((await bench.post('/graphql', { query: '{ viewer { id } }' }, { cookie: other })).status).toBe(401);
    expect((await bench.ask('{ viewer { name } }')).data.viewer.name).toBe(name);
    expect((await bench.post('/auth/sign-in', { name, password: PASSWORD })).status).toBe(400);
    expect((await change({ current: next, password: PASSWORD }, bench.cookie)).status).toBe(200);
  });

  it('slows a guesser down', async () => {
    const answers: number[] = [];
    for (let n = 0; n < 11; n++)
      answers.push((await bench.post('/auth/sign-in', { name: 'nobody', password: 'guess' })).status);
    expect(answers.at(-1)).toBe(429);
  });
});
