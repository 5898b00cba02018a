import type { Pool, PoolClient } from 'pg';
import { journalSentence, marketsOf, type Instant, type JournalEntry, type TitleOf } from '#core';
import { inTransaction } from '../lend-client.js';
import { marketTitles } from '../queries/market.query.js';
import { recordset, type Columns } from '../tape/recordset.js';
import { DELIVERY_COLUMNS } from './delivery.query.js';
import { activeRules, RULE_COLUMNS } from './notice-rule.repo.js';
import type { Attempt, Delivery, DeliveryKey, NoticeRule } from './notice.types.js';

/** Behind every entry of a `seq`: the column's largest integer. */
const LAST_ORDINAL = 2_147_483_647;
const AT_ONCE = 1_000;
/** Due deliveries of one rule that are handed out together: a slow receiver keeps nobody else's waiting. */
const PER_RULE = 20;

/** What came of an attempt: `dueAt` says when the next one is, where there is a next one. */
export type Outcome =
  | { readonly state: 'delivered' | 'failed'; readonly answer: string }
  | { readonly state: 'waiting'; readonly answer: string; readonly dueAt: Instant };

/**
 * The journal is the outbox: deliveries are made of what is committed, in the transaction that moves the cursor, so each
 * entry is looked at once by whatever rules are in force. They are rows until they are delivered; a queue only carries their
 * names.
 */
export interface Outbox {
  /** Makes the deliveries of everything committed since the last look, in all lanes. Answers how many. */
  scan(now: Instant): Promise<number>;
  /** Deliveries that may be tried now, the longest due first. */
  due(now: Instant): Promise<readonly Delivery[]>;
  /**
   * Takes a delivery for one attempt: until `leaseUntil` nobody else does. `null` when it is not at that attempt any more, is
   * not due, or its rule is switched off.
   */
  claim(key: DeliveryKey, attempts: number, now: Instant, leaseUntil: Instant): Promise<Attempt | null>;
  /** Writes down what an attempt came to, unless a later one has been claimed since. */
  settle(delivery: Delivery, outcome: Outcome, now: Instant): Promise<void>;
  /** Forgets what was over before these moments. Answers how many. */
  prune(deliveredBefore: Instant, failedBefore: Instant): Promise<number>;
}

export function createOutbox(pool: Pool): Outbox {
  return {
    async scan(now) {
      const { rows: lanes } = await pool.query<{ id: number }>('SELECT id FROM lane ORDER BY id');
      let made = 0;
      for (const { id } of lanes) {
        for (;;) {
          const found = await scanLane(pool, id, now);
          made += found.made;
          if (!found.more) break;
        }
      }
      return made;
    },

    async due(now) {
      const { rows } = await pool.query<Delivery>(
        `SELECT ${DELIVERY_COLUMNS} FROM (
           SELECT d.*, row_number() OVER (PARTITION BY d.rule ORDER BY d.due_at, d.seq, d.ordinal) AS place
           FROM delivery d JOIN notice_rule r ON r.id = d.rule AND r.active
           WHERE d.state = 'waiting' AND d.due_at <= $1) d
         WHERE place <= ${PER_RULE} ORDER BY d.due_at, d.seq, d.ordinal LIMIT ${AT_ONCE}`,
        [now],
      );
      return rows;
    },

    async claim({ rule, lane, seq, ordinal }, attempts, now, leaseUntil) {
      const { rows } = await pool.query<{ delivery: Delivery; rule: NoticeRule; entry: JournalEntry | null }>(
        `WITH d AS (
           UPDATE delivery d SET attempts = d.attempts + 1, due_at = $7, tried_at = $6 FROM notice_rule r
           WHERE d.rule = $1 AND d.lane = $2 AND d.seq = $3 AND d.ordinal = $4 AND d.attempts = $5
             AND d.state = 'waiting' AND d.due_at <= $6 AND r.id = d.rule AND r.active
           RETURNING d.*)
         SELECT (SELECT row_to_json(x) FROM (SELECT ${DELIVERY_COLUMNS}) x) AS delivery,
           (SELECT row_to_json(x) FROM (SELECT ${RULE_COLUMNS}) x) AS rule,
           (SELECT j.body FROM journal j WHERE j.lane = d.lane AND j.seq = d.seq AND j.ordinal = d.ordinal AND j.at = d.at) AS entry
         FROM d JOIN notice_rule r ON r.id = d.rule`,
        [rule, lane, seq, ordinal, attempts, now, leaseUntil],
      );
      return rows[0] ?? null;
    },

    async settle({ rule, lane, seq, ordinal, attempts }, outcome, now) {
      await pool.query(
        `UPDATE delivery SET state = $6, answer = $7, tried_at = $8, due_at = $9
         WHERE rule = $1 AND lane = $2 AND seq = $3 AND ordinal = $4 AND attempts = $5 AND state = 'waiting'`,
        [
          rule,
          lane,
          seq,
          ordinal,
          attempts,
          outcome.state,
          outcome.answer.replaceAll('\0', ''),
          now,
          outcome.state === 'waiting' ? outcome.dueAt : now,
        ],
      );
    },

    async prune(deliveredBefore, failedBefore) {
      const { rowCount } = await pool.query(
        `DELETE FROM delivery WHERE (state = 'delivered' AND made_at < $1) OR (state = 'failed' AND made_at < $2)`,
        [deliveredBefore, failedBefore],
      );
      return rowCount ?? 0;
    },
  };
}

