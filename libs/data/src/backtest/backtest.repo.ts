import type { Pool } from 'pg';
import type { BacktestHeader, BacktestReport, Decision, PeekFacts, StressResult } from '#engine';

export type BacktestState = 'waiting' | 'running' | 'done' | 'refused' | 'failed' | 'cancelled';

export interface BacktestRow {
  readonly id: string;
  readonly title: string;
  readonly lane: number;
  readonly workflow: string;
  /** The form as it was sent. */
  readonly asked: unknown;
  readonly header: BacktestHeader;
  readonly stressed: boolean;
  readonly state: BacktestState;
  readonly attempt: number;
  readonly cancel: boolean;
  readonly askedBy: string;
  readonly askedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly build: string;
  readonly toSeq: number;
  readonly done: number;
  readonly total: number;
  readonly leftMs: number | null;
  readonly note: string;
  readonly lines: number;
  readonly digest: string | null;
  readonly profit: number | null;
  readonly drawdown: number | null;
  readonly sharpe: number | null;
  readonly trades: number | null;
  /** The sweep it is a part of. */
  readonly sweep: string | null;
}

export interface BacktestWhole extends BacktestRow {
  readonly peek: PeekFacts | null;
  readonly report: BacktestReport | null;
  readonly stress: readonly StressResult[];
}

export interface BacktestLine {
  readonly seq: number;
  readonly kind: string;
  readonly signal: string | null;
  readonly line: string;
}

/** Where two runs' journals part: all lines of one event on each side. */
export interface BacktestDifference {
  readonly seq: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const ROW = `id, title, lane, workflow, asked, header, stressed, state, attempt, cancel, asked_by AS "askedBy",
  asked_at AS "askedAt", started_at AS "startedAt", ended_at AS "endedAt", build, to_seq AS "toSeq", done, total,
  left_ms AS "leftMs", note, lines, digest, (report->>'profit')::float8 AS profit,
  (report->'drawdown'->>'share')::float8 AS drawdown, (report->'returns'->'sharpeAnnual'->>'value')::float8 AS sharpe,
  (report->'trades'->>'filled')::int AS trades, sweep`;

/** Of one answer: no page shows more. */
const LINES_AT_ONCE = 50_000;

/** Rows of backtests. What may be retried is written so that a second time does no harm. */
export class BacktestRepo {
  constructor(private readonly pool: Pool) {}

  async add(
    asked: Pick<
      BacktestRow,
      'title' | 'lane' | 'workflow' | 'asked' | 'header' | 'stressed' | 'askedBy' | 'askedAt' | 'toSeq'
    >,
  ): Promise<string> {
    const { rows } = await this.pool.query<{ id: string }>(
      `INSERT INTO backtest (title, lane, workflow, asked, header, stressed, state, asked_by, asked_at, to_seq)
       VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, $9) RETURNING id`,
      [
        asked.title,
        asked.lane,
        asked.workflow,
        JSON.stringify(asked.asked),
        JSON.stringify(asked.header),
        asked.stressed,
        asked.askedBy,
        asked.askedAt,
        asked.toSeq,
      ],
    );
    return rows[0].id;
  }

  /** Newest first, without those of sweeps. */
  async newest(first: number): Promise<readonly BacktestRow[]> {
    const { rows } = await this.pool.query<BacktestRow>(
      `SELECT ${ROW} FROM backtest WHERE sweep IS NULL ORDER BY asked_at DESC, id LIMIT $1`,
      [first],
    );
    return rows;
  }

  /** These, in no order. */
  async byIds(ids: readonly string[]): Promise<readonly BacktestRow[]> {
    const { rows } = await this.pool.query<BacktestRow>(`SELECT ${ROW} FROM backtest WHERE id = ANY($1::uuid[])`, [
      ids,
    ]);
    return rows;
  }

  /** By id, a text that differs when what a list shows of it does: of the newest of a list and of these. Reads no report. */
  async marks(first: number, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.pool.query<{ id: string; mark: string }>(
      `SELECT id, concat_ws(' ', state, attempt, done, total, left_ms, started_at, ended_at) AS mark FROM backtest
       WHERE id = ANY($2::uuid[])
         OR id IN (SELECT id FROM backtest WHERE sweep IS NULL ORDER BY asked_at DESC, id LIMIT $1)`,
      [first, ids],
    );
    return new Map(rows.map(({ id, mark }) => [id, mark]));
  }

