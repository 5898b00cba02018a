import type { Pool } from 'pg';
import type { BacktestHeader, PeriodName, SweepAxis, SweepGoal, SweepRunFacts, SweepSet, SweepWindow } from '#engine';
import type { BacktestState } from './backtest.repo.js';

export type SweepState = 'running' | 'done' | 'cancelled';

export interface SweepRow {
  readonly id: string;
  readonly title: string;
  readonly workflow: string;
  readonly plugin: string;
  /** The form as it was sent. */
  readonly asked: unknown;
  readonly plan: {
    readonly goal: SweepGoal;
    readonly axes: readonly SweepAxis[];
    readonly sets: readonly SweepSet[];
    readonly windows: readonly SweepWindow[];
  };
  readonly state: SweepState;
  readonly attempt: number;
  readonly askedBy: string;
  readonly askedAt: number;
  readonly resumedAt: number;
  readonly endedAt: number | null;
  readonly runs: number;
  /** Runs that are over, whatever came of them. */
  readonly over: number;
  readonly failed: number;
  /** Runs that ended since it was begun or gone on with: what the time left is reckoned by. */
  readonly recent: number;
}

export interface SweepCell {
  readonly backtest: string;
  readonly set: number;
  readonly window: number;
  readonly part: 'train' | 'test';
  readonly state: BacktestState;
  readonly note: string;
  readonly profit: number | null;
  readonly drawdown: number | null;
  readonly trades: number | null;
  /** Of the returns of the period that was asked for. */
  readonly moments: SweepRunFacts['moments'];
}

const ROW = `s.id, s.title, s.workflow, s.plugin, s.asked, s.plan, s.state, s.attempt, s.asked_by AS "askedBy",
  s.asked_at AS "askedAt", s.resumed_at AS "resumedAt", s.ended_at AS "endedAt", c.runs, c.over, c.failed, c.recent
  FROM sweep s CROSS JOIN LATERAL (
    SELECT count(*)::int AS runs, count(*) FILTER (WHERE b.state NOT IN ('waiting', 'running'))::int AS over,
      count(*) FILTER (WHERE b.state IN ('failed', 'refused'))::int AS failed,
      count(*) FILTER (WHERE b.state NOT IN ('waiting', 'running') AND b.ended_at >= s.resumed_at)::int AS recent
    FROM backtest b WHERE b.sweep = s.id) c`;

/** Rows of sweeps; their runs are rows of `backtest`. */
export class SweepRepo {
  constructor(private readonly pool: Pool) {}

  /** The sweep and all its runs, or nothing. */
  async add(
    asked: Pick<SweepRow, 'title' | 'workflow' | 'plugin' | 'asked' | 'plan' | 'askedBy' | 'askedAt'> & {
      readonly lane: number;
      readonly toSeq: number;
      readonly parts: readonly {
        readonly set: number;
        readonly window: number;
        readonly part: 'train' | 'test';
        readonly header: BacktestHeader;
      }[];
    },
  ): Promise<string> {
    const { rows } = await this.pool.query<{ id: string }>(
      `WITH added AS (
         INSERT INTO sweep (title, workflow, plugin, asked, plan, state, asked_by, asked_at, resumed_at)
         VALUES ($1, $2, $3, $4, $5, 'running', $6, $7, $7) RETURNING id),
       parts AS (
         INSERT INTO backtest (title, lane, workflow, asked, header, stressed, state, asked_by, asked_at, to_seq,
           sweep, sweep_set, sweep_window, sweep_part)
         SELECT $1 || ', set ' || (part."set" + 1) || ', window ' || (part."window" + 1) || ', ' || part.part, $8, $2,
           $4, part.header, false, 'waiting', $6, $7, $9, added.id, part."set", part."window", part.part
         FROM added, jsonb_to_recordset($10::jsonb) AS part ("set" int, "window" int, part text, header jsonb))
       SELECT id FROM added`,
      [
        asked.title,
        asked.workflow,
        asked.plugin,
        JSON.stringify(asked.asked),
        JSON.stringify(asked.plan),
        asked.askedBy,
        asked.askedAt,
        asked.lane,
        asked.toSeq,
        JSON.stringify(asked.parts),
      ],
    );
    return rows[0].id;
  }

  /** Newest first. */
  async newest(first: number): Promise<readonly SweepRow[]> {
    const { rows } = await this.pool.query<SweepRow>(`SELECT ${ROW} ORDER BY s.asked_at DESC, s.id LIMIT $1`, [first]);
    return rows;
  }

  /** These, in no order. */
  async byIds(ids: readonly string[]): Promise<readonly SweepRow[]> {
    const { rows } = await this.pool.query<SweepRow>(`SELECT ${ROW} WHERE s.id = ANY($1::uuid[])`, [ids]);
    return rows;
  }

  /** By id, a text that differs when what a list shows of it does: of the newest of a list and of these. */
  async marks(first: number, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.pool.query<{ id: string; mark: string }>(
      `SELECT w.id, concat_ws(' ', w.state, w.attempt, w.over, w.failed, w."endedAt") AS mark FROM (SELECT ${ROW}
         WHERE s.id = ANY($2::uuid[]) OR s.id IN (SELECT id FROM sweep ORDER BY asked_at DESC, id LIMIT $1)) w`,
      [first, ids],
    );
    return new Map(rows.map(({ id, mark }) => [id, mark]));
  }

