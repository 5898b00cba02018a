import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  chownSync,
  rmSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { OutsideProblem } from '#core';
import { reachableBinaries, type Binaries } from './binaries.js';
import {
  clusterFolder,
  commonRoot,
  databasePassword,
  giveTo,
  openDataDirectory,
  removeTree,
  type DataDirectory,
} from './data-directory.js';
import { clearLeftover, postmaster } from './leftover.js';
import { asUser, serverUser, type ServerUser } from './server-user.js';
import { SERVER_SETTINGS, THROWAWAY_SETTINGS } from './settings.js';
import { takeStartLock } from './start-lock.js';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Who the directory belongs to; a directory of another mode is refused. */
  readonly mode?: string;
  /** Loopback port; without it any free one. */
  readonly port?: number;
  /** For tests: quick, and not safe against power cuts. */
  readonly throwaway?: boolean;
  log(line: string): void;
}

export interface EmbeddedServer {
  /** `postgres://` address with the password in it; not for logs. */
  readonly url: string;
  readonly pid: number;
  readonly port: number;
  /** Resolves when the server ends, asked or not. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

const ROLE = 'arbintel';
const DATABASE = 'arbintel';
const STOP_LIMIT_MS = 30_000;
const START_LIMIT_MS = 120_000;
const LOG_LIMIT_BYTES = 4 << 20;

/**
 * Starts the PostgreSQL of a data directory on loopback; makes the cluster at first use. It dies with this process
 * on Linux (`setpriv --pdeathsig`); elsewhere the next start finds and stops it.
 *
 * @throws `UserProblem` for a directory that is not ours or of another mode; `OutsideProblem` when the machine
 *   cannot run it. Both say what to do.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { log } = options;
  const directory = openDataDirectory(options.dataDir, options.mode ?? 'live');
  const release = takeStartLock(directory.lock);
  try {
    const user = serverUser(log);
    const common = (): string => commonRoot(user);
    const binaries = reachableBinaries(user, common, log);
    const cluster = clusterFolder(directory, user, common, log);
    const password = databasePassword(directory);
    if (existsSync(join(cluster, 'PG_VERSION'))) {
      refuseOtherMajor(cluster, binaries);
      await clearLeftover(cluster, binaries, user, log);
    } else {
      initialise(cluster, binaries, user, password, options.throwaway ?? false, log);
    }
    const running = await launch({ directory, cluster, binaries, user, options });
    try {
      await ensureDatabase(running.port, password);
    } catch (error) {
      await running.stop();
      throw error;
    }
    return {
      url: address(running.port, password, DATABASE),
      pid: running.pid,
      port: running.port,
      exited: running.exited,
      stop: async () => {
        await running.stop();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

const address = (port: number, password: string, database: string): string =>
  `postgres://${ROLE}:${password}@127.0.0.1:${port}/${database}`;

function refuseOtherMajor(cluster: string, binaries: Binaries): void {
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  const ours = binaries.version.split('.')[0] ?? '';
  if (found !== ours) {
    throw new OutsideProblem(
      `the data in ${cluster} was written by PostgreSQL ${found}; this build brings ${ours}. Export it with the older build and import it with this one`,
      false,
    );
  }
}

/** initdb beside the final place, then one rename: a start killed half-way leaves nothing that looks like a cluster. */
function initialise(
  cluster: string,
  binaries: Binaries,
  user: ServerUser | null,
  password: string,
  throwaway: boolean,
  log: (line: string) => void,
): void {
  log('creating the database (first start)');
  const draft = `${cluster}.new`;
  removeTree(draft);
  giveTo(user, draft);
  const passwordFile = join(dirname(draft), '.initial-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== null) chownSync(passwordFile, user.uid, user.gid);
  try {
    // The builtin provider needs no locale of the machine and sorts the same everywhere.
    const args = [
      '-D',
      draft,
      '-U',
      ROLE,
      '--pwfile',
      passwordFile,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ];
    const run = spawnSync(binaries.initdb, throwaway ? [...args, '--no-sync'] : args, {
      ...asUser(user),
      cwd: draft,
      encoding: 'utf8',
      env: serverEnvironment(user),
    });
    if (run.status !== 0) {
      throw new OutsideProblem(
        `PostgreSQL could not create its files in ${cluster}: ${run.error?.message ?? lastLine(run.stderr || run.stdout)}`,
        false,
      );
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
  // What is left under the final name has no PG_VERSION: the remains of an interrupted removal, never data.
  removeTree(cluster);
  renameSync(draft, cluster);
}

/** No PG* variable of the caller reaches the server. */
function serverEnvironment(user: ServerUser | null): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env))
    if (!name.startsWith('PG') && name !== 'NODE_OPTIONS') env[name] = value;
  if (user !== null) env['HOME'] = '/';
  return env;
}

interface Launch {
  readonly directory: DataDirectory;
  readonly cluster: string;
  readonly binaries: Binaries;
  readonly user: ServerUser | null;
  readonly options: EmbeddedOptions;
}

async function launch({
  directory,
  cluster,
  binaries,
  user,
  options,
}: Launch): Promise<{ pid: number; port: number; exited: Promise<void>; stop(): Promise<void> }> {
  if (existsSync(directory.log) && statSync(directory.log).size > LOG_LIMIT_BYTES) truncateSync(directory.log);
  for (let attempt = 1; ; attempt++) {
    const port = options.port || (await freePort());
    const from = existsSync(directory.log) ? statSync(directory.log).size : 0;
    const child = spawnServer(cluster, binaries, user, port, options.throwaway ?? false, directory.log);
    let ended = false;
    const exited = new Promise<void>((resolve) => {
      const end = (): void => {
        ended = true;
        resolve();
      };
      child.once('exit', end);
      child.once('error', end);
    });
    if (await ready(child, cluster, () => ended)) {
      return { pid: child.pid ?? 0, port, exited, stop: () => stop(child, exited, () => ended) };
    }
    await stop(child, exited, () => ended);
    const said = existsSync(directory.log) ? readFileSync(directory.log, 'utf8').slice(from) : '';
    const taken = /could not bind|Address already in use/i.test(said);
    if (taken && !options.port && attempt < 4) continue;
    throw new OutsideProblem(
      taken
        ? `port ${port} is in use by another program; choose another one`
        : `PostgreSQL did not start: ${reason(said)} (log: ${directory.log})`,
      false,
    );
  }
}

function spawnServer(
  cluster: string,
  binaries: Binaries,
  user: ServerUser | null,
  port: number,
  throwaway: boolean,
  logFile: string,
): ChildProcess {
  const args = ['-D', cluster, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'];
  for (const [name, value] of Object.entries(throwaway ? THROWAWAY_SETTINGS : SERVER_SETTINGS))
    args.push('-c', `${name}=${value}`);
  const out = openSync(logFile, 'a', 0o600);
  try {
    // Own process group: Ctrl-C in a terminal reaches the launcher, which then stops the server last.
    const common = {
      cwd: cluster,
      stdio: ['ignore', out, out] as ['ignore', number, number],
      env: serverEnvironment(user),
      detached: process.platform !== 'win32',
      windowsHide: true,
    };
    if (diesWithParent()) {
      const drop = user === null ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
      return spawn('setpriv', [...drop, '--pdeathsig=INT', binaries.postgres, ...args], common);
    }
    return spawn(binaries.postgres, args, { ...common, ...asUser(user) });
  } finally {
    closeSync(out);
  }
}

/** Whether this machine's `setpriv` can ask the kernel to end the server with us (util-linux ≥ 2.33; busybox cannot). */
let pdeathsig: boolean | undefined;
const diesWithParent = (): boolean =>
  (pdeathsig ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig=INT', 'true']).status === 0);

async function ready(child: ChildProcess, cluster: string, ended: () => boolean): Promise<boolean> {
  const until = Date.now() + START_LIMIT_MS;
  while (!ended() && Date.now() < until) {
    const found = postmaster(cluster);
    if (found !== null && found.ready && found.pid === child.pid) return true;
    await sleep(15);
  }
  return false;
}

/** Fast shutdown (open transactions roll back, a checkpoint is written), and an immediate one when that takes too long. */
async function stop(child: ChildProcess, exited: Promise<void>, ended: () => boolean): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (ended()) return;
    child.kill(signal);
    await Promise.race([exited, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
  }
}

async function ensureDatabase(port: number, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: address(port, password, 'postgres') });
  try {
    await client.connect();
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } catch (cause) {
    throw new OutsideProblem(
      `the embedded PostgreSQL does not let us in: ${(cause as Error).message}; is database-password the file of this data directory?`,
      false,
      { cause },
    );
  } finally {
    await client.end().catch(() => undefined);
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

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
const reason = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /FATAL|PANIC|ERROR|error/.test(line))
    .at(-1)
    ?.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '') ??
  (lastLine(text) || 'it said nothing');