  async find(id: string): Promise<BacktestWhole | null> {
    const { rows } = await this.pool.query<BacktestWhole>(
      `SELECT ${ROW}, peek, report, coalesce(stress, '[]') AS stress FROM backtest WHERE id::text = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** Those a worker is to take, oldest first; also ones whose process is gone. Those of sweeps go by their sweep. */
  async due(): Promise<readonly { readonly id: string; readonly attempt: number }[]> {
    const { rows } = await this.pool.query<{ id: string; attempt: number }>(
      `SELECT id, attempt FROM backtest WHERE state IN ('waiting', 'running') AND sweep IS NULL ORDER BY asked_at LIMIT 100`,
    );
    return rows;
  }

  /** Takes it up afresh; `null` when nobody waits for it any more. */
  async begin(id: string, at: number, build: string, total: number): Promise<BacktestWhole | null> {
    const { rowCount } = await this.pool.query(
      `UPDATE backtest SET state = CASE WHEN cancel THEN 'cancelled' ELSE 'running' END, started_at = $2, ended_at = NULL,
         build = $3, total = $4, done = 0, left_ms = NULL, note = '', lines = 0, digest = NULL, report = NULL, stress = NULL, peek = NULL
       WHERE id = $1 AND state IN ('waiting', 'running') AND NOT cancel`,
      [id, at, build, total],
    );
    if (rowCount === 0) return null;
    await this.pool.query('DELETE FROM backtest_line WHERE backtest = $1', [id]);
    await this.pool.query('DELETE FROM backtest_decision WHERE backtest = $1', [id]);
    return this.find(id);
  }

  /** Says how far it is; `true` when a person wants it to stop. */
  async progress(id: string, done: number, leftMs: number | null): Promise<boolean> {
    const { rows } = await this.pool.query<{ cancel: boolean }>(
      'UPDATE backtest SET done = $2, left_ms = $3 WHERE id = $1 RETURNING cancel',
      [id, done, leftMs === null ? null : Math.round(leftMs)],
    );
    return rows[0]?.cancel ?? true;
  }

  async addLines(id: string, from: number, lines: readonly BacktestLine[]): Promise<void> {
    await this.pool.query(
      `INSERT INTO backtest_line (backtest, n, seq, kind, signal, line)
       SELECT $1, $2 + ord - 1, seq, kind, signal, line
       FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS l (seq, kind, signal, line, ord)`,
      [
        id,
        from,
        lines.map(({ seq }) => seq),
        lines.map(({ kind }) => kind),
        lines.map(({ signal }) => signal),
        lines.map(({ line }) => line),
      ],
    );
  }

  async finish(
    id: string,
    at: number,
    result: {
      readonly refused: string;
      readonly lines: number;
      readonly digest: string;
      readonly peek: PeekFacts;
      readonly report: BacktestReport;
      readonly stress: readonly StressResult[];
    },
  ): Promise<void> {
    const { refused, lines, digest, peek, report, stress } = result;
    await this.pool.query(
      `UPDATE backtest SET state = CASE WHEN $3 = '' THEN 'done' ELSE 'refused' END, note = $3, ended_at = $2, left_ms = NULL,
         done = total, lines = $4, digest = $5, peek = $6, report = $7, stress = $8 WHERE id = $1`,
      [id, at, refused, lines, digest, JSON.stringify(peek), JSON.stringify(report), JSON.stringify(stress)],
    );
  }

  async end(id: string, at: number, state: 'failed' | 'cancelled', note: string): Promise<void> {
    await this.pool.query(
      `UPDATE backtest SET state = $3, note = $4, ended_at = $2, left_ms = NULL WHERE id = $1 AND state IN ('waiting', 'running')`,
      [id, at, state, note],
    );
  }

  /** Its process was stopped from outside: it waits for the next one. */
  async putBack(id: string): Promise<void> {
    await this.pool.query(
      `UPDATE backtest SET state = 'waiting', attempt = attempt + 1, done = 0, left_ms = NULL WHERE id = $1 AND state = 'running'`,
      [id],
    );
  }

  /** Asks a running one to stop; a waiting one is over at once. `false` when it is over already. */
  async cancel(id: string, at: number): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE backtest SET cancel = true, state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END,
         ended_at = CASE WHEN state = 'waiting' THEN $2 ELSE ended_at END
       WHERE id::text = $1 AND state IN ('waiting', 'running')`,
      [id, at],
    );
    return rowCount === 1;
  }

