import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLaneBuilds, createPool, migrate, startEmbedded, type EmbeddedServer, type Pool } from '#data';
import { builtInPlugins } from '#host';
import { startChild, type Child } from '../../apps/cli/src/launch/children.js';
import { openDataFolder } from '../../apps/cli/src/launch/data-folder.js';
import { writeLinks } from '../../apps/cli/src/launch/demo-links.js';
import { venueEnvironment } from '../../apps/cli/src/launch/launcher.js';
import { agrees, prove } from '../../apps/cli/src/proof/prove.js';
import { temporaryFolder } from './demo.spec-support.js';

const ROOT = join(import.meta.dirname, '..', '..');
const KILLS = 6;
const SEED = 20_261_123;

/** Mulberry32: the moments of death are drawn, but the same in every run. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('a live worker that is killed at random moments of a seeded demo', () => {
  const folder = temporaryFolder();
  const logs = join(folder, 'logs');
  const others: Child[] = [];
  let server: EmbeddedServer | null = null;
  let pool: Pool;
  let env: Record<string, string>;

  const startLive = (): Promise<Child> =>
    startChild(ROOT, logs, {
      name: 'worker-live',
      entry: 'apps/worker/src/main.js',
      args: ['live'],
      env,
      readyWithinMs: 120_000,
    });
  const laneNow = async (): Promise<{ epoch: number; state: string; head: number; entries: number }> =>
    (
      await pool.query<{ epoch: number; state: string; head: number; entries: number }>(
        `SELECT epoch, coalesce(health->>'state', '') AS state, head_seq AS head, (SELECT count(*) FROM journal) AS entries
         FROM lane UNION ALL SELECT 0, '', 0, 0 ORDER BY 1 DESC LIMIT 1`,
      )
    ).rows[0]!;

  const journalKinds = async (): Promise<readonly string[]> =>
    (await pool.query<{ kind: string }>('SELECT DISTINCT kind FROM journal')).rows.map(({ kind }) => kind);

  beforeAll(async () => {
    openDataFolder(folder, 'demo')();
    server = await startEmbedded({
      dataDir: join(folder, 'postgres'),
      mode: 'demo',
      throwaway: true,
      log: () => undefined,
    });
    pool = createPool(server.url);
    await migrate(server.url);
    mkdirSync(logs);
    const simulator = await startChild(ROOT, logs, {
      name: 'simulator',
      entry: 'apps/simulator/src/main.js',
      args: ['--state', join(folder, 'simulator'), '--seed', '7', '--rate', '3'],
      env: {},
      readyWithinMs: 120_000,
    });
    others.push(simulator);
    env = {
      ARBINTEL_MODE: 'demo',
      ARBINTEL_DATA_DIR: folder,
      DATABASE_URL: server.url,
      ARBINTEL_LINKS_FILE: await writeLinks(folder, String(simulator.facts['controlUrl'])),
      ...venueEnvironment(simulator.facts),
    };
    others.push(
      await startChild(ROOT, logs, {
        name: 'worker-jobs',
        entry: 'apps/worker/src/main.js',
        args: ['jobs'],
        env,
        readyWithinMs: 120_000,
      }),
    );
  }, 180_000);

  afterAll(async () => {
    for (const child of others.toReversed()) await child.stop(10_000);
    if (server) await pool?.end();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);

  it('leaves a journal that is the replay of its committed tape, byte for byte, however it is taken up', async () => {
    const random = drawn(SEED);
    for (let kill = 0; kill < KILLS; kill++) {
      const before = await laneNow();
      const live = await startLive();
      // A successor gets the lane when the lock of the dead one has run out.
      await expect.poll(async () => (await laneNow()).epoch, { timeout: 60_000, interval: 10 }).toBe(before.epoch + 1);
      if (kill === 0) await expect.poll(async () => (await laneNow()).entries, { timeout: 90_000 }).toBeGreaterThan(20);
      else if (kill % 2 === 0)
        await expect.poll(async () => (await laneNow()).state, { timeout: 60_000, interval: 20 }).toBe('running');
      // Odd ones die while they recover or with their first commits, even ones in the middle of their work.
      await sleep(kill % 2 === 0 ? 200 + random() * 2_000 : random() * 400);
      process.kill(live.pid, 'SIGKILL');
      expect(await live.gone).toBe('SIGKILL');
    }
    const before = await laneNow();
    const last = await startLive();
    await expect.poll(laneNow, { timeout: 60_000 }).toMatchObject({ epoch: before.epoch + 1, state: 'running' });
    await expect.poll(async () => (await laneNow()).head, { timeout: 60_000 }).toBeGreaterThan(before.head);
    // On a busy machine the short lives before may have seen no arbitrage yet.
    await expect
      .poll(journalKinds, { timeout: 120_000, interval: 500 })
      .toEqual(expect.arrayContaining(['signal', 'order', 'fill', 'denial', 'opportunity', 'session']));
    expect(await last.stop(20_000)).toBe(true);

    const { epoch, entries } = await laneNow();
    expect(epoch).toBe(KILLS + 1);
    const [{ build }] = await createLaneBuilds(pool).list(1);
    const [proof] = await prove(pool, build, builtInPlugins());
    expect(proof).toMatchObject({ afterSeq: 0, compared: entries, difference: null, refused: null });
    expect(proof!.events).toBe(proof!.headSeq);
    expect(proof!.recovery).toMatchObject({ difference: null, sameState: true });

    // A proof that could not fail would prove nothing.
    const forged = await pool.query<{ seq: number }>(
      `UPDATE journal SET body = jsonb_set(body::jsonb, '{at}', '1')::json
       WHERE (lane, seq, ordinal) = (SELECT lane, seq, ordinal FROM journal WHERE kind = 'fill' ORDER BY seq LIMIT 1) RETURNING seq`,
    );
    const [caught] = await prove(pool, build, builtInPlugins());
    expect(caught!.difference?.seq).toBe(forged.rows[0]!.seq);
    expect(agrees(caught!)).toBe(false);
    await pool.query(
      `UPDATE journal SET body = jsonb_set(body::jsonb, '{at}', to_jsonb(at))::json WHERE seq = $1 AND body->>'at' = '1'`,
      [forged.rows[0]!.seq],
    );
  }, 400_000);

  it('is proved from the command line too', async () => {
    for (const child of others.splice(0).toReversed()) await child.stop(10_000);
    await pool.end();
    await server!.stop();
    server = null;
    const out = join(folder, 'proof.json');
    const run = spawnSync(process.execPath, ['scripts/run.mjs', 'proof', '--data-dir', folder, '--json', out], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect(run.stdout).toMatch(/lane 1: \d+ events replayed from its beginning; \d+ journal lines are the same/);
    expect(run.status).toBe(0);
    const report = JSON.parse(readFileSync(out, 'utf8')) as { holds: boolean; lanes: { compared: number }[] };
    expect(report.holds).toBe(true);
    expect(report.lanes[0]!.compared).toBeGreaterThan(20);
  }, 120_000);
});
