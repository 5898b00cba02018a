import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Venue } from '../model/question.types.js';
import { mulberry32 } from '../model/random.js';
import type { Faults } from './faults.js';

/** Unread bytes after which the venue gives up on a reader. */
export const MOST_BUFFERED = 64 * 1_024 * 1_024;

/** Unsent bytes a load run keeps in flight. */
const RELEASE_WINDOW = 4 * 1_024 * 1_024;

const JUNK = [
  '{"event_type":',
  'not json at all',
  '[1,2,',
  '{"type":"no_such_type","sid":1,"seq":"x","msg":{}}',
  '\u0000\u0001',
  '{"event_type":"book","bids":7}',
  '[]',
  'null',
];

/** One client's way out. Data frames pass the faults in force; what keeps the connection alive does not. */
export class Outlet {
  #held: string | null = null;
  #kept: string[] | null = null;
  readonly #random: () => number;
  /** Data frames sent. */
  sent = 0;

  constructor(
    readonly socket: WebSocket,
    readonly venue: Venue,
    readonly faults: Faults,
    seed: number,
    readonly overflow: () => void,
  ) {
    this.#random = mulberry32(seed);
  }

  data(text: string): void {
    const { faults, venue } = this;
    const hit = (kind: 'drop' | 'duplicate' | 'reorder' | 'garbage'): boolean => {
      const fault = faults.active(venue, kind);
      return fault !== null && this.#random() < fault.share;
    };
    if (faults.list().length > 0) {
      if (faults.active(venue, 'silence') || hit('drop')) return;
      if (hit('garbage')) this.#send(JUNK[Math.floor(this.#random() * JUNK.length)]);
      if (this.#held === null && hit('reorder')) {
        this.#held = text;
        return;
      }
      if (hit('duplicate')) this.#send(text);
    }
    this.#send(text);
    if (this.#held !== null) {
      this.#send(this.#held);
      this.#held = null;
    }
  }

  /** Keeps frames back, to be sent by `release` (load runs: making frames and sending them are measured apart). */
  collect(): void {
    this.#kept = [];
  }

  /** Sends what was kept back: flat out, or so many frames per second. Resolves to their number when all are written. */
  async release(perSecond: number | null): Promise<number> {
    const frames = this.#kept ?? [];
    this.#kept = null;
    const began = performance.now();
    for (let i = 0; i < frames.length && this.socket.readyState === this.socket.OPEN;) {
      const due = perSecond === null ? Infinity : Math.ceil(((performance.now() - began) / 1_000) * perSecond);
      const end = Math.min(frames.length, i + 512, due);
      for (; i < end; i++) this.socket.send(frames[i]);
      if (perSecond !== null && i >= due) await pause(2);
      else if (this.socket.bufferedAmount > RELEASE_WINDOW) await drained(this.socket);
      else await pause(0);
    }
    await drained(this.socket);
    this.sent += frames.length;
    return frames.length;
  }

  /** Answers to pings and the like. */
  control(text: string): void {
    this.#send(text);
  }

  #send(text: string): void {
    if (this.#kept) return void this.#kept.push(text);
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > MOST_BUFFERED) return this.overflow();
    this.sent++;
    this.socket.send(text);
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms)));

async function drained(socket: WebSocket): Promise<void> {
  while (socket.bufferedAmount > RELEASE_WINDOW / 4 && socket.readyState === socket.OPEN) await pause(1);
}

/** Makes the raw socket trickle a few bytes at a time while `slow-drip` is in force; order is kept throughout. */
export function dripWhen(raw: Duplex, venue: Venue, faults: Faults): void {
  const queue: { chunk: Buffer; done?: (error?: Error | null) => void }[] = [];
  const write = raw.write.bind(raw) as (chunk: Buffer, done?: (error?: Error | null) => void) => boolean;
  let dripping = false;

  const drip = (): void => {
    if (raw.destroyed) return;
    const slow = faults.active(venue, 'slow-drip') !== null;
    let budget = slow ? 3 : Infinity;
    while (queue.length > 0 && budget > 0) {
      const head = queue[0];
      if (head.chunk.length > budget) {
        write(head.chunk.subarray(0, budget));
        head.chunk = head.chunk.subarray(budget);
        budget = 0;
      } else {
        budget -= head.chunk.length;
        queue.shift();
        write(head.chunk, head.done);
      }
    }
    if (queue.length > 0) setTimeout(drip, 1);
    else dripping = false;
  };

  raw.write = ((
    chunk: Buffer | string,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ): boolean => {
    const callback = typeof encoding === 'function' ? encoding : done;
    const bytes =
      typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : chunk;
    if (!dripping && !faults.active(venue, 'slow-drip')) return write(bytes, callback);
    queue.push({ chunk: bytes, done: callback });
    if (!dripping) {
      dripping = true;
      setTimeout(drip, 1);
    }
    return true;
  }) as Duplex['write'];
}
