import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TapeEvent } from '#core';
import { createPool, importEvents, SweepRepo, temporaryDatabase, type Pool, type TemporaryDatabase } from '#data';
import { builtInPlugins, scopeOf, settingsOf, sweepPlanOf, sweepSettingsOf } from '#host';
import { crossVenueTape } from '../../apps/cli/src/bench/backtest.tape.js';
import { startChild, type Child } from '../../apps/cli/src/launch/children.js';
import { temporaryFolder } from './demo.spec-support.js';

const ROOT = join(import.meta.dirname, '..', '..');
const LANE = 5;
const EVENTS = 15_000;
const START = Date.UTC(2026, 8, 1);
const NOWHERE = '127.0.0.1:9';

/** Processes that a worker started to play backtests; Linux only. */
function playersOf(worker: number): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        const parent = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1];
        return Number(parent) === worker && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes('backtest.process');
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe.skipIf(process.platform !== 'linux')('a sweep over two workers on the real queue', () => {
  const folder = temporaryFolder();
  const workers: Child[] = [];
  let database: TemporaryDatabase;
  let pool: Pool;
  let sweeps: SweepRepo;

  beforeAll(async () => {
    database = await temporaryDatabase();
    pool = createPool(database.url, 3);
    sweeps = new SweepRepo(pool);
    const made = [...crossVenueTape({ seed: 7, events: EVENTS, startAt: START })].flat();
    const events = made.map((event): TapeEvent => ({ ...event, lane: LANE }));
    await importEvents(pool, { lane: LANE, digest: 'made up', events, now: Date.now() });
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: '',
      ARBINTEL_DATA_DIR: folder,
      ARBINTEL_NEWS: 'off',
      KALSHI_KEY_ID: '',
      KALSHI_PRIVATE_KEY_FILE: '',
      POLYMARKET_GAMMA_URL: `http://${NOWHERE}`,
      POLYMARKET_CLOB_URL: `http://${NOWHERE}`,
      POLYMARKET_DATA_URL: `http://${NOWHERE}`,
      KALSHI_REST_URL: `http://${NOWHERE}/trade-api/v2`,
    };
    const start = (name: string): Promise<Child> =>
      startChild(ROOT, logs, { name, entry: 'apps/worker/src/main.js', args: ['jobs'], env, readyWithinMs: 120_000 });
    workers.push(...(await Promise.all(['one', 'two'].map(start))));
  }, 180_000);

  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop(10_000)));
    await pool?.end();
    await database?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);

  async function begun(): Promise<string> {
    const workflow = {
      title: 'Pairs',
      plugin: 'cross-venue-arbitrage',
      pluginVersion: null,
      config: {},
      scope: scopeOf({}),
      account: 'main',
      mode: 'off',
      limits: {},
      models: {},
    };
    const settings = settingsOf({ stress: false, latency: 'sampled' });
    const asked = { title: 'Sweep', lane: LANE, fromAt: null, toAt: null, workflow, id: 'pairs', version: 1, settings };
    const axes = [{ path: '/minEdge', from: 5_000, to: 25_000, count: 2 }];
    const span = { fromAt: START, toAt: START + EVENTS * 2 };
    const plan = sweepPlanOf(asked, span, sweepSettingsOf({ axes, windows: 2, goal: 'profit' }), builtInPlugins());
    const row = { title: 'Sweep', workflow: 'pairs', plugin: workflow.plugin, asked: {}, askedBy: 'Ada', lane: LANE };
    return sweeps.add({ ...row, plan: plan.plan, parts: plan.runs, askedAt: Date.now(), toSeq: EVENTS });
  }

  /** All that came of its runs, but for what tells when and from where they were played. */
  const resultOf = async (id: string): Promise<string> => {
    const { rows } = await pool.query(
      `SELECT sweep_set, sweep_window, sweep_part, state, note, digest, lines, peek, report - 'spared' AS report
       FROM backtest WHERE sweep = $1 ORDER BY sweep_window, sweep_set, sweep_part`,
      [id],
    );
    return JSON.stringify(rows);
  };
  const over = async (id: string) =>
    (
      await pool.query<{ id: string; at: number }>(
        `SELECT id, ended_at AS at FROM backtest WHERE sweep = $1 AND state NOT IN ('waiting', 'running')`,
        [id],
      )
    ).rows;
  const ended = (id: string) =>
    expect.poll(async () => (await sweeps.find(id))?.state, { timeout: 60_000, interval: 50 }).toBe('done');

  it('goes on when one is killed, does nothing twice, and comes to the same result to the byte', async () => {
    const undisturbed = await begun();
    await ended(undisturbed);
    const disturbed = await begun();
    await expect.poll(async () => (await over(disturbed)).length, { timeout: 60_000, interval: 10 }).toBeGreaterThan(1);
    const before = await over(disturbed);
    const [victim] = workers.flatMap(({ pid }) => playersOf(pid));
    process.kill(victim, 'SIGKILL');
    expect(before.length).toBeLessThan(8);
    await ended(disturbed);
    expect(workers.flatMap(({ pid }) => playersOf(pid))).not.toContain(victim);
    expect(await over(disturbed)).toEqual(expect.arrayContaining([...before]));
    const told = await resultOf(disturbed);
    expect(JSON.parse(told)).toHaveLength(8);
    expect(told).toBe(await resultOf(undisturbed));
    expect(told).not.toContain('"state":"failed"');
    expect(told).toMatch(/"lines":[1-9]\d/);
  }, 120_000);
});
