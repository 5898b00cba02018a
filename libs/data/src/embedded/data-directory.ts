import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OutsideProblem, UserProblem } from '#core';
import { mayEnter, type ServerUser } from './server-user.js';

/** Where things lie in a data directory. */
export interface DataDirectory {
  readonly root: string;
  /** The cluster (PGDATA). May be a link to a place the server's user can reach. */
  readonly cluster: string;
  readonly lock: string;
  readonly log: string;
  readonly passwordFile: string;
}

interface Marker {
  readonly product: 'arbintel';
  readonly mode: string;
}

/**
 * Opens or makes a data directory. One made for the demo is never opened as the live one, nor the other way round.
 */
export function openDataDirectory(path: string, mode: string): DataDirectory {
  const root = resolve(path);
  if (!existsSync(root)) mkdirSync(root, { recursive: true, mode: 0o711 });
  if (!statSync(root).isDirectory()) throw new UserProblem(`the data directory ${root} is a file`);
  const marker = join(root, 'arbintel.json');
  const text = existsSync(marker) ? readFileSync(marker, 'utf8') : null;
  if (text === null) {
    if (existsSync(join(root, 'PG_VERSION')))
      throw new UserProblem(
        `${root} is a PostgreSQL cluster of its own, not an ArbIntel data directory; choose another one`,
      );
    writeFileSync(marker, `${JSON.stringify({ product: 'arbintel', mode } satisfies Marker)}\n`);
  } else {
    const found = readMarker(text);
    if (found === null)
      throw new UserProblem(`${marker} is not readable as an ArbIntel marker; choose another data directory`);
    if (found.mode !== mode) {
      throw new UserProblem(
        `the data directory ${root} belongs to "${found.mode}" and cannot be used for "${mode}"; choose another one with ARBINTEL_DATA_DIR`,
      );
    }
  }
  return {
    root,
    cluster: join(root, 'postgres'),
    lock: join(root, 'start.lock'),
    log: join(root, 'postgres.log'),
    passwordFile: join(root, 'database-password'),
  };
}

function readMarker(text: string): Marker | null {
  try {
    const value = JSON.parse(text) as Partial<Marker>;
    return value.product === 'arbintel' && typeof value.mode === 'string'
      ? { product: 'arbintel', mode: value.mode }
      : null;
  } catch {
    return null;
  }
}

/** The database password of this directory, made at first use, readable by its owner alone. */
export function databasePassword(directory: DataDirectory): string {
  if (!existsSync(directory.passwordFile)) {
    if (existsSync(directory.cluster)) {
      throw new UserProblem(
        `${directory.passwordFile} is missing but ${directory.cluster} exists; restore the file or remove the directory to begin anew`,
      );
    }
    const draft = `${directory.passwordFile}.new`;
    writeFileSync(draft, randomBytes(24).toString('hex'), { mode: 0o600 });
    renameSync(draft, directory.passwordFile);
  }
  return readFileSync(directory.passwordFile, 'utf8').trim();
}

/**
 * The real folder of the cluster. As root, below a folder closed to others, the server's user could not reach it: then it lies
 * under `commonRoot` and `postgres` in the data directory is a link to it.
 */
export function clusterFolder(
  directory: DataDirectory,
  user: ServerUser | null,
  commonRoot: () => string,
  log: (line: string) => void,
): string {
  const link = lstatSync(directory.cluster, { throwIfNoEntry: false });
  if (link?.isSymbolicLink()) return readlinkSync(directory.cluster);
  if (user === null) return directory.cluster;
  if (
    !mayEnter(user, directory.root) &&
    mayEnter(user, dirname(directory.root)) &&
    statSync(directory.root).uid === 0
  ) {
    // Passing through only; what lies inside keeps its own modes.
    chmodSync(directory.root, statSync(directory.root).mode | 0o011);
  }
  if (mayEnter(user, directory.root)) return directory.cluster;
  // A name of its own, not one made of the path: a new checkout in the same place begins anew.
  const elsewhere = join(commonRoot(), 'clusters', randomUUID());
  if (link) {
    throw new OutsideProblem(
      `the user "${user.name}" can no longer reach ${directory.cluster}; open the folders above it (chmod o+x) or move it to ${elsewhere} and link it`,
      false,
    );
  }
  log(`the user "${user.name}" cannot reach ${directory.root}; the database files go to ${elsewhere}`);
  mkdirSync(dirname(elsewhere), { recursive: true, mode: 0o755 });
  symlinkSync(elsewhere, directory.cluster);
  return elsewhere;
}

/** A place every user can reach and only root can write. */
export function commonRoot(user: ServerUser | null): string {
  for (const place of ['/var/lib/arbintel', '/var/tmp/arbintel']) {
    try {
      mkdirSync(place, { recursive: true, mode: 0o755 });
      const stat = lstatSync(place);
      if (stat.isDirectory() && stat.uid === 0 && (stat.mode & 0o022) === 0 && mayEnter(user, place)) return place;
    } catch {
      // Read-only or missing: the next one.
    }
  }
  throw new OutsideProblem(
    `PostgreSQL runs as "${user?.name}", who can reach neither this checkout nor /var/lib/arbintel; start as an ordinary user, move the checkout, or set DATABASE_URL`,
    false,
  );
}

/** Makes `folder` belong to the server's user, closed to all others, as PostgreSQL demands. */
export function giveTo(user: ServerUser | null, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (user !== null) chownSync(folder, user.uid, user.gid);
}

export const removeTree = (path: string): void => rmSync(path, { recursive: true, force: true });
