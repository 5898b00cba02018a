import { Redis } from 'ioredis';
import { OutsideProblem } from '#core';
import { decodeMessage, encodeMessage, Listeners, reconnectDelay } from './bus-message.js';
import type { LiveBus } from './contracts.js';

const CHANNEL = 'arbintel:bus';

/** The live bus on Redis: one connection to speak, one to listen; both reconnect by themselves. */
export async function createRedisBus(url: string): Promise<LiveBus> {
  const options = { lazyConnect: true, retryStrategy: reconnectDelay, connectTimeout: 5_000 };
  // A message that cannot leave now is late news: refuse it rather than keep it.
  const mouth = new Redis(url, {
    ...options,
    connectionName: 'arbintel-bus-publish',
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
  });
  const ear = new Redis(url, { ...options, connectionName: 'arbintel-bus' });
  const listeners = new Listeners();
  for (const client of [mouth, ear]) client.on('error', () => undefined);
  ear.on('message', (_channel, text: string) => {
    const message = decodeMessage(text);
    if (message !== null) listeners.tell(message);
  });
  try {
    await Promise.all([mouth.connect(), ear.connect()]);
    await ear.subscribe(CHANNEL);
  } catch (cause) {
    mouth.disconnect();
    ear.disconnect();
    throw new OutsideProblem(`the live bus cannot reach Redis: ${(cause as Error).message}`, true, { cause });
  }
  return {
    async publish(message) {
      const text = encodeMessage(message);
      try {
        await mouth.publish(CHANNEL, text);
      } catch (cause) {
        throw new OutsideProblem(`the live bus could not publish: ${(cause as Error).message}`, true, { cause });
      }
    },
    subscribe: (listener) => listeners.add(listener),
    close: async () => {
      listeners.clear();
      mouth.disconnect();
      ear.disconnect();
    },
  };
}