  async find(id: string): Promise<SweepRow | null> {
    const { rows } = await this.pool.query<SweepRow>(`SELECT ${ROW} WHERE s.id::text = $1`, [id]);
    return rows[0] ?? null;
  }

  async running(): Promise<readonly SweepRow[]> {
    const { rows } = await this.pool.query<SweepRow>(`SELECT ${ROW} WHERE s.state = 'running' ORDER BY s.asked_at`);
    return rows;
  }

  /** Runs that are still to be worked, the longer ones first, so that no worker waits long for another's last one. */
  async due(id: string): Promise<readonly { readonly id: string; readonly attempt: number }[]> {
    const { rows } = await this.pool.query<{ id: string; attempt: number }>(
      `SELECT id, attempt FROM backtest WHERE sweep = $1 AND state IN ('waiting', 'running')
       ORDER BY sweep_part DESC, sweep_window, sweep_set`,
      [id],
    );
    return rows;
  }

  /** All runs without their reports, with the moments of the returns of one period. */
  async cells(id: string, period: PeriodName): Promise<readonly SweepCell[]> {
    const { rows } = await this.pool.query<SweepCell>(
      `SELECT id AS backtest, sweep_set AS "set", sweep_window AS "window", sweep_part AS part, state, note,
         (report->>'profit')::float8 AS profit, (report->'drawdown'->>'share')::float8 AS drawdown,
         (report->'trades'->>'filled')::int AS trades, report->'returns'->'moments'->$2 AS moments
       FROM backtest WHERE sweep::text = $1 ORDER BY sweep_window, sweep_set, sweep_part`,
      [id, period],
    );
    return rows;
  }

  /** Equity of some runs, in the order asked for. */
  async curves(
    backtests: readonly string[],
  ): Promise<readonly (readonly { readonly at: number; readonly equity: number }[])[]> {
    const { rows } = await this.pool.query<{ id: string; curve: { at: number; equity: number }[] }>(
      `SELECT id, report->'curve' AS curve FROM backtest WHERE id = ANY($1::uuid[]) AND report IS NOT NULL`,
      [backtests],
    );
    const known = new Map(rows.map(({ id, curve }) => [id, curve]));
    return backtests.map((id) => known.get(id) ?? []);
  }

  /** Ends a sweep whose runs are all over. `false` when some are not, or it has ended. */
  async conclude(id: string, at: number): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE sweep SET state = 'done', ended_at = $2 WHERE id = $1 AND state = 'running'
         AND NOT EXISTS (SELECT FROM backtest WHERE sweep = $1 AND state IN ('waiting', 'running'))`,
      [id, at],
    );
    return rowCount === 1;
  }

  /** No job works any of its runs any more: those that were being worked lost their worker too often. */
  async abandon(id: string, at: number): Promise<void> {
    await this.pool.query(
      `UPDATE backtest SET state = 'failed', ended_at = $2, left_ms = NULL, note = 'Its process was lost too often.'
       WHERE sweep = $1 AND state = 'running'`,
      [id, at],
    );
  }

  /** Its waiting runs are over at once, running ones are asked to stop. `false` when it has ended. */
  async cancel(id: string, at: number): Promise<boolean> {
    const { rows } = await this.pool.query<{ id: string }>(
      `WITH stopped AS (UPDATE sweep SET state = 'cancelled', ended_at = $2 WHERE id::text = $1 AND state = 'running' RETURNING id),
       parts AS (UPDATE backtest SET cancel = true,
           ended_at = CASE WHEN state = 'waiting' THEN $2 ELSE ended_at END,
           state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END
         WHERE sweep = (SELECT id FROM stopped) AND state IN ('waiting', 'running'))
       SELECT id FROM stopped`,
      [id, at],
    );
    return rows.length === 1;
  }

  /** Goes on with one that ended: runs with a report are not run again. `false` when it runs, or nothing is left of it. */
  async resume(id: string, at: number): Promise<boolean> {
    const { rows } = await this.pool.query<{ id: string }>(
      `WITH begun AS (UPDATE sweep SET state = 'running', attempt = attempt + 1, resumed_at = $2, ended_at = NULL
         WHERE id::text = $1 AND state <> 'running'
           AND EXISTS (SELECT FROM backtest b WHERE b.sweep = sweep.id AND b.state NOT IN ('done', 'refused')) RETURNING id),
       parts AS (UPDATE backtest SET cancel = false, attempt = attempt + 1, note = '', started_at = NULL, ended_at = NULL, done = 0,
           state = 'waiting'
         WHERE sweep = (SELECT id FROM begun) AND state NOT IN ('done', 'refused'))
       SELECT id FROM begun`,
      [id, at],
    );
    return rows.length === 1;
  }

  /** With all its runs. `false` when it runs, or is not there. */
  async remove(id: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM sweep WHERE id::text = $1 AND state <> 'running'
         AND NOT EXISTS (SELECT FROM backtest WHERE sweep = sweep.id AND backtest.state = 'running')`,
      [id],
    );
    return rowCount === 1;
  }
}
