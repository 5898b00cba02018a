import type { LookupOptions } from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createNewsIo, noSecret, type DocumentOutlook } from './document.io.js';
import { isPublicAddress, passageTo, type Resolve } from '../web/public-address.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

/** A server that answers as told, and what it heard. */
async function serving(answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const heard: IncomingMessage[] = [];
  const server = createServer((incoming, response) => {
    heard.push(incoming);
    answer(response, incoming);
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return { port, heard, host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}/feed` };
}

const reader = (outlook: Partial<DocumentOutlook> = {}) =>
  createNewsIo(
    {},
    { etag: null, modified: null, notBefore: 0 },
    {
      title: 'The wire',
      now: () => 0,
      timeoutMs: 10_000,
      signal: new AbortController().signal,
      secret: noSecret,
      privateHosts: new Set(),
      ...outlook,
    },
  );
const BOUNDS = { accept: '*/*', maxBytes: 1_000_000 };
const read = async (io: ReturnType<typeof reader>, url: string): Promise<string> =>
  new TextDecoder().decode((await io.document(url, BOUNDS))!.body);
/** A name server that knows one answer for every name, and how often it was asked. */
const naming = (...addresses: string[]) =>
  vi.fn<Resolve>((_name, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
  );

describe('an address', () => {
  it.each([
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
    ...['0.0.0.0', '192.0.2.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '192.0.0.8'],
    ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12:3456::1', 'ff02::1', '::ffff:10.0.0.1'],
    ...['::ffff:7f00:1', '64:ff9b::a00:1', '2002:a00:1::1', '2001::1', '2001:db8::1', '3fff::1', 'nonsense', ''],
  ])('%s is not of the public internet', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2001:4860::8888'])(
    '%s is of the public internet',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
});

describe('the way to a source', () => {
  it('leads into no private network, however its address is written', async () => {
    const { port, heard } = await serving((response) => response.end('secret'));
    const io = reader();
    for (const host of ['127.0.0.1', '127.1', '0x7f000001', '2130706433', 'localhost', '[::1]', '[::ffff:127.0.0.1]'])
      await expect(read(io, `http://${host}:${port}/feed`), host).rejects.toThrow(/no public address/);
    expect(heard).toEqual([]);
  });

  it('is refused to a name with one private address among public ones', async () => {
    const { port, heard } = await serving((response) => response.end('secret'));
    const resolve = naming('93.184.215.14', '127.0.0.1');
    await expect(read(reader({ resolve }), `http://news.example:${port}/feed`)).rejects.toThrow(
      'news.example leads to 127.0.0.1, no public address',
    );
    expect(heard).toEqual([]);
  });

  it('is looked at again after every redirect', async () => {
    const inside = await serving((response) => response.end('secret'));
    const resolve = naming('127.0.0.1');
    let location = '';
    const outside = await serving((response) => response.writeHead(302, { location }).end());
    const io = reader({ resolve, privateHosts: new Set([outside.host]) });
    for (location of [inside.url, `http://inside.example:${inside.port}/`, `http://[::ffff:127.0.0.1]:${inside.port}/`])
      await expect(read(io, outside.url), location).rejects.toThrow(/The wire: .* no public address/);
    expect(outside.heard).toHaveLength(3);
    expect(inside.heard).toEqual([]);
  });

  it('leads to the very addresses that were looked at: a name is not asked for twice', async () => {
    const { port } = await serving((response) => response.end('news'));
    const resolve = naming('127.0.0.1');
    const privateHosts = new Set([`feed.example:${port}`]);
    expect(await read(reader({ resolve, privateHosts }), `http://feed.example:${port}/`)).toBe('news');
    expect(resolve).toHaveBeenCalledTimes(1);
    // A name whose meaning has changed since.
    await expect(read(reader({ resolve }), `http://feed.example:${port}/`)).rejects.toThrow(/no public address/);
  });

  it('is free to a private host that the settings name, by its port, and to no other there', async () => {
    const one = await serving((response) => response.end('one'));
    const other = await serving((response) => response.end('other'));
    const io = reader({ privateHosts: new Set([one.host]) });
    expect(await read(io, one.url)).toBe('one');
    await expect(read(io, other.url)).rejects.toThrow(/no public address/);
  });

  it('gives one answer where one is wanted and all where all are', async () => {
    const asked = (addresses: readonly string[], options: LookupOptions) =>
      new Promise<{ readonly code: string | undefined; readonly address: unknown }>((done) => {
        passageTo(new URL('http://x.example/'), new Set(), 'A_SETTING', naming(...addresses)).lookup(
          'x.example',
          options,
          (error, address) => done({ code: error?.code, address }),
        );
      });
    const both = ['2606:4700::1', '1.1.1.1'];
    expect(await asked(both, { family: 4 })).toEqual({ code: undefined, address: '1.1.1.1' });
    expect((await asked(both, { all: true })).address).toHaveLength(2);
    expect((await asked([], {})).code).toBe('ENOTFOUND');
  });

  it('shows a secret meant for one server to no other', async () => {
    const other = await serving((response) => response.end('{}'));
    const first = await serving((response) => response.writeHead(307, { location: other.url }).end());
    const io = reader({ privateHosts: new Set([first.host, other.host]) });
    await io.get(first.url, { headers: () => ({ authorization: 'Bearer s3cret' }) });
    expect(first.heard[0].headers.authorization).toBe('Bearer s3cret');
    expect(other.heard[0].headers.authorization).toBeUndefined();
    expect(other.heard[0].headers.accept).toBe('application/json');
  });
});

describe('an answer', () => {
  it('that drips is left when its time is over', async () => {
    let closed = false;
    const { host, url } = await serving((response) => {
      const drip = setInterval(() => response.write('<'), 20);
      response.on('close', () => {
        closed = true;
        clearInterval(drip);
      });
    });
    const io = reader({ privateHosts: new Set([host]), timeoutMs: 300 });
    await expect(read(io, url)).rejects.toThrow(
      'The wire broke off its answer: The operation was aborted due to timeout',
    );
    await vi.waitFor(() => expect(closed).toBe(true));
  });

  it('whose headers never end is left too', async () => {
    const { host, url } = await serving((response) => {
      response.socket!.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => response.socket?.write(`x-${'a'.repeat(500)}: b\r\n`), 2);
      response.socket!.on('close', () => clearInterval(drip)).on('error', () => undefined);
    });
    await expect(read(reader({ privateHosts: new Set([host]) }), url)).rejects.toThrow(/Header overflow/);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', (data: Buffer) => brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ] as const)('packed by %s is unpacked, but never to more than its bounds', async (name, pack) => {
    const { host, url } = await serving((response, { url: path }) =>
      response
        .writeHead(200, { 'content-encoding': name })
        .end(path === '/feed' ? pack(Buffer.from('news')) : pack(Buffer.alloc(8 * 1024 * 1024))),
    );
    const io = reader({ privateHosts: new Set([host]) });
    expect(await read(io, url)).toBe('news');
    await expect(read(io, `${url}?bomb`)).rejects.toThrow('The wire answered more than 1000000 bytes');
  });

  it('packed in a way nobody asked for, or badly, is refused', async () => {
    const { host, url } = await serving((response, { url: path }) =>
      response.writeHead(200, { 'content-encoding': path === '/feed' ? 'gzip, gzip' : 'gzip' }).end('not packed'),
    );
    const io = reader({ privateHosts: new Set([host]) });
    await expect(read(io, url)).rejects.toThrow('The wire: packed as gzip, gzip');
    await expect(read(io, `${url}?bad`)).rejects.toThrow(/The wire broke off its answer: incorrect header check/);
  });
});
