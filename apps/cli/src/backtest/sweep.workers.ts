import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UserProblem } from '#core';
import type { PlayableTape } from '#data';
import type { BacktestHeader, KernelPlugins } from '#engine';
import { withPlace, type TapePlace } from './lent-tape.js';
import type { FromWorker, ToWorker } from './sweep.process.js';
import { playCell, type SweepCell } from './sweep.run.js';

export interface SweepWork {
  readonly headers: readonly BacktestHeader[];
  readonly place: TapePlace;
  readonly plugins: KernelPlugins;
  /** Processes that share the work; 1 is this one alone. */
  readonly workers: number;
  /** After every backtest: how many are through. */
  done?(count: number): void;
}

/** Plays all of them, whichever is free takes the next; results in the order asked for. */
export async function playAll(work: SweepWork): Promise<readonly SweepCell[]> {
  const cells: SweepCell[] = Array.from({ length: work.headers.length });
  let next = 0;
  let through = 0;
  const each = async (play: (header: BacktestHeader) => Promise<SweepCell>): Promise<void> => {
    while (next < work.headers.length) {
      const at = next++;
      cells[at] = await play(work.headers[at]);
      work.done?.(++through);
    }
  };
  const here = (tape: PlayableTape): Promise<void> => each((header) => playCell(header, tape, work.plugins));
  if (work.workers <= 1) await withPlace(work.place, here);
  else {
    const workers = Array.from({ length: Math.min(work.workers, work.headers.length) }, () => new Worker(work.place));
    try {
      await Promise.all(workers.map((worker) => each((header) => worker.play(header))));
    } finally {
      for (const worker of workers) worker.end();
    }
  }
  return cells;
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
