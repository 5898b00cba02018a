import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Defect, OutsideProblem, UserProblem } from '#core';
import { hydrateLinks, installedPackage, reachableBinaries } from './binaries.js';
import { clusterFolder, openDataDirectory } from './data-directory.js';
import { postmaster } from './leftover.js';
import { processFacts } from './process-facts.js';
import { mayEnter, serverUser } from './server-user.js';
import { startEmbedded, type EmbeddedServer } from './server.js';

const home = mkdtempSync(join(tmpdir(), 'arbintel-embedded-'));
chmodSync(home, 0o711);
const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

let directories = 0;
const directory = (): string => join(home, `d${directories++}`);
const isRoot = process.getuid?.() === 0;
const user = serverUser(() => undefined);

async function start(
  dataDir: string,
  more: { port?: number; mode?: string; lines?: string[] } = {},
): Promise<EmbeddedServer> {
  const server = await startEmbedded({
    dataDir,
    mode: more.mode ?? 'test',
    throwaway: true,
    port: more.port,
    log: (line) => more.lines?.push(line),
  });
  running.push(() => server.stop());
  return server;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** A process of its own that starts the server; TypeScript is loaded by Vite's runner, as in this test. */
async function startInChild(
  dataDir: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ child: ChildProcess; pid: number; url: string }> {
  const file = join(import.meta.dirname, '..', 'testing', 'embedded-child.ts');
  const core = join(import.meta.dirname, '..', '..', '..', 'core', 'src', 'index.ts');
  const config = { configFile: false, logLevel: 'silent', resolve: { alias: { '#core': core } } };
  const code = `import { runnerImport } from 'vite'; await runnerImport(${JSON.stringify(file)}, ${JSON.stringify(config)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, 'child', dataDir], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  });
  running.push(async () => child.kill('SIGKILL'));
  let complaint = '';
  child.stderr?.on('data', (text: Buffer) => (complaint += text.toString()));
  return new Promise((resolve, reject) => {
    child.on(
      'message',
      (message: { pid?: number; url?: string }) =>
        message.pid && message.url && resolve({ child, pid: message.pid, url: message.url }),
    );
    child.once('exit', (code) => reject(new Defect(`the child ended with ${code}: ${complaint}`)));
  });
}

async function killed(child: ChildProcess): Promise<void> {
  child.removeAllListeners('exit');
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

describe('the embedded server', () => {
  it('makes a cluster at first, keeps it, and leaves no process and no lock behind', async () => {
    const dataDir = directory();
    const first = await start(dataDir);
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    expect(
      await query(
        first.url,
        `SELECT current_setting('listen_addresses') AS hosts, current_setting('server_encoding') AS encoding, current_setting('unix_socket_directories') AS sockets`,
      ),
    ).toEqual([{ hosts: '127.0.0.1', encoding: 'UTF8', sockets: '' }]);
    await first.stop();
    await first.exited;
    expect(processFacts(first.pid)).toBeNull();
    expect(existsSync(join(dataDir, 'start.lock'))).toBe(false);
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    const second = await start(dataDir);
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('lets nobody in without the password, which only its owner can read', async () => {
    const dataDir = directory();
    const server = await start(dataDir);
    await expect(query(server.url.replace(/:[0-9a-f]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(
      'password authentication failed',
    );
    expect(statSync(join(dataDir, 'database-password')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir).sort()).toEqual([
      'arbintel.json',
      'database-password',
      'postgres',
      'postgres.log',
      'start.lock',
    ]);
  });

  it('refuses a directory of another mode, a cluster of somebody else and a second start', async () => {
    const dataDir = directory();
    await start(dataDir, { mode: 'demo' });
    await expect(start(dataDir, { mode: 'live' })).rejects.toThrow(/belongs to "demo".*ARBINTEL_DATA_DIR/);
    await expect(start(dataDir, { mode: 'demo' })).rejects.toThrow(
      new RegExp(`process ${process.pid}\\) is running on this data directory`),
    );
    await expect(start(join(dataDir, 'arbintel.json'))).rejects.toThrow(UserProblem);
    const foreign = directory();
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'PG_VERSION'), '17\n');
    await expect(start(foreign)).rejects.toThrow('not an ArbIntel data directory');
  });

  it('says when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    running.push(async () => other.close());
    const { port } = other.address() as AddressInfo;
    await expect(start(directory(), { port })).rejects.toThrow(`port ${port} is in use by another program`);
  });

  it('begins anew after a first start that was killed half-way', async () => {
    const dataDir = directory();
    mkdirSync(join(dataDir, 'postgres.new', 'base'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres.new', 'PG_VERSION'), '18\n');
    writeFileSync(join(dataDir, 'start.lock'), '{"pid":999999999,"started":"1"}');
    writeFileSync(join(dataDir, 'arbintel.json'), '{"product":"arbintel","mode":"test"}');
    const server = await start(dataDir);
    expect(await query(server.url, 'SELECT 1 AS ok')).toEqual([{ ok: 1 }]);
  });

  it('survives the kill -9 of its launcher and starts again with its data', async () => {
    const dataDir = directory();
    const first = await startInChild(dataDir);
    await query(first.url, 'CREATE TABLE kept AS SELECT 8 AS n');
    await killed(first.child);
    const second = await start(dataDir);
    expect(second.pid).not.toBe(first.pid);
    expect(processFacts(first.pid)).toBeNull();
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 8 }]);
  });

  it.skipIf(process.platform !== 'linux')('stops the orphan of a launcher that could not take it along', async () => {
    const dataDir = directory();
    const tools = directory();
    mkdirSync(tools);
    writeFileSync(join(tools, 'setpriv'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const first = await startInChild(dataDir, { PATH: `${tools}:${process.env['PATH']}` });
    await query(first.url, 'CREATE TABLE kept AS SELECT 9 AS n');
    await killed(first.child);
    await sleep(300);
    expect(processFacts(first.pid)).not.toBeNull();
    const lines: string[] = [];
    const second = await start(dataDir, { lines });
    expect(lines.join()).toContain(`process ${first.pid}`);
    expect(processFacts(first.pid)).toBeNull();
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 9 }]);
  });

  it('recovers committed rows when PostgreSQL itself was killed, and removes its stale pid file', async () => {
    const dataDir = directory();
    const first = await startInChild(dataDir);
    await query(first.url, 'CREATE TABLE kept AS SELECT 10 AS n');
    process.kill(first.pid, 'SIGKILL');
    await killed(first.child);
    while (processFacts(first.pid) !== null) await sleep(10);
    expect(postmaster(join(dataDir, 'postgres'))?.pid).toBe(first.pid);
    const lines: string[] = [];
    const second = await start(dataDir, { lines });
    expect(lines.join()).toContain('stale postmaster.pid');
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 10 }]);
  });

  it('does not take a stranger for its orphan that was given the recorded pid', async () => {
    const dataDir = directory();
    const first = await start(dataDir);
    await first.stop();
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    writeFileSync(pidFile, `${process.pid}\n${join(dataDir, 'postgres')}\n0\n1\n\n\n\nready\n`);
    const second = await start(dataDir);
    expect(Number(readFileSync(pidFile, 'utf8').split('\n')[0])).toBe(second.pid);
  });
});

describe('what the server needs of the machine', () => {
  it('makes library links that the install left out', () => {
    const { root } = installedPackage();
    const copy = directory();
    mkdirSync(copy);
    cpSync(join(root, 'native', 'pg-symlinks.json'), join(copy, 'native', 'pg-symlinks.json'), { recursive: true });
    mkdirSync(join(copy, 'native', 'lib'), { recursive: true });
    const listed = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as unknown[];
    const made = hydrateLinks(copy);
    expect(made).toBe(listed.length);
    expect(hydrateLinks(copy)).toBe(0);
  });

  it.skipIf(!isRoot)('copies the binaries once when the user of the server cannot reach the checkout', () => {
    const { root, version } = installedPackage();
    const closed = directory();
    mkdirSync(closed, { mode: 0o700 });
    cpSync(root, join(closed, 'package'), { recursive: true, verbatimSymlinks: true });
    const common = directory();
    mkdirSync(common, { mode: 0o755 });
    const lines: string[] = [];
    const find = () =>
      reachableBinaries(
        user,
        () => common,
        (line) => lines.push(line),
        { root: join(closed, 'package'), version },
      );
    expect(find().postgres).toBe(join(common, `postgresql-${version}`, 'native', 'bin', 'postgres'));
    find();
    expect(lines).toHaveLength(1);
    chmodSync(closed, 0o755);
    expect(find().postgres).toBe(join(closed, 'package', 'native', 'bin', 'postgres'));
  });

  it.skipIf(!isRoot)('puts the cluster elsewhere when the user of the server cannot reach the data directory', () => {
    const closed = directory();
    mkdirSync(closed, { mode: 0o700 });
    const common = directory();
    mkdirSync(common, { mode: 0o755 });
    const data = openDataDirectory(join(closed, 'deep', 'data'), 'test');
    const lines: string[] = [];
    const place = clusterFolder(
      data,
      user,
      () => common,
      (line) => lines.push(line),
    );
    expect(place.startsWith(join(common, 'clusters'))).toBe(true);
    expect(lines.join()).toContain('the database files go to');
    // The link remembers it, also when the folder is opened later.
    chmodSync(closed, 0o755);
    expect(
      clusterFolder(
        data,
        user,
        () => common,
        () => undefined,
      ),
    ).toBe(place);
  });

  it.skipIf(!isRoot)('opens a closed data directory of ours for passing through only', () => {
    const dataDir = directory();
    mkdirSync(dataDir, { mode: 0o700 });
    const data = openDataDirectory(dataDir, 'test');
    expect(mayEnter(user, dataDir)).toBe(false);
    expect(
      clusterFolder(
        data,
        user,
        () => '',
        () => undefined,
      ),
    ).toBe(join(dataDir, 'postgres'));
    expect(statSync(dataDir).mode & 0o777).toBe(0o711);
  });

  it('is a sentence when the platform has no package', async () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform');
    Object.defineProperty(process, 'platform', { ...platform, value: 'sunos' });
    try {
      await expect(start(directory())).rejects.toThrow(/no embedded PostgreSQL for sunos-.*DATABASE_URL/);
      await expect(start(directory())).rejects.toThrow(OutsideProblem);
    } finally {
      Object.defineProperty(process, 'platform', platform as PropertyDescriptor);
    }
  });
});
