import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild, type Child } from '../../apps/cli/src/launch/children.js';
import { openDataFolder } from '../../apps/cli/src/launch/data-folder.js';
import { openBrowser, type OpenBrowser } from './browser.spec-support.js';
import { endDemo, startServer, temporaryFolder, type RunningDemo } from './demo.spec-support.js';

const ROOT = join(import.meta.dirname, '..', '..');

/** Ports on which nobody listens now. */
async function closedPorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
        ),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

interface FeedNow {
  readonly venue: string;
  readonly state: string;
  readonly markets: number;
  readonly sentence: string;
  readonly problem: string | null;
}

describe('npm start while no venue can be reached', () => {
  const folder = temporaryFolder();
  let ports: number[];
  let server: RunningDemo;
  let browser: OpenBrowser;
  let simulator: Child | null = null;

  beforeAll(async () => {
    ports = await closedPorts(4);
    const [gamma, clob, kalshi] = ports.map((port) => `127.0.0.1:${port}`);
    server = await startServer('start', folder, [], {
      DATABASE_URL: '',
      REDIS_URL: '',
      KALSHI_KEY_ID: '',
      KALSHI_PRIVATE_KEY_FILE: '',
      POLYMARKET_GAMMA_URL: `http://${gamma}`,
      POLYMARKET_CLOB_URL: `http://${clob}`,
      POLYMARKET_DATA_URL: `http://${clob}`,
      POLYMARKET_WS_URL: `ws://${clob}/ws/market`,
      KALSHI_REST_URL: `http://${kalshi}/trade-api/v2`,
      KALSHI_WS_URL: `ws://${kalshi}/trade-api/ws/v2`,
    });
    browser = await openBrowser();
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await endDemo(server);
    await simulator?.stop(5_000);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);

  const feeds = async (): Promise<readonly FeedNow[]> =>
    (
      await browser.ask<{ health: { feeds: readonly FeedNow[] } }>(
        '{ health { feeds { venue state markets sentence problem } } }',
      )
    ).health.feeds;

  it('starts, says how each venue is listened to, and makes a new sign-in link when the API is started again', async () => {
    expect(server.said()).toContain('Kalshi is polled by REST (no KALSHI_KEY_ID)');
    const first = server.setupUrl!;
    const ready = /"message":"ready".*"pid":(\d+)/.exec(readFileSync(join(folder, 'logs', 'api.log'), 'utf8'));
    process.kill(Number(ready![1]), 'SIGKILL');
    await expect.poll(() => server.said(), { timeout: 60_000 }).toContain('api runs again');
    const [second] = /first sign-in: (\S+)\s*$/.exec(server.said().trimEnd())!.slice(1);
    expect(second).not.toBe(first);
    expect(new URL(second!).origin).toBe(server.url);
    await browser.setUp(second!);
  }, 150_000);

  it('says per venue that it cannot be reached, to programs and on the page', async () => {
    await expect.poll(feeds, { timeout: 90_000, interval: 500 }).toEqual([
      expect.objectContaining({ venue: 'kalshi', problem: expect.stringMatching(/Kalshi did not answer at .*127/) }),
      expect.objectContaining({
        venue: 'polymarket',
        problem: expect.stringMatching(/Polymarket did not answer at .*127/),
      }),
    ]);
    await browser.page.goto(`${server.url}/system`);
    for (const venue of ['Kalshi', 'Polymarket'])
      await browser.page
        .getByText(new RegExp(`${venue} did not answer at`))
        .first()
        .waitFor();
  }, 200_000);

  it('keeps trying, and hears the venues once they can be reached', async () => {
    simulator = await startChild(ROOT, join(folder, 'logs'), {
      name: 'simulator',
      entry: 'apps/simulator/src/main.js',
      args: [
        '--state',
        join(folder, 'simulator'),
        ...['gamma', 'clob', 'kalshi', 'control'].flatMap((name, i) => [`--${name}-port`, String(ports[i])]),
      ],
      env: {},
      readyWithinMs: 120_000,
    });
    await expect
      .poll(feeds, { timeout: 150_000, interval: 1_000 })
      .toEqual([
        expect.objectContaining({ venue: 'kalshi', state: 'polling' }),
        expect.objectContaining({ venue: 'polymarket', state: 'streaming', problem: null }),
      ]);
  }, 300_000);

  it('stops in order', async () => {
    server.process.kill('SIGINT');
    expect(await server.ended).toBe(0);
    expect(server.said()).toContain('stopped cleanly');
  }, 60_000);
});

const startOnly = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  spawnSync(process.execPath, ['scripts/run.mjs', 'start', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: '', ...env },
  });

describe('npm start with what it cannot use', () => {
  it('lists every complaint about environment and arguments at once, and exits 1', () => {
    const run = startOnly(['--port', '70000'], {
      ARBINTEL_LOG_LEVEL: 'loud',
      ARBINTEL_MARKETS_PER_VENUE: 'many',
      POLYMARKET_WS_URL: 'http://not-a-socket',
      REDIS_URL: 'localhost',
      KALSHI_KEY_ID: 'only-half',
      KALSHI_PRIVATE_KEY_FILE: '',
    });
    expect(run.status).toBe(1);
    for (const complaint of [
      'ARBINTEL_LOG_LEVEL is "loud"; it must be debug, info, warn or error',
      'ARBINTEL_MARKETS_PER_VENUE is "many"',
      'POLYMARKET_WS_URL is "http://not-a-socket"; it must be a ws(s):// address',
      'REDIS_URL is "localhost"; it must be a redis:// address',
      'KALSHI_PRIVATE_KEY_FILE is not set; Kalshi needs both',
      '--port is "70000"; it must be a whole number from 0 to 65535',
    ])
      expect(run.stderr).toContain(complaint);
    expect(run.stderr).not.toContain('starting');
  }, 150_000);

  it('refuses the data folder of a demo, and says what to do', () => {
    const folder = temporaryFolder();
    openDataFolder(folder, 'demo')();
    const run = startOnly(['--data-dir', folder], { KALSHI_KEY_ID: '', KALSHI_PRIVATE_KEY_FILE: '' });
    rmSync(folder, { recursive: true, force: true });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain(`${folder} holds demo data and this is a live run; name another folder`);
  }, 150_000);
});
