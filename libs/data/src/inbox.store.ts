import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { OutsideProblem } from '#core';
import type { Inbox, InboxItem } from './contracts.js';
import { databaseProblem } from './tape/database-problem.js';

/** What the inbox needs of a live bus: a nudge that something was committed or put. */
export interface InboxBus {
  publish(message: { readonly topic: 'inbox'; readonly lane: number }): Promise<void>;
  subscribe(listener: (message: { readonly topic: string }) => void): () => void;
}

/** Positions are given in commit order: without it a reader that goes by position could pass over a slow writer's row. */
const POSITION_LOCK = 814_220_303;
/** How often an answer is looked for when the bus is silent, or there is none. */
const POLL_MS = 250;

/** Acts and results of jobs on their way to the tape, in PostgreSQL. */
export function createInbox(pool: pg.Pool, bus?: InboxBus): Inbox {
  return {
    async put(...items) {
      if (items.length === 0) return;
      try {
        await pool.query({
          name: 'inbox-put',
          text: `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(${POSITION_LOCK}))
            INSERT INTO inbox (id, position, lane, kind, body, "by", created_at)
            SELECT given.id, nextval('inbox_position'), given.lane, given.kind, given.body::json, given."by", $6
            FROM turn, unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[])
              WITH ORDINALITY AS given (id, lane, kind, body, "by", place)
            ORDER BY given.place ON CONFLICT (id) DO NOTHING`,
          values: [
            items.map(({ id }) => id),
            items.map(({ lane }) => lane),
            items.map(({ kind }) => kind),
            items.map(({ body }) => JSON.stringify(body ?? null)),
            items.map(({ by }) => by),
            Date.now(),
          ],
        });
      } catch (error) {
        throw databaseProblem('the act could not be stored', error);
      }
      // A lost nudge costs the lane one poll; the row is safe.
      for (const lane of new Set(items.map((item) => item.lane)))
        await bus?.publish({ topic: 'inbox', lane }).catch(() => undefined);
    },

    async pending(lane, after, limit) {
      const found = await pool.query<InboxItem & { position: number }>({
        name: 'inbox-pending',
        text: 'SELECT id, lane, kind, body, "by", position::float8 AS position FROM inbox WHERE lane = $1 AND position > $2 AND seq IS NULL ORDER BY position LIMIT $3',
        values: [lane, after, limit],
      });
      return found.rows;
    },

    async committed(id, timeoutMs) {
      const until = Date.now() + timeoutMs;
      let nudge = (): void => undefined;
      const unsubscribe = bus?.subscribe((message) => {
        if (message.topic === 'lane') nudge();
      });
      try {
        for (;;) {
          // Listen before looking: a commit in between must not be missed.
          const nudged = new Promise<void>((resolve) => (nudge = resolve));
          const found = await pool.query<{ seq: number | null }>({
            name: 'inbox-answer-of',
            text: 'SELECT seq::float8 AS seq FROM inbox WHERE id = $1',
            values: [id],
          });
          const seq = found.rows[0]?.seq ?? null;
          if (seq !== null) return seq;
          const left = until - Date.now();
          if (left <= 0)
            throw new OutsideProblem(`the act is stored, but no worker took it up within ${timeoutMs} ms`, true);
          const over = new AbortController();
          await Promise.race([
            nudged,
            sleep(Math.min(POLL_MS, left), undefined, { signal: over.signal }).catch(() => undefined),
          ]);
          over.abort();
        }
      } catch (error) {
        throw databaseProblem('the act could not be followed', error);
      } finally {
        unsubscribe?.();
      }
    },
  };
}