/** One stretch of a lane's journal in one transaction. Another worker that holds the cursor is left to it. */
const scanLane = (pool: Pool, lane: number, now: Instant): Promise<{ readonly made: number; readonly more: boolean }> =>
  inTransaction(pool, 'notices could not be made', (client) => scanInside(client, lane, now));

async function scanInside(client: PoolClient, lane: number, now: Instant) {
  // A lane without a cursor is new: its whole journal is looked at, and `since` keeps back what is old.
  await client.query('INSERT INTO notice_cursor (lane, seq, ordinal) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING', [lane]);
  const { rows: held } = await client.query<{ seq: number; ordinal: number }>(
    'SELECT seq, ordinal FROM notice_cursor WHERE lane = $1 FOR UPDATE SKIP LOCKED',
    [lane],
  );
  const cursor = held[0];
  if (!cursor) return { made: 0, more: false };
  // Read before the journal: what is committed up to here is all there will ever be up to here.
  const { rows: heads } = await client.query<{ seq: number }>('SELECT head_seq AS seq FROM lane WHERE id = $1', [lane]);
  const head = heads[0].seq;
  if (head < cursor.seq || (head === cursor.seq && cursor.ordinal === LAST_ORDINAL)) return { made: 0, more: false };
  const rules = await activeRules(client);
  const entries = rules.length === 0 ? [] : await entriesAfter(client, lane, cursor, head, rules);
  const wanted = entries.flatMap((entry) =>
    rules.filter((rule) => asksFor(rule, entry)).map((rule) => ({ rule: rule.id, entry })),
  );
  if (wanted.length > 0) await enqueue(client, wanted, now);
  const last = entries.length === AT_ONCE ? entries[AT_ONCE - 1] : { seq: head, ordinal: LAST_ORDINAL };
  await client.query('UPDATE notice_cursor SET seq = $2, ordinal = $3 WHERE lane = $1', [lane, last.seq, last.ordinal]);
  return { made: wanted.length, more: entries.length === AT_ONCE };
}

async function entriesAfter(
  client: PoolClient,
  lane: number,
  cursor: { readonly seq: number; readonly ordinal: number },
  head: number,
  rules: readonly NoticeRule[],
): Promise<readonly JournalEntry[]> {
  const { rows } = await client.query<{ body: JournalEntry }>(
    `SELECT body FROM journal WHERE lane = $1 AND seq >= $2 AND (seq, ordinal) > ($2, $3) AND seq <= $4 AND at >= $5 AND kind = ANY($6)
     ORDER BY seq, ordinal LIMIT ${AT_ONCE}`,
    [
      lane,
      cursor.seq,
      cursor.ordinal,
      head,
      Math.min(...rules.map(({ since }) => since)),
      [...new Set(rules.flatMap(({ kinds }) => kinds))],
    ],
  );
  return rows.map(({ body }) => body);
}

const asksFor = ({ workflow, kinds, since }: NoticeRule, entry: JournalEntry): boolean =>
  entry.at >= since && kinds.includes(entry.kind) && (workflow === null || workflow === entry.workflow);

const COLUMNS: Columns = [
  ['rule', 'uuid'],
  ['lane', 'int'],
  ['seq', 'bigint'],
  ['ordinal', 'int'],
  ['at', 'bigint'],
  ['kind', 'text'],
  ['workflow', 'text'],
  ['sentence', 'text'],
];

async function enqueue(
  client: PoolClient,
  wanted: readonly { readonly rule: string; readonly entry: JournalEntry }[],
  now: Instant,
): Promise<void> {
  const titles = await marketTitles(
    client,
    wanted.flatMap(({ entry }) => marketsOf(entry)),
  );
  const title: TitleOf = (market) => titles.get(market)?.title ?? market;
  const rows = wanted.map(({ rule, entry }) => {
    const { lane, seq, ordinal, at, kind, workflow } = entry;
    return { rule, lane, seq, ordinal, at, kind, workflow, sentence: journalSentence(entry, title) };
  });
  await client.query(
    `INSERT INTO delivery (${COLUMNS.map(([name]) => name).join(', ')}, state, due_at, made_at)
     SELECT row.*, 'waiting', ${now}, ${now} FROM ${recordset(rows, COLUMNS)} ON CONFLICT DO NOTHING`,
  );
}
