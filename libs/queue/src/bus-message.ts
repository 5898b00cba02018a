import { Defect } from '#core';
import type { BusMessage } from './contracts.js';

/** PostgreSQL refuses a NOTIFY of 8000 bytes or more; both drivers keep to it, so that one can stand for the other. */
const LARGEST = 7_999;
const TOPICS: ReadonlySet<string> = new Set<BusMessage['topic']>([
  'lane',
  'inbox',
  'health',
  'run',
  'notice',
  'question',
]);

export function encodeMessage(message: BusMessage): string {
  const text = JSON.stringify(message);
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST)
    throw new Defect(`a bus message carries pointers, not data: ${bytes} bytes of topic ${message.topic}`);
  return text;
}

/** `null` for what is none of ours: another program may use the same channel. */
export function decodeMessage(text: string | undefined): BusMessage | null {
  try {
    const value = JSON.parse(text ?? '') as BusMessage | null;
    return value !== null && typeof value === 'object' && TOPICS.has(value.topic) ? value : null;
  } catch {
    return null;
  }
}

/** Who listens. A listener that throws does not keep the message from the others; its error surfaces as uncaught. */
export class Listeners {
  private readonly all = new Set<(message: BusMessage) => void>();

  add(listener: (message: BusMessage) => void): () => void {
    // A wrapper of its own: the same function may listen twice.
    const own = (message: BusMessage): void => listener(message);
    this.all.add(own);
    return () => void this.all.delete(own);
  }

  tell(message: BusMessage): void {
    for (const listener of this.all) {
      try {
        listener(message);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    this.all.clear();
  }
}

/** Waits between attempts to reconnect: 50 ms, doubling to 2 s. */
export const reconnectDelay = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000);
