import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UserProblem } from '#core';
import { heldCheckpoints, type BacktestHeader, type KernelPlugins } from '#engine';
import { withPlace, type TapePlace } from './lent-tape.js';
import type { FromWorker, ToWorker } from './sweep.process.js';
import { playCell, type SweepCell } from './sweep.run.js';

export interface SweepWork {
  readonly headers: readonly BacktestHeader[];
  readonly place: TapePlace;
  readonly plugins: KernelPlugins;
  /** Processes that share the work, this one among them. */
  readonly workers: number;
  /** After every backtest: how many are through. */
  done?(count: number): void;
}

/** Plays all of them, whichever process is free takes the next; results in the order asked for. */
export async function playAll(work: SweepWork): Promise<readonly SweepCell[]> {
  const { headers, place, plugins } = work;
  const cells: SweepCell[] = Array.from({ length: headers.length });
  const order = longestFirst(headers);
  let next = 0;
  let through = 0;
  const each = async (play: (header: BacktestHeader) => Promise<SweepCell>): Promise<void> => {
    while (next < order.length) {
      const at = order[next++];
      cells[at] = await play(headers[at]);
      work.done?.(++through);
    }
  };
  // They start while this one plays already.
  const others = Array.from({ length: Math.min(work.workers, headers.length) - 1 }, () => new Worker(place));
  const checkpoints = heldCheckpoints();
  const here = withPlace(place, (tape) => each((header) => playCell(header, tape, plugins, checkpoints)));
  try {
    await Promise.all([here, ...others.map((worker) => each((header) => worker.play(header)))]);
  } finally {
    for (const worker of others) worker.end();
  }
  return cells;
}

/** Short ones last: then no process waits long for another's last one. */
function longestFirst(headers: readonly BacktestHeader[]): readonly number[] {
  const length = ({ fromAt, toAt }: BacktestHeader): number =>
    fromAt === null || toAt === null ? Number.MAX_SAFE_INTEGER : toAt - fromAt;
  return headers.map((_, at) => at).sort((a, b) => length(headers[b]) - length(headers[a]) || a - b);
}

/** One process that plays what it is sent. */
class Worker {
  private readonly child: ChildProcess;
  private readonly gone: Promise<never>;
  private readonly ready: Promise<FromWorker>;

  constructor(place: TapePlace) {
    const entry = fileURLToPath(new URL('./sweep.process.js', import.meta.url));
    this.child = fork(entry, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.gone = new Promise((_, reject) => {
      this.child.once('error', reject);
      this.child.once('exit', (code) => reject(new UserProblem(`a process of the sweep ended with code ${code}`)));
    });
    this.gone.catch(() => undefined);
    this.ready = this.heard();
    this.say({ place });
  }

  async play(header: BacktestHeader): Promise<SweepCell> {
    await Promise.race([this.ready, this.gone]);
    const answer = this.heard();
    this.say({ header });
    const words = await Promise.race([answer, this.gone]);
    if (!('cell' in words)) throw new UserProblem('a process of the sweep answered what it was not asked');
    return words.cell;
  }

  end(): void {
    if (this.child.connected) this.child.disconnect();
    else this.child.kill();
  }

  private heard(): Promise<FromWorker> {
    return new Promise((resolve) => this.child.once('message', (words: FromWorker) => resolve(words)));
  }

  private say(words: ToWorker): void {
    this.child.send(words);
  }
}
