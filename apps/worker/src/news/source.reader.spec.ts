import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it, vi } from 'vitest';
import { OutsideProblem } from '#core';
import type { HeldSource } from '#data';
import type { NewsItem } from '#plugin-sdk';
import { rss } from '#plugins';
import { PolledReader } from './source.reader.js';

const START = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;

let server: Server;
let reader: PolledReader | null = null;
afterEach(async () => {
  await reader?.stop();
  reader = null;
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const channel = (...titles: string[]): string =>
  `<rss><channel>${titles.map((title) => `<item><guid>${title}</guid><title>${title}</title><pubDate>Mon, 23 Nov 2026 11:00:00 GMT</pubDate></item>`).join('')}</channel></rss>`;

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
const says =
  (status: number, headers: Record<string, string> = {}, body: string | Uint8Array = ''): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);

interface Step {
  readonly at: number;
  readonly nextAt: number;
  readonly problem?: string;
  readonly [place: string]: unknown;
}

/**
 * Reads a server that answers as told, once each. Time stands still but for the rests between questions, which pass at
 * once; after the last answer it stands still for good.
 */
async function reading(answers: readonly Answer[], held: Partial<HeldSource> = {}, refusals: readonly Error[] = []) {
  const heard: IncomingMessage[] = [];
  server = createServer((request, response) => {
    heard.push(request);
    answers[heard.length - 1]?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
  const taken: NewsItem[][] = [];
  const steps: Step[] = [];
  const refusing = [...refusals];
  let clock = START;
  const note = async (step: Step): Promise<void> => {
    steps.push(step);
    if (heard.length < answers.length) clock = step.nextAt;
  };
  const source: HeldSource = {
    ...{ id: 'wire', plugin: 'rss', title: 'The wire', category: '', enabled: true },
    ...{ cursor: null, etag: null, modified: null, since: 0, failures: 0, nextAt: 0 },
    config: { url, everySeconds: 60 },
    ...held,
  };
  reader = new PolledReader(source, rss, {
    store: {
      answered: (_id, at, place) => note({ at, ...place, nextAt: place.nextAt ?? 0 }),
      failed: (_id, at, problem, nextAt) => note({ at, problem, nextAt }),
    },
    now: () => clock,
    random: () => 0.5,
    privateHosts: new Set([new URL(url).host]),
    wanted: () => true,
    async took(_source, items) {
      const refusal = refusing.shift();
      if (refusal) throw refusal;
      taken.push([...items]);
    },
    trouble: (_source, error) => expect.unreachable(String(error)),
  });
  const all = async (): Promise<void> => {
    await vi.waitFor(() => expect(steps).toHaveLength(answers.length), { timeout: 15_000, interval: 5 });
  };
  return { url, heard, taken, steps, all, titles: () => taken.flat().map(({ title }) => title) };
}

it('asks only for what has changed, also after a start, and rests as long as it was told', async () => {
  const modified = 'Mon, 23 Nov 2026 11:30:00 GMT';
  const { heard, steps, all, titles } = await reading(
    [says(304), says(200, { etag: '"two"', 'last-modified': modified }, channel('New')), says(304)],
    { etag: '"one"' },
  );
  await all();
  expect(heard.map(({ headers }) => [headers['if-none-match'], headers['if-modified-since']])).toEqual([
    ['"one"', undefined],
    ['"one"', undefined],
    ['"two"', modified],
  ]);
  expect(heard[0].headers['user-agent']).toContain('ArbIntel');
  expect(titles()).toEqual(['New']);
  expect(steps.map(({ at, nextAt }) => [at - START, nextAt - at])).toEqual([0, 1, 2].map((i) => [i * MINUTE, MINUTE]));
  expect(steps[1]).toMatchObject({ etag: '"two"', modified, since: Date.UTC(2026, 10, 23, 11) });
});

it('asks for everything again when what it got could not be stored', async () => {
  const answer = says(200, { etag: '"one"' }, channel('New'));
  const away = new OutsideProblem('the database is away', true);
  const { heard, steps, all, titles } = await reading([answer, answer], {}, [away]);
  await all();
  expect(steps[0].problem).toContain('the database is away');
  expect(heard[1].headers['if-none-match']).toBeUndefined();
  expect(titles()).toEqual(['New']);
});

it('rests longer after each failure, and as long as it is asked to', async () => {
  const date = new Date(START + 100 * MINUTE).toUTCString();
  const { steps, all } = await reading([
    says(500),
    says(503),
    says(429, { 'retry-after': '7200' }),
    says(503, { 'retry-after': date }),
    says(429, { 'retry-after': '99999999' }),
    says(200, {}, channel('Back')),
    says(500),
  ]);
  await all();
  const rests = steps.map(({ at, nextAt }) => (nextAt - at) / MINUTE);
  // Of 1, 2, 4 … minutes between the half and the whole.
  expect(rests.slice(0, 3)).toEqual([0.75, 1.5, 120]);
  // The date is over by then: its own patience it is.
  expect(rests[3]).toBe(6);
  // Nobody is believed that much.
  expect(rests[4]).toBe(360);
  expect(rests.slice(5)).toEqual([1, 0.75]);
  expect(steps.map(({ problem }) => problem ?? '')).toEqual([
    'The wire answered 500',
    'The wire answered 503',
    'The wire answered 429',
    'The wire answered 503',
    'The wire answered 429',
    '',
    'The wire answered 500',
  ]);
});

it('outlives hostile documents, keeps nothing of them and says what was wrong', async () => {
  const laughs = `<!DOCTYPE x [<!ENTITY a "${'ha'.repeat(1_000)}">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "${'&a;'.repeat(50)}">`).join('')}]>${channel('Fine &a19;')}`;
  const { steps, taken, all } = await reading([
    says(200, { etag: '"bad"' }, `<rss><channel>${'<a>'.repeat(200_000)}`),
    says(200, {}, '<html>Sign in</html>'),
    says(200, {}, laughs),
    says(200, {}, `<rss><channel><item><title><![CDATA[${']'.repeat(1_000_000)}`),
    says(200, {}, `<rss><channel>${'<item '.repeat(300_000)}`),
  ]);
  await all();
  expect(steps[0].problem).toContain('nested deeper than 64');
  expect(steps[1].problem).toContain('gave no RSS or Atom feed');
  expect(taken[0][0].title).toBe('Fine &a19;');
  for (const item of taken.flat()) expect(item.title.length).toBeLessThanOrEqual(400);
});

it('stops reading what has no end, packed or not', async () => {
  let sent = 0;
  let closed = false;
  const endless: Answer = (response) => {
    const chunk = Buffer.alloc(256 * 1024, '<a/>');
    response.on('close', () => (closed = true));
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) return;
      }
    };
    response.on('drain', more);
    more();
  };
  const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024));
  const cut: Answer = (response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('<rss>');
    setTimeout(() => response.destroy(), 20);
  };
  const { steps, taken, all } = await reading([endless, says(200, { 'content-encoding': 'gzip' }, bomb), cut]);
  await all();
  expect(steps.map(({ problem }) => problem)).toEqual([
    'The wire answered more than 4194304 bytes',
    'The wire answered more than 4194304 bytes',
    expect.stringContaining('The wire broke off its answer'),
  ]);
  await vi.waitFor(() => expect(closed).toBe(true));
  expect(sent).toBeLessThan(32 * 1024 * 1024);
  expect(taken).toEqual([]);
});

it('reads each document in its own encoding', async () => {
  const latin = Buffer.from(channel('Grüße'), 'latin1');
  const utf16 = Buffer.from(`\ufeff${channel('Ærø')}`, 'utf16le');
  const { all, titles } = await reading([
    says(200, { 'content-type': 'text/xml; charset=ISO-8859-1' }, latin),
    says(200, { 'content-type': 'text/xml' }, utf16),
    says(200, { 'content-encoding': 'gzip', 'content-type': 'text/xml; charset=no-such' }, gzipSync(channel('日本'))),
  ]);
  await all();
  expect(titles()).toEqual(['Grüße', 'Ærø', '日本']);
});

it('follows a feed that has moved, but not in circles and not out of the web', async () => {
  const { heard, steps, titles } = await reading([
    says(301, { location: '/moved' }),
    says(200, {}, channel('Moved')),
    ...Array.from({ length: 6 }, () => says(302, { location: '/feed' })),
    says(302, { location: 'file:///etc/passwd' }),
    says(302, { location: 'http://[' }),
  ]);
  await vi.waitFor(() => expect(steps).toHaveLength(4), { timeout: 15_000 });
  expect(heard[1].url).toBe('/moved');
  expect(titles()).toEqual(['Moved']);
  expect(steps.slice(1).map(({ problem }) => problem)).toEqual([
    'The wire sends us in circles',
    'The wire sends us to file:///etc/passwd',
    'The wire sends us nowhere',
  ]);
});

it('stops at once in the middle of a question', async () => {
  const { heard, steps } = await reading([() => undefined]);
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  const closed = once(heard[0].socket, 'close');
  await reader!.stop();
  await closed;
  expect(steps).toEqual([]);
});
