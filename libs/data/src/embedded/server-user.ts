import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { OutsideProblem } from '#core';

/** Whom PostgreSQL runs as. It refuses to run as root, so root hands it to a lesser user. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** `null`: as ourselves, nothing to drop. Otherwise we are root and this is the user to become. */
export function serverUser(log: (line: string) => void): ServerUser | null {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return null;
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const user = lookUp(name);
    if (user === null) continue;
    if (name === 'nobody') log('running as root without a user "postgres": PostgreSQL runs as "nobody"');
    return user;
  }
  throw new OutsideProblem(
    'PostgreSQL refuses to run as root and this machine has neither a user "postgres" nor "nobody"; ' +
      'create one (useradd --system postgres) or start as an ordinary user',
    false,
  );
}

function lookUp(name: string): ServerUser | null {
  const found = (line: string | undefined): ServerUser | null => {
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid && gid && Number(uid) > 0 ? { name, uid: Number(uid), gid: Number(gid) } : null;
  };
  try {
    const user = found(
      readFileSync('/etc/passwd', 'utf8')
        .split('\n')
        .find((line) => line.startsWith(`${name}:`)),
    );
    if (user) return user;
  } catch {
    // No such file here: ask the tools below.
  }
  const id = (flag: string): number => {
    const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return answer.status === 0 ? Number(answer.stdout.trim()) : NaN;
  };
  const uid = id('-u');
  const gid = id('-g');
  return uid > 0 && gid >= 0 ? { name, uid, gid } : null;
}

/** Spawn options that make a child run as `user`, away from directories it may not enter. */
export const asUser = (user: ServerUser | null): { uid?: number; gid?: number } =>
  user === null ? {} : { uid: user.uid, gid: user.gid };

/** Whether `user` may enter this directory, asked of the operating system itself (modes, ACLs, mounts). */
export function mayEnter(user: ServerUser | null, directory: string): boolean {
  if (user === null) return true;
  return spawnSync('test', ['-x', directory], { ...asUser(user), cwd: '/' }).status === 0;
}
