import type { House } from '../house.js';

const COMPLAIN_MS = 60_000;

/** Turns at a steady pace while somebody listens, one at a time. What a turn could not read is read at the next one. */
export class Pump {
  #running: Promise<void> | null = null;
  #stopped = false;
  #quietUntil = 0;

  constructor(
    private readonly house: Pick<House, 'now' | 'log'>,
    private readonly given: {
      /** For the log: what could not be read. */
      readonly name: string;
      readonly paceMs: number;
      readonly listened: () => boolean;
      readonly turn: () => Promise<void>;
    },
  ) {}

  /** Somebody listens: the first turn is at once. */
  start(): void {
    if (!this.#stopped) this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const { name, paceMs, listened, turn } = this.given;
    while (!this.#stopped && listened()) {
      const began = this.house.now();
      try {
        await turn();
      } catch (error) {
        if (began >= this.#quietUntil) {
          this.#quietUntil = began + COMPLAIN_MS;
          this.house.log.warn(`${name} could not be read; it is tried again`, { error });
        }
      }
      await new Promise((go) => setTimeout(go, Math.max(25, paceMs - (this.house.now() - began))));
    }
    // In the same breath as the last look at the seats: who comes next starts a new run.
    this.#running = null;
  }
}
