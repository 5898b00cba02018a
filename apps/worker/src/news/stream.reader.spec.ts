import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { OutsideProblem } from '#core';
import type { HeldSource } from '#data';
import type { NewsItem } from '#plugin-sdk';
import { bluesky } from '#plugins';
import type { ReaderHouse } from './source.reader.js';
import { StreamReader } from './stream.reader.js';

const START = 1_795_000_000_000_000;
const second = (n: number): number => START + n * 1_000_000;

let server: WebSocketServer;
let reader: StreamReader | null = null;
afterEach(async () => {
  await reader?.stop();
  reader = null;
  for (const socket of server.clients) socket.terminate();
  await new Promise((done) => server.close(done));
});

const post = (n: number, text = `Post ${n}`): string =>
  JSON.stringify({
    did: 'did:plc:a',
    time_us: second(n),
    kind: 'commit',
    commit: { operation: 'create', collection: 'app.bsky.feed.post', rkey: `r${n}`, record: { text } },
  });

async function listening(
  welcome: (socket: WebSocket, cursor: string | null, visit: number) => void,
  {
    cursor = null,
    allowed = true,
    took,
    wanted = () => true,
    now = Date.now,
  }: Partial<ReaderHouse> & { cursor?: string | null; allowed?: boolean } = {},
) {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((ready) => server.once('listening', ready));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cursors: (string | null)[] = [];
  server.on('connection', (socket, request) => {
    const asked = new URL(request.url ?? '/', 'http://x').searchParams.get('cursor');
    cursors.push(asked);
    welcome(socket, asked, cursors.length - 1);
  });
  const taken: NewsItem[] = [];
  const stored: string[] = [];
  const problems: { readonly why: string; readonly waitMs: number }[] = [];
  const troubles: unknown[] = [];
  const source: HeldSource = {
    ...{ id: 'social', plugin: 'bluesky', title: 'Social', category: '', enabled: true },
    ...{ cursor, etag: null, modified: null, since: 0, failures: 0, nextAt: 0 },
    config: {
      url: `ws://${host}/subscribe`,
      ...{ authors: [], languages: ['en'], replies: false },
    },
  };
  reader = new StreamReader(source, bluesky.stream!, {
    store: {
      async answered(_id, _at, place) {
        if (place.cursor) stored.push(place.cursor);
      },
      async failed(_id, at, why, nextAt) {
        problems.push({ why, waitMs: nextAt - at });
      },
    },
    now,
    random: () => 0,
    privateHosts: allowed ? new Set([host]) : new Set(),
    wanted,
    took: async (one, items) => {
      await took?.(one, items);
      taken.push(...items);
    },
    trouble: (_source, error) => troubles.push(error),
  });
  return { cursors, stored, problems, troubles, titles: () => taken.map(({ title }) => title) };
}

const soon = { timeout: 10_000, interval: 20 };

it('goes on after a cut where it stopped, and misses nothing of what came meanwhile', async () => {
  const told = [1, 2, 3];
  const { cursors, stored, problems, titles } = await listening((socket, cursor, visit) => {
    for (const n of told) if (second(n) > Number(cursor ?? 0)) socket.send(post(n));
    if (visit > 0) return;
    // What is told while nobody listens waits behind the cursor.
    setTimeout(() => {
      told.push(4, 5);
      socket.terminate();
    }, 50);
  });
  await vi.waitFor(() => expect(titles()).toContain('Post 5'), soon);
  // Two seconds before the last one heard: what comes twice is stored once.
  expect(cursors).toEqual([null, String(second(1))]);
  expect(titles()).toEqual(['Post 1', 'Post 2', 'Post 3', 'Post 2', 'Post 3', 'Post 4', 'Post 5']);
  expect(stored).toEqual([String(second(3)), String(second(5))]);
  expect(problems).toEqual([{ why: 'the stream ended: code 1006', waitMs: 2_500 }]);
});

it('keeps its place only when what came before it is stored, and when it stops', async () => {
  let refusals = 1;
  const one = await listening(
    (socket) => {
      socket.send(post(7));
      setTimeout(() => socket.send(post(8, 'Nobody asks about this')), 700);
    },
    {
      cursor: String(second(6)),
      wanted: ({ title }) => title.startsWith('Post'),
      took: async () => {
        if (refusals-- > 0) throw new OutsideProblem('the database is away', true);
      },
    },
  );
  await vi.waitFor(() => expect(one.troubles).toHaveLength(1), soon);
  expect(one.stored).toEqual([]);
  await vi.waitFor(() => expect(one.titles()).toEqual(['Post 7']), soon);
  await vi.waitFor(() => expect(one.stored.length).toBeGreaterThan(0), soon);
  await reader!.stop();
  expect(one.cursors).toEqual([String(second(4))]);
  expect(one.titles()).toEqual(['Post 7']);
  expect(one.stored.at(-1)).toBe(String(second(8)));
});

it('passes over frames that are none, ends at one too large, and is patient with who throws it out', async () => {
  const { problems, titles } = await listening((socket, _cursor, visit) => {
    if (visit === 0) {
      for (const frame of ['{', 'null', '[]', '{"did":7}', Buffer.from('x')]) socket.send(frame);
      socket.send(post(1, 'a\u0000b'));
      socket.send('x'.repeat(1_100_000));
    } else socket.close(1008, 'not you');
  });
  await vi.waitFor(() => expect(problems).toHaveLength(2), soon);
  expect(titles()).toEqual(['ab']);
  expect(problems[0].why).toContain('Max payload size exceeded');
  expect(problems[1]).toEqual({ why: 'the stream ended: not you', waitMs: 5_000 });
});

it('leaves a stream that has fallen silent, and holds no more of a flood than it can bear', async () => {
  let ahead = 0;
  let away = true;
  let heard = 0;
  const { problems, troubles, titles } = await listening(
    (socket) => {
      for (let n = 0; n < 5_000; n++) socket.send(post(n));
    },
    {
      now: () => Date.now() + ahead,
      wanted: () => ++heard > 0,
      took: async () => {
        if (away) throw new OutsideProblem('the database is away', true);
      },
    },
  );
  await vi.waitFor(() => expect(heard).toBe(5_000), soon);
  const before = troubles.length;
  await vi.waitFor(() => expect(troubles.length).toBeGreaterThan(before), soon);
  away = false;
  await vi.waitFor(() => expect(titles().at(-1)).toBe('Post 4999'), soon);
  expect(titles()).toHaveLength(2_000);
  expect(problems).toEqual([]);
  ahead = 121_000;
  await vi.waitFor(() => expect(problems).toHaveLength(1), soon);
  expect(problems[0].why).toContain('silent');
});

it('opens no socket into a private network', async () => {
  const { cursors, problems } = await listening(() => undefined, { allowed: false });
  await vi.waitFor(() => expect(problems).toHaveLength(1), soon);
  expect(problems[0]).toEqual({
    why: '127.0.0.1 is no public address; ARBINTEL_NEWS_PRIVATE_HOSTS has to name it before it is asked',
    waitMs: 2_500,
  });
  expect(cursors).toEqual([]);
});
