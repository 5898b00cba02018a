import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldProblem } from '#core';
import { createPool, temporaryDatabase } from '#data';
import { complainTogether, readArguments, wholeNumber } from '../arguments.js';
import { startChild } from '../launch/children.js';
import { root } from '../launch/launcher.js';
import { firstLoad } from './api.first-load.js';
import { askAll } from './api.queries.js';
import { hearAll } from './api.subscribers.js';
import { fillApiWorld } from './api.world.js';
import { zoomTime } from './api.zoom.js';
import { benchBrowser } from './bench.browser.js';
import { watch } from './bench.watch.js';

const USAGE =
  'npm run bench -- api [--json FILE] [--rows N] [--markets N] [--points N] [--seconds N] [--subscribers N] [--clients N]';

/** What the API gives over a house of that size: queries, subscriptions, the first load of the page and zooms. */
export async function apiBench(argv: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = readArguments(
    argv,
    { json: text, rows: text, markets: text, points: text, seconds: text, subscribers: text, clients: text },
    USAGE,
  );
  const problems: FieldProblem[] = [];
  const rows = wholeNumber(values.rows, 'rows', { min: 1_000, max: 50_000_000, fallback: 5_000_000 }, problems);
  const markets = wholeNumber(values.markets, 'markets', { min: 400, max: 100_000, fallback: 10_000 }, problems);
  const points = wholeNumber(values.points, 'points', { min: 1_000, max: 5_000_000, fallback: 1_000_000 }, problems);
  const seconds = wholeNumber(values.seconds, 'seconds', { min: 1, max: 600, fallback: 10 }, problems);
  const subscribers = wholeNumber(values.subscribers, 'subscribers', { min: 1, max: 200, fallback: 200 }, problems);
  const clients = wholeNumber(values.clients, 'clients', { min: 1, max: 64, fallback: 8 }, problems);
  complainTogether(problems);

  const watched = watch();
  const { say, going } = watched;
  const folder = mkdtempSync(join(tmpdir(), 'arbintel-bench-'));
  const database = await temporaryDatabase({ durable: true });
  const pool = createPool(database.url, 4);
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const began = performance.now();
    const world = await fillApiWorld(pool, { markets, rows, points, now: Date.now() }, watched);
    const fillS = Math.round((performance.now() - began) / 1_000);
    // What was measured stays, whatever becomes of the rest.
    let report: Record<string, unknown> = {
      machine: {
        node: process.version,
        cpu: cpus()[0]?.model ?? '',
        cores: availableParallelism(),
        load: loadavg()[0],
      },
      rows,
      markets,
      points,
      fillS,
      clients,
    };
    const measured = (name: string, value: unknown): void => {
      report = { ...report, [name]: value };
      if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
      going();
    };
    say(`filled in ${fillS} s; the server starts`);
    going();
    const api = await startChild(root, folder, {
      name: 'api',
      entry: 'apps/api/src/main.js',
      args: [],
      env: {
        ARBINTEL_MODE: 'demo',
        ARBINTEL_DATA_DIR: folder,
        DATABASE_URL: database.url,
        ARBINTEL_HOST: '127.0.0.1',
        ARBINTEL_PORT: '0',
        ARBINTEL_LOG_LEVEL: 'warn',
      },
      readyWithinMs: 120_000,
    });
    closing.push(() => api.stop(10_000));
    const url = String(api.facts['url']);
    say(`queries, ${clients} clients for ${seconds} s each`);
    measured('queries', await askAll(url, world, { clients, seconds }, going));
    say(`${subscribers} subscribers for ${seconds} s`);
    const given = { databaseUrl: database.url, subscribers, seconds };
    measured('subscriptions', await hearAll(url, world, pool, given));
    say('the page in a browser');
    const browser = await benchBrowser();
    if (typeof browser !== 'string') closing.push(() => Promise.resolve(browser.close()));
    measured('firstLoad', typeof browser === 'string' ? browser : await firstLoad(browser, url, world.cookie));
    say(`zooms over ${points.toLocaleString('en-US')} quotes`);
    const zoomed = { id: world.markets[0], points };
    measured('marketZoom', typeof browser === 'string' ? browser : await zoomTime(browser, url, world.cookie, zoomed));
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return 0;
  } finally {
    for (const close of closing.reverse()) await close();
    await pool.end();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
    watched.end();
  }
}
