import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { UserProblem, type FieldProblem } from '#core';

/** What questions need of a live bus: a nudge that one was asked or answered. */
export interface QuestionBus {
  publish(message: { readonly topic: 'question'; readonly lane: number }): Promise<void>;
  subscribe(listener: (message: { readonly topic: string }) => void): () => void;
}

/** An answer, or what the person who asked can mend. */
export type LaneAnswer =
  | { readonly value: unknown; readonly seq: number }
  | { readonly problem: { readonly message: string; readonly fields: readonly FieldProblem[] } };

export interface LaneQuestion {
  readonly id: string;
  readonly body: unknown;
}

/** How often an answer is looked for when the bus is silent, and the lane is nudged again. */
const POLL_MS = 250;
/** What nobody waits for any more. */
const STALE_MS = 60_000;

/** Questions to the state that a lane's worker holds: they move nothing, so they are no acts and not on the tape. */
export interface LaneQuestions {
  /**
   * Asks, and waits until what the answer rests on is committed: what was not never happened.
   *
   * @throws UserProblem the lane's own, and when no worker answers in time.
   */
  ask(lane: number, body: unknown, timeoutMs: number): Promise<unknown>;
  open(lane: number): Promise<readonly LaneQuestion[]>;
  answer(lane: number, id: string, answer: LaneAnswer): Promise<void>;
}

export function createQuestions(pool: Pool, bus: QuestionBus, now: () => number): LaneQuestions {
  const nudge = (lane: number): Promise<void> => bus.publish({ topic: 'question', lane }).catch(() => undefined);
  return {
    async ask(lane, body, timeoutMs) {
      const id = randomUUID();
      const until = now() + timeoutMs;
      let wake = (): void => undefined;
      const leave = bus.subscribe(({ topic }) => {
        if (topic === 'question' || topic === 'lane') wake();
      });
      try {
        await pool.query('INSERT INTO lane_question (id, lane, body, asked_at) VALUES ($1, $2, $3, $4)', [
          id,
          lane,
          JSON.stringify(body),
          now(),
        ]);
        for (;;) {
          // Listen before looking: an answer in between must not be missed.
          const woken = new Promise<void>((resolve) => (wake = resolve));
          const { rows } = await pool.query<{ answer: LaneAnswer | null; head: number }>(
            'SELECT q.answer, l.head_seq AS head FROM lane_question q JOIN lane l ON l.id = q.lane WHERE q.id = $1',
            [id],
          );
          const said = rows[0];
          if (said?.answer && 'problem' in said.answer)
            throw new UserProblem(said.answer.problem.message, said.answer.problem.fields);
          if (said?.answer && 'value' in said.answer && said.head >= said.answer.seq) return said.answer.value;
          const left = until - now();
          if (left <= 0)
            throw new UserProblem(
              `The live worker of lane ${lane} did not answer within ${timeoutMs / 1000} s; it is starting, or not running.`,
            );
          if (!said?.answer) await nudge(lane);
          const over = new AbortController();
          const rest = sleep(Math.min(POLL_MS, left), undefined, { signal: over.signal }).catch(() => undefined);
          await Promise.race([woken, rest]);
          over.abort();
        }
      } finally {
        leave();
        await pool
          .query('DELETE FROM lane_question WHERE id = $1 OR asked_at < $2', [id, now() - STALE_MS])
          .catch(() => undefined);
      }
    },

    async open(lane) {
      const { rows } = await pool.query<LaneQuestion>(
        'SELECT id, body FROM lane_question WHERE lane = $1 AND answer IS NULL AND asked_at > $2 ORDER BY asked_at LIMIT 100',
        [lane, now() - STALE_MS],
      );
      return rows;
    },

    async answer(lane, id, answer) {
      await pool.query('UPDATE lane_question SET answer = $2 WHERE id = $1 AND answer IS NULL', [
        id,
        JSON.stringify(answer),
      ]);
      await nudge(lane);
    },
  };
}
