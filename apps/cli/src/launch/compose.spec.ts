import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const compose = readFileSync('docker-compose.yml', 'utf8');
const readme = readFileSync('README.md', 'utf8');

/** A service's own lines: those below its name that stand further in. */
function service(name: string): string {
  const lines = compose.split('\n');
  const at = lines.indexOf(`  ${name}:`);
  const end = lines.findIndex((line, index) => index > at && /^ {0,2}\S/.test(line));
  return lines.slice(at + 1, end < 0 ? undefined : end).join('\n');
}
const one = (text: string, what: RegExp): string => what.exec(text)?.[1] ?? `no ${String(what)}`;
/** The port on this machine that leads to a service's own. */
const published = (name: string, port: number): string =>
  one(service(name), new RegExp(`ports: \\['(127\\.0\\.0\\.1:\\d+):${port}'\\]`));

describe('docker-compose.yml', () => {
  const start = one(readme, /```\n(docker compose up[^`]+)```/);
  const [up, run] = start.trim().split('\n');

  it('starts with the two lines of the README, which its own head repeats', () => {
    expect(up).toBe('docker compose up -d --wait');
    expect(run).toMatch(/^DATABASE_URL=\S+ REDIS_URL=\S+ npm start$/);
    expect(compose.slice(0, compose.indexOf('services:'))).toContain(`#   ${up}\n#   ${run}\n`);
  });

  it('gives the database that the second line names, to this machine alone', () => {
    const url = new URL(one(run, /DATABASE_URL=(\S+)/));
    const timescale = service('timescale');
    expect(url.protocol).toBe('postgres:');
    expect(url.host).toBe(published('timescale', 5432));
    expect(url.username).toBe(one(timescale, /POSTGRES_USER: (\S+)/));
    expect(url.password).toBe(one(timescale, /POSTGRES_PASSWORD: \$\{ARBINTEL_DATABASE_PASSWORD:-(\S+)\}/));
    expect(url.pathname).toBe(`/${one(timescale, /POSTGRES_DB: (\S+)/)}`);
    // One of the versions the layout is made for, with the column store: the image's tag without -oss.
    expect(one(timescale, /image: timescale\/timescaledb:(\S+)/)).toMatch(/^latest-pg1[5-8]$/);
    // Not the list of libraries: the image's own loads the extension.
    expect(timescale).not.toContain('shared_preload_libraries');
    expect(timescale).toContain(`pg_isready -h 127.0.0.1 -U ${url.username} -d ${url.pathname.slice(1)}`);
    // Of images before PostgreSQL 18.
    expect(timescale).toContain(':/var/lib/postgresql/data');
  });

  it('gives a Redis that keeps jobs over a restart and forgets none to make room', () => {
    const url = new URL(one(run, /REDIS_URL=(\S+)/));
    const redis = service('redis');
    expect(url.host).toBe(published('redis', 6379));
    expect(redis).toContain(`--appendonly, 'yes'`);
    expect(redis).toContain('--maxmemory-policy, noeviction');
    expect(redis).toContain('redis:/data');
    expect(redis).toContain('redis-cli, ping');
  });

  it('waits for both, starts both again, and keeps what they hold', () => {
    for (const name of ['timescale', 'redis']) {
      expect(service(name)).toContain('healthcheck:');
      expect(service(name)).toContain('restart: unless-stopped');
      expect(compose).toMatch(new RegExp(`^volumes:\\n(  \\w+:\\n)*  ${name}:\\n`, 'm'));
    }
  });
});