  /** Puts one that ended back into the row. `false` when it has not ended, or a sweep is to go on with it. */
  async retry(id: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE backtest SET state = 'waiting', cancel = false, attempt = attempt + 1, note = '', started_at = NULL, ended_at = NULL, done = 0
       WHERE id::text = $1 AND sweep IS NULL AND state IN ('done', 'refused', 'failed', 'cancelled')`,
      [id],
    );
    return rowCount === 1;
  }

  /** `false` when it runs, is a sweep's, or is not there. */
  async remove(id: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM backtest WHERE id::text = $1 AND sweep IS NULL AND state NOT IN ('waiting', 'running')`,
      [id],
    );
    return rowCount === 1;
  }

  async addDecisions(id: string, decisions: readonly Decision[]): Promise<void> {
    await this.pool.query(
      `INSERT INTO backtest_decision (backtest, signal, body)
       SELECT $1, signal, body::jsonb FROM unnest($2::text[], $3::text[]) AS d (signal, body)
       ON CONFLICT (backtest, signal) DO UPDATE SET body = EXCLUDED.body`,
      [id, decisions.map(({ signalId }) => signalId), decisions.map((one) => JSON.stringify(one))],
    );
  }

  /** Titles of the markets that runs name, as the tape told them. */
  async titlesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.pool.query<{ market: string; title: string }>(
      `SELECT key AS market, value AS title FROM backtest, jsonb_each_text(coalesce(report->'titles', '{}'))
       WHERE id::text = ANY($1::text[])`,
      [ids],
    );
    return new Map(rows.map(({ market, title }) => [market, title]));
  }

  /** What these signals were decided by; those that were not kept are missing. */
  async decisionsOf(id: string, signals: readonly string[]): Promise<readonly Decision[]> {
    const { rows } = await this.pool.query<{ body: Decision }>(
      `SELECT body FROM backtest_decision WHERE backtest::text = $1 AND signal = ANY($2::text[])`,
      [id, signals],
    );
    return rows.map(({ body }) => body);
  }

  /** The journal's lines about these signals, in order. */
  async linesOf(id: string, signals: readonly string[], most = LINES_AT_ONCE): Promise<readonly BacktestLine[]> {
    const { rows } = await this.pool.query<BacktestLine>(
      `SELECT seq, kind, signal, line FROM backtest_line
       WHERE backtest::text = $1 AND signal = ANY($2::text[]) ORDER BY n LIMIT $3`,
      [id, signals, most],
    );
    return rows;
  }

  /** What markets paid, in order. */
  async settlementsOf(id: string): Promise<readonly BacktestLine[]> {
    const { rows } = await this.pool.query<BacktestLine>(
      `SELECT seq, kind, signal, line FROM backtest_line
       WHERE backtest::text = $1 AND signal IS NULL AND kind = 'settlement' ORDER BY n LIMIT $2`,
      [id, LINES_AT_ONCE],
    );
    return rows;
  }

  /** Where two journals part, event by event, and on how many events in all. */
  async differences(
    a: string,
    b: string,
    first: number,
  ): Promise<{ readonly count: number; readonly same: number; readonly list: readonly BacktestDifference[] }> {
    const both = `
      WITH x AS (SELECT seq, array_agg(line ORDER BY n) AS lines FROM backtest_line WHERE backtest::text = $1 GROUP BY seq),
           y AS (SELECT seq, array_agg(line ORDER BY n) AS lines FROM backtest_line WHERE backtest::text = $2 GROUP BY seq),
           z AS (SELECT coalesce(x.seq, y.seq) AS seq, x.lines AS before, y.lines AS after FROM x FULL JOIN y USING (seq))`;
    const counted = await this.pool.query<{ count: number; same: number }>(
      `${both} SELECT count(*) FILTER (WHERE before IS DISTINCT FROM after)::int AS count,
         count(*) FILTER (WHERE before IS NOT DISTINCT FROM after)::int AS same FROM z`,
      [a, b],
    );
    const { rows } = await this.pool.query<BacktestDifference>(
      `${both} SELECT seq, coalesce(before, '{}') AS before, coalesce(after, '{}') AS after FROM z
       WHERE before IS DISTINCT FROM after ORDER BY seq LIMIT $3`,
      [a, b, first],
    );
    return { ...counted.rows[0], list: rows };
  }
}
