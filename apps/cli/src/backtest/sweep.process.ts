import { heldCheckpoints, type BacktestHeader } from '#engine';
import { kernelPlugins, loadPlugins, pluginConfig } from '#host';
import { withPlace, type TapePlace } from './lent-tape.js';
import { playCell, type SweepCell } from './sweep.run.js';

export type ToWorker = { readonly place: TapePlace } | { readonly header: BacktestHeader };
export type FromWorker = { readonly ready: true } | { readonly cell: SweepCell };

/** Plays backtests of a sweep one after the other, until the process that sends them is gone or says no more. */
async function main(): Promise<void> {
  const plugins = kernelPlugins(await loadPlugins(pluginConfig(process.env)));
  const place = await new Promise<TapePlace>((resolve) =>
    process.once('message', (first: ToWorker) => void ('place' in first && resolve(first.place))),
  );
  const checkpoints = heldCheckpoints();
  await withPlace(place, async (tape) => {
    const over = new Promise<void>((resolve) => process.once('disconnect', resolve));
    process.on('message', (asked: ToWorker) => {
      if ('header' in asked) playCell(asked.header, tape, plugins, checkpoints).then((cell) => answer({ cell }), fail);
    });
    answer({ ready: true });
    await over;
  });
}

const answer = (words: FromWorker): void => void process.send?.(words);

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
