import { setTimeout as sleep } from 'node:timers/promises';

/** Something that runs beside us: one of our processes, or the database. */
export interface Life {
  /** Settles when it is gone, however it went, with how: `SIGKILL`, `code 1`. */
  readonly gone: Promise<string>;
  /** Asks for an orderly end; `true` when it ended well in time. */
  stop(limitMs: number): Promise<boolean>;
}

export interface Patience {
  /** Wait before the first new start, ms; doubles with every fast death in a row. */
  readonly firstWaitMs: number;
  readonly mostWaitMs: number;
  /** A life shorter than this is a fast death; a longer one forgives those before it. */
  readonly steadyMs: number;
  /** So many fast deaths in a row and nothing more is tried. */
  readonly mostFastDeaths: number;
}

export const PATIENCE: Patience = { firstWaitMs: 500, mostWaitMs: 15_000, steadyMs: 60_000, mostFastDeaths: 5 };

export interface KeptHouse<L extends Life> {
  readonly name: string;
  /** Where a person reads more, for the sentences. */
  readonly log: string;
  /** Starts it anew, the way it was. A given-up start ends what it began. */
  again(signal: AbortSignal): Promise<L>;
  /** It runs again. */
  restarted?(life: L): void;
  readonly say: (line: string) => void;
  readonly patience?: Patience;
}

/** Keeps a life going: starts it anew with back-off when it ends by itself, and gives up when that does not help. */
export class Kept<L extends Life> {
  /** Never rejects; resolves with a sentence when there is no point in starting it once more. */
  readonly givenUp: Promise<string>;
  private readonly ending = new AbortController();
  private running: L | null;
  private starting: Promise<L | null> | null = null;
  private trouble = '';

  constructor(
    first: L,
    private readonly house: KeptHouse<L>,
  ) {
    this.running = first;
    this.givenUp = this.watch(first);
  }

  /** `null` between two lives. */
  get life(): L | null {
    return this.running;
  }

  /** Ends it for good. What is between two lives ends well. */
  async stop(limitMs: number): Promise<boolean> {
    this.ending.abort();
    const life = this.running ?? (await this.starting);
    return (await life?.stop(limitMs)) ?? true;
  }

  private async watch(first: L): Promise<string> {
    const { name, log, say } = this.house;
    const patience = this.house.patience ?? PATIENCE;
    let fast = 0;
    for (let life: L | null = first; ;) {
      const began = performance.now();
      const how: string = life ? `ended by itself (${await life.gone})` : `did not start (${this.trouble})`;
      this.running = null;
      if (this.ended) return this.forever();
      fast = life && performance.now() - began >= patience.steadyMs ? 1 : fast + 1;
      if (fast >= patience.mostFastDeaths)
        return `${name} ${how}, ${fast} times in a row; everything is stopped. Its log is ${log}`;
      const wait = Math.min(patience.mostWaitMs, patience.firstWaitMs * 2 ** (fast - 1));
      say(`${name} ${how}; starting it again in ${wait / 1000} s (log: ${log})`);
      this.starting = this.nextLife(wait);
      life = await this.starting;
      this.starting = null;
      if (this.ended) return this.forever();
    }
  }

  private async nextLife(wait: number): Promise<L | null> {
    const { name, say, again, restarted } = this.house;
    const { signal } = this.ending;
    try {
      await sleep(wait, undefined, { signal });
      const began = performance.now();
      const life = await again(signal);
      this.running = life;
      if (signal.aborted) return life;
      say(`${name} runs again after ${((performance.now() - began) / 1000).toFixed(1)} s`);
      restarted?.(life);
      return life;
    } catch (error) {
      this.trouble = (error instanceof Error ? error.message : String(error))
        .replace(`${name} did not start: `, '')
        .replace(/;? ?\(?(its log is|log:) [^]*/, '');
      return null;
    }
  }

  private get ended(): boolean {
    return this.ending.signal.aborted;
  }

  /** What was stopped by us is not given up. */
  private forever(): Promise<string> {
    return new Promise(() => undefined);
  }
}
