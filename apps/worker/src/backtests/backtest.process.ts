import { constants } from 'node:os';
import { createPool, storedCheckpoints } from '#data';
import { heldCheckpoints, type Checkpoints } from '#engine';
import { buildId, loadPlugins, lowerPriority, readConfig } from '#host';
import { createLiveBus } from '#queue';
import { Interrupted, performBacktest } from './perform.js';

export type ToPlayer = { readonly backtest: string };
export type FromPlayer = { readonly over: string };

/**
 * Backtests in a process of their own, one after the other, with the lowest priority: what they need of processor, memory and
 * garbage collection is taken from nobody. Says of each when its row tells what became of it. Ends when it is told to, or
 * when nobody is there any more: with code 3 when that interrupted one.
 */
async function main(): Promise<number> {
  lowerPriority(constants.priority.PRIORITY_LOW);
  const stop = new AbortController();
  const asked: string[] = [];
  let wake: () => void = () => undefined;
  process.on('message', ({ backtest }: ToPlayer) => {
    asked.push(backtest);
    wake();
  });
  const end = (): void => {
    stop.abort();
    wake();
  };
  for (const how of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(how, end);
  const config = readConfig(process.env);
  const plugins = await loadPlugins(config.plugins);
  const build = buildId(plugins.fingerprint);
  const pool = createPool(config.databaseUrl, 3);
  const bus = await createLiveBus(config);
  const changed = (run: string): void => void bus.publish({ topic: 'run', run }).catch(() => undefined);
  const known = new Map<number, Checkpoints>();
  const checkpoints = (lane: number): Checkpoints => {
    let of = known.get(lane);
    if (of === undefined)
      known.set(lane, (of = heldCheckpoints(storedCheckpoints(pool, { lane, build, now: Date.now }))));
    return of;
  };
  try {
    while (!stop.signal.aborted) {
      const id = asked.shift();
      if (id === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      await performBacktest({ pool, plugins, build, now: Date.now, checkpoints, changed }, id, stop.signal);
      if (process.connected) process.send?.({ over: id } satisfies FromPlayer);
    }
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

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
