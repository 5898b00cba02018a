import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromPlayer, ToPlayer } from './backtest.process.js';

const KILL_AFTER_MS = 5_000;
/** So long a process waits for the next backtest: starting and warming up one costs seconds. */
const IDLE_MS = 20_000;

/** How a process ended before it had said that a backtest is over. */
export interface Loss {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly words: string;
}

/** Plays backtests one after the other in a process, which is started when it is needed and stays for a while. */
export class BacktestPlayer {
  private child: ChildProcess | null = null;
  private words = '';
  private idle: NodeJS.Timeout | undefined;
  private stopping = false;

  /** Resolves with `null` when its row says what became of it. */
  play(id: string): Promise<Loss | null> {
    clearTimeout(this.idle);
    const child = (this.child ??= this.start());
    this.words = '';
    return new Promise((resolve) => {
      const over = (loss: Loss | null): void => {
        child.off('message', heard).off('exit', gone).off('error', failed);
        if (loss === null && !this.stopping) this.idle = setTimeout(() => this.end(), IDLE_MS);
        resolve(loss);
      };
      const heard = ({ over: what }: FromPlayer): void => {
        if (what === id) over(null);
      };
      const gone = (code: number | null, signal: NodeJS.Signals | null): void =>
        over({ code, signal, words: this.words.split('\n', 1)[0] });
      const failed = ({ message }: Error): void => over({ code: null, signal: null, words: message });
      child.on('message', heard).once('exit', gone).once('error', failed);
      if (child.connected) child.send({ backtest: id } satisfies ToPlayer, () => undefined);
      if (this.stopping) this.end();
    });
  }

  /** What it plays is interrupted. */
  stop(): void {
    this.stopping = true;
    this.end();
  }

  private start(): ChildProcess {
    const entry = fileURLToPath(new URL('./backtest.process.js', import.meta.url));
    const child = fork(entry, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (this.words = `${this.words}${text}`.slice(0, 2_000)));
    const forget = (): void => {
      if (this.child === child) this.child = null;
    };
    child.once('exit', forget).once('error', forget);
    return child;
  }

  private end(): void {
    clearTimeout(this.idle);
    const { child } = this;
    if (child === null) return;
    this.child = null;
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    child.once('exit', () => clearTimeout(kill));
  }
}
