import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { OutsideProblem } from '#core';
import type { Pool } from '#data';
import { createLiveBus } from '#queue';
import { LANE, type ApiWorld } from './api.world.js';
import { Samples } from './samples.js';

/** Each subscriber hears ten markets that change once a second each: ten updates a second, none of which another replaces. */
const MARKETS = 10;
const PACE_MS = 100;

export interface SubscriberDelays {
  readonly subscribers: number;
  readonly updatesPerSEach: number;
  readonly received: number;
  readonly missing: number;
  /** From before the commit to the parsed answer, ms. The feed sends every 250 ms, so half of that is its pace. */
  readonly delayMs: { readonly p50: number | null; readonly p99: number | null };
}

/** Commits quotes as the recorder does and measures when each of many sockets has them. */
export async function hearAll(
  url: string,
  world: ApiWorld,
  pool: Pool,
  given: { readonly databaseUrl: string; readonly subscribers: number; readonly seconds: number },
): Promise<SubscriberDelays> {
  const heard = world.markets.slice(0, MARKETS);
  const sentAt = new Map<number, number>();
  const samples = new Samples(1 << 21);
  let received = 0;
  const bus = await createLiveBus({ databaseUrl: given.databaseUrl, redisUrl: null });
  const clients = Array.from({ length: given.subscribers }, () =>
    createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      lazy: false,
      retryAttempts: 0,
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocols: string[]) {
          super(address, protocols, { headers: { authorization: `Bearer ${world.token}` } });
        }
      },
    }),
  );
  try {
    await Promise.all(
      clients.map(
        (client) =>
          new Promise<void>((open, fail) => {
            client.subscribe<{ quotes: { seq: number }[] }>(
              {
                query: 'subscription ($markets: [ID!]) { quotes(markets: $markets) { market seq bid ask at } }',
                variables: { markets: heard },
              },
              {
                next: ({ data, errors }) => {
                  if (errors) fail(new OutsideProblem(errors[0].message, false));
                  open();
                  const now = performance.now();
                  for (const { seq } of data?.quotes ?? []) {
                    const sent = sentAt.get(seq);
                    if (sent === undefined) continue;
                    received += 1;
                    samples.add(now - sent);
                  }
                },
                error: (error) =>
                  fail(error instanceof Error ? error : new OutsideProblem('a socket was refused', false)),
                complete: () => undefined,
              },
            );
          }),
      ),
    );
    const updates = Math.floor((given.seconds * 1_000) / PACE_MS);
    const began = performance.now();
    for (let i = 0; i < updates; i++) {
      const seq = world.headSeq + 1 + i;
      const at = Date.now();
      sentAt.set(seq, performance.now());
      await pool.query(
        `WITH moved AS (UPDATE lane SET head_seq = $1, head_at = $2 WHERE id = $3)
         UPDATE market_state SET bid = $4, quote_seq = $1, quote_at = $2 WHERE id = $5`,
        [seq, at, LANE, 10_000 * (1 + (i % 80)), heard[i % MARKETS]],
      );
      await bus.publish({ topic: 'lane', lane: LANE, fromSeq: seq, seq, journal: 0, at });
      const wait = began + (i + 1) * PACE_MS - performance.now();
      if (wait > 0) await sleep(wait);
    }
    await sleep(1_000);
    return {
      subscribers: given.subscribers,
      updatesPerSEach: Number((updates / given.seconds).toPrecision(3)),
      received,
      missing: updates * given.subscribers - received,
      delayMs: samples.p50p99,
    };
  } finally {
    for (const client of clients) await client.dispose();
    await bus.close();
  }
}
