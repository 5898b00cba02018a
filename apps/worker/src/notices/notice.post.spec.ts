import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createOutbox,
  createPool,
  createTapeStore,
  tapeBatch,
  deliveryPage,
  makeTestDelivery,
  saveNoticeRule,
  sendDeliveryAgain,
  storeSecret,
  temporaryDatabase,
  type Pool,
  type TemporaryDatabase,
} from '#data';
import type { WorkflowId } from '#core';
import { builtInPlugins, createLog, createVault, registryOf, type PluginRegistry } from '#host';
import { defineNotifier } from '#plugin-sdk';
import { createLiveBus, queueConnection, type LiveBus } from '#queue';
import { Type } from 'typebox';
import { waitAfter, type NoticePace } from './attempt.js';
import { NoticePost } from './notice.post.js';

const LANE = 1;
const QUICK: NoticePace = { attempts: 3, firstWaitMs: 30, mostWaitMs: 60, timeoutMs: 400 };

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let database: TemporaryDatabase;
let pool: Pool;
let bus: LiveBus;
let server: Server;
let url: string;
let epoch: number;
let seq = 0;
let answer: (turn: number) => { status: number; text?: string } | 'hang' = () => ({ status: 200 });
let received: Received[] = [];
const vault = createVault(randomBytes(32));
const posts: { post: NoticePost; stop: AbortController }[] = [];

beforeAll(async () => {
  database = await temporaryDatabase();
  pool = createPool(database.url);
  bus = await createLiveBus({ databaseUrl: database.url, redisUrl: null });
  ({ epoch } = await createTapeStore(pool).takeOver(LANE, 'test'));
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      const said = answer(received.length);
      if (said === 'hang') return;
      response.writeHead(said.status, said.status === 302 ? { location: '/elsewhere' } : {}).end(said.text ?? '');
    });
  });
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}, 60_000);
afterEach(async () => {
  for (const { post, stop } of posts.splice(0)) {
    stop.abort();
    await post.stop();
  }
  await pool.query('DELETE FROM notice_rule');
  received = [];
  answer = () => ({ status: 200 });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await bus.close();
  await pool.end();
  await database.stop();
});

function post(pace: NoticePace = QUICK, plugins: PluginRegistry = builtInPlugins()): NoticePost {
  const stop = new AbortController();
  const made = new NoticePost({
    privateHosts: new Set([new URL(url).host, '127.0.0.1:1']),
    pool,
    outbox: createOutbox(pool),
    plugins,
    vault,
    log: createLog('error', {}, () => undefined),
    pace,
    now: Date.now,
    random: Math.random,
    backend: queueConnection({ databaseUrl: database.url, redisUrl: null }),
    bus,
    signal: stop.signal,
  });
  posts.push({ post: made, stop });
  return made;
}

const rule = (config: object = { url }, notifier = 'webhook'): Promise<string> =>
  saveNoticeRule(pool, {
    id: null,
    title: 'To the desk',
    workflow: null,
    kinds: ['session'],
    notifier,
    notifierVersion: '1.0.0',
    config: config as Record<string, unknown>,
    active: true,
    at: Date.now() - 1_000,
    by: 'Ada',
  });

/** One event with one journal entry, as the lane commits them. */
async function commit(): Promise<void> {
  seq += 1;
  const stamp = { lane: LANE, seq, at: Date.now() };
  await createTapeStore(pool).append(
    tapeBatch({
      lane: LANE,
      epoch,
      events: [{ ...stamp, kind: 'beat' }],
      journal: [
        {
          ...stamp,
          ordinal: 0,
          session: '',
          workflow: 'w' as WorkflowId,
          account: '',
          causes: [seq],
          kind: 'session',
          state: 'started',
          reason: '',
        },
      ],
    }),
  );
}

const newest = async () => (await deliveryPage(pool, { first: 1 })).items[0];
/** Looks until the newest delivery is as wanted. */
const until = (one: NoticePost, wanted: object): Promise<void> =>
  vi.waitFor(
    async () => {
      await one.look();
      expect(await newest()).toMatchObject(wanted);
    },
    { timeout: 8_000, interval: 25 },
  );

