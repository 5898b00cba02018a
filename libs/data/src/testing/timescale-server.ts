import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Defect } from '#core';
import { giveTo } from '../embedded/data-directory.js';
import { postmaster } from '../embedded/leftover.js';
import { startEmbedded, type EmbeddedServer } from '../embedded/server.js';
import { asUser, serverUser } from '../embedded/server-user.js';
import { SERVER_SETTINGS } from '../embedded/settings.js';
import { TIMESCALE_URL } from './temporary-database.js';

/** A server that a spec may stop, kill and starve. */
export interface OwnServerOptions {
  readonly dataDir: string;
  /** Of an earlier start on the same folder. */
  readonly port?: number;
}

const START_LIMIT_MS = 30_000;

/** Where the programs of the server at `ARBINTEL_TIMESCALE_URL` lie, when they lie on this machine. */
async function timescalePrograms(): Promise<string | null> {
  if (TIMESCALE_URL === '') return null;
  const client = new pg.Client({ connectionString: TIMESCALE_URL });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_config WHERE name IN ('BINDIR', 'PKGLIBDIR')`,
    );
    const at = (name: string): string => rows.find((row) => row.name === name)?.setting ?? '';
    return existsSync(join(at('PKGLIBDIR'), 'timescaledb.so')) && existsSync(join(at('BINDIR'), 'initdb'))
      ? at('BINDIR')
      : null;
  } finally {
    await client.end();
  }
}

const programs = await timescalePrograms();

/** A server with TimescaleDB on a folder of its own, made at first use. */
async function startTimescale({ dataDir, port }: OwnServerOptions): Promise<EmbeddedServer> {
  if (programs === null) throw new Defect('no TimescaleDB on this machine');
  const user = serverUser(() => undefined);
  const cluster = join(dataDir, 'postgres');
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    giveTo(user, cluster);
    const made = spawnSync(
      join(programs, 'initdb'),
      ['-D', cluster, '-U', 'arbintel', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
      { ...asUser(user), cwd: cluster, encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Defect(`initdb failed: ${made.stderr}`);
  }
  const at = port ?? (await freePort());
  const settings = {
    ...SERVER_SETTINGS,
    listen_addresses: '127.0.0.1',
    shared_preload_libraries: 'timescaledb',
    'timescaledb.telemetry_level': 'off',
    max_locks_per_transaction: '256',
  };
  const args = ['-D', cluster, '-p', String(at)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const until = Date.now() + START_LIMIT_MS;
  // Of one that was killed the children may still be leaving: until then it refuses.
  for (;;) {
    const out = openSync(join(dataDir, 'postgres.log'), 'a', 0o600);
    const child = spawn(join(programs, 'postgres'), args, {
      ...asUser(user),
      cwd: cluster,
      stdio: ['ignore', out, out],
    });
    closeSync(out);
    let ended = false;
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => {
        ended = true;
        resolve();
      });
    });
    const isReady = (): boolean => {
      const found = postmaster(cluster);
      return found?.pid === child.pid && found?.ready === true;
    };
    while (!ended && !isReady() && Date.now() < until) await sleep(20);
    const stop = async (): Promise<void> => {
      if (!ended) child.kill('SIGINT');
      await exited;
    };
    if (!ended && isReady())
      return {
        url: `postgres://arbintel@127.0.0.1:${at}/postgres`,
        pid: child.pid ?? 0,
        port: at,
        exited,
        stop,
      };
    await stop();
    if (Date.now() >= until) throw new Defect(`the server in ${dataDir} did not start; its log says why`);
    await sleep(100);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The two servers that specs of outages run against: `describe.skipIf(missing)('…', …)`. */
export const SERVER_KINDS = [
  {
    layout: 'plain',
    title: 'on plain PostgreSQL',
    missing: false,
    start: (options: OwnServerOptions) => startEmbedded({ ...options, mode: 'test', log: () => undefined }),
  },
  {
    layout: 'timescale',
    title: 'on TimescaleDB (needs ARBINTEL_TIMESCALE_URL, a server of this machine)',
    missing: programs === null,
    start: startTimescale,
  },
] as const;
