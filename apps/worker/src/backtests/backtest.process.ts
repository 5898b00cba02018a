import { constants, setPriority } from 'node:os';
import { createPool } from '#data';
import { buildId, loadPlugins, readConfig } from '#host';
import { createLiveBus } from '#queue';
import { Interrupted, performBacktest } from './perform.js';

/**
 * One backtest in a process of its own, with the lowest priority: what it needs of processor, memory and garbage collection
 * is taken from nobody. Exit code 0 when its row says what became of it, 3 when it was interrupted.
 */
async function main(id: string): Promise<number> {
  setPriority(constants.priority.PRIORITY_LOW);
  const config = readConfig(process.env);
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.once('disconnect', end);
  const plugins = await loadPlugins(config.plugins);
  const pool = createPool(config.databaseUrl, 3);
  const bus = await createLiveBus(config);
  const changed = (run: string): void => void bus.publish({ topic: 'run', run }).catch(() => undefined);
  try {
    await performBacktest(
      { pool, plugins, build: buildId(plugins.fingerprint), now: Date.now, changed },
      id,
      stop.signal,
    );
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) return 3;
    throw error;
  } finally {
    await bus.close();
    await pool.end();
    if (process.connected) process.disconnect();
  }
}

main(process.argv[2]).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