describe('a notice', () => {
  it('waits out a receiver that fails, over a worker that dies, and arrives once with a good signature', async () => {
    const secret = 'a shared secret';
    await storeSecret(pool, { name: 'desk', sealed: vault.seal('desk', secret), at: 1, by: 'Ada' });
    await rule({ url, secret: 'desk' });
    answer = (turn) => (turn === 1 ? { status: 503, text: 'not  now' } : { status: 200, text: 'thanks' });
    await commit();
    const first = post();
    await until(first, {
      state: 'waiting',
      attempts: 1,
      answer: expect.stringContaining('answered 503: not now') as string,
    });
    posts[0].stop.abort();
    await posts.splice(0)[0].post.stop();

    // What one process claims and never finishes, the next one takes up when the lease is over.
    const row = await newest();
    await createOutbox(pool).claim(row, 1, row.dueAt, Date.now() + 200);
    const second = post();
    await until(second, { state: 'delivered', attempts: 3, answer: `received by ${new URL(url).host}` });
    await second.look();
    expect(received.length).toBe(2);
    expect(received[0].headers['idempotency-key']).toBe(received[1].headers['idempotency-key']);
    for (const { headers, body } of received) {
      const signed = `${headers['arbintel-timestamp'] as string}.${headers['idempotency-key'] as string}.${body}`;
      expect(headers['arbintel-signature']).toBe(`v1=${createHmac('sha256', secret).update(signed).digest('hex')}`);
      expect(JSON.parse(body)).toMatchObject({
        workflow: 'w',
        sentence: 'Workflow w started',
        entry: { kind: 'session', seq },
      });
    }
  });

  it('ends as failed with the last answer, and goes again when a person asks', async () => {
    await rule();
    answer = () => ({ status: 500, text: 'broken' });
    await commit();
    const one = post();
    await until(one, {
      state: 'failed',
      attempts: 3,
      answer: expect.stringContaining('answered 500: broken') as string,
    });
    answer = () => ({ status: 410, text: 'gone for good' });
    await sendDeliveryAgain(pool, await newest(), Date.now());
    // Who is gone is not asked three times.
    await until(one, { state: 'failed', attempts: 1, answer: expect.stringContaining('410: gone for good') as string });
    answer = () => ({ status: 204 });
    await sendDeliveryAgain(pool, await newest(), Date.now());
    await until(one, { state: 'delivered', attempts: 1 });
    expect(new Set(received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('counts silence, a closed door and a redirect as failures that say so', async () => {
    const one = post({ ...QUICK, attempts: 1 });
    const failed = async (said: string | RegExp): Promise<void> => {
      await commit();
      await until(one, { state: 'failed', seq, answer: expect.stringMatching(said) as string });
    };
    await rule();
    answer = () => 'hang';
    await failed(/did not answer: .*timeout/);
    answer = () => ({ status: 302 });
    await failed('answered 302');
    await pool.query(`UPDATE notice_rule SET config = '{"url":"http://127.0.0.1:1/"}'`);
    await failed('did not answer');
    await pool.query(`UPDATE notice_rule SET config = '{"url":"${url}","secret":"nobody-stored-it"}'`);
    await failed('There is no secret nobody-stored-it');
    await pool.query(`UPDATE notice_rule SET notifier = 'removed'`);
    await failed('There is no notifier removed here');
  });

  it('never goes into a private network that nobody named, whatever it is called there', async () => {
    const one = post({ ...QUICK, attempts: 3 });
    const failed = async (address: string, said: RegExp): Promise<void> => {
      await pool.query(`UPDATE notice_rule SET config = jsonb_build_object('url', $1::text)`, [address]);
      await commit();
      await until(one, { state: 'failed', attempts: 1, seq, answer: expect.stringMatching(said) as string });
    };
    await rule();
    const { port } = server.address() as AddressInfo;
    await failed(
      'http://127.0.0.1:2/',
      /127\.0\.0\.1 is no public address; ARBINTEL_NOTICE_PRIVATE_HOSTS has to name it/,
    );
    await failed('http://169.254.169.254/latest/meta-data', /no public address/);
    await failed('http://[::1]:2/', /no public address/);
    await failed('http://[::ffff:10.0.0.1]/', /no public address/);
    await failed(`http://localhost:${port}/`, /localhost leads to .*no public address/);
    expect(received).toEqual([]);
  });

  it('tells a test without touching the journal, and nothing while its rule is off', async () => {
    const id = await rule();
    await makeTestDelivery(pool, { id, title: 'To the desk', workflow: null }, Date.now());
    const one = post();
    await until(one, { kind: 'test', answer: `received by ${new URL(url).host}`, state: 'delivered' });
    expect(JSON.parse(received[0].body)).toMatchObject({
      sentence: 'A test of “To the desk”; nothing happened',
      entry: { lane: 0 },
    });
    await pool.query('UPDATE notice_rule SET active = false');
    await commit();
    await one.look();
    expect((await newest()).kind).toBe('test');
  });

  it('goes through a notifier from outside on the same road, as far as its permissions reach', async () => {
    const chatty = (permissions: readonly string[]): PluginRegistry =>
      registryOf(
        [
          {
            folder: '/somewhere',
            plugin: defineNotifier({
              manifest: {
                id: 'chatty',
                version: '1.0.0',
                title: 'C',
                summary: 'C.',
                sdk: '^1.0.0',
                permissions: permissions as never,
              },
              configSchema: Type.Object({ token: Type.String() }),
              async deliver(io, { sentence }) {
                await io.post(url, { sentence, token: await io.secret(io.config.token) });
                return 'told';
              },
            }) as never,
          },
        ],
        [],
        '',
      );
    await storeSecret(pool, { name: 'mine', sealed: vault.seal('mine', 't0ken'), at: 1, by: 'Ada' });
    await rule({ token: 'mine' }, 'chatty');
    await commit();
    await until(post(QUICK, chatty(['net:127.0.0.1', 'secrets'])), { state: 'delivered', answer: 'told' });
    expect(JSON.parse(received[0].body)).toEqual({ sentence: 'Workflow w started', token: 't0ken' });
    await posts[0].post.stop();
    posts.splice(0)[0].stop.abort();
    await commit();
    await until(post(QUICK, chatty(['net:example.org', 'secrets'])), {
      state: 'failed',
      answer: expect.stringContaining('may not reach') as string,
    });
  });
});

it('waits four times longer after each failure, up to the most', () => {
  const waits = [1, 2, 3, 4, 9].map((attempts) =>
    waitAfter(attempts, { ...QUICK, firstWaitMs: 5_000, mostWaitMs: 3_600_000 }, () => 1),
  );
  expect(waits).toEqual([5_000, 20_000, 80_000, 320_000, 3_600_000]);
  expect(waitAfter(2, { ...QUICK, firstWaitMs: 5_000, mostWaitMs: 3_600_000 }, () => 0)).toBe(10_000);
});
