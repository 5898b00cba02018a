import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people ask storage to do (exports, imports, backfills), and what venues remember of the past. */
export class History1795503600000 implements MigrationInterface {
  readonly name = 'History1795503600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE storage_task (
        id text PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('export', 'import', 'backfill')),
        title text NOT NULL,
        body jsonb NOT NULL,
        "by" text NOT NULL,
        asked_at bigint NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
        started_at bigint,
        ended_at bigint,
        progress double precision NOT NULL DEFAULT 0,
        note text NOT NULL DEFAULT '',
        problems jsonb NOT NULL DEFAULT '[]',
        cursor jsonb,
        tries integer NOT NULL DEFAULT 0
      );
      CREATE INDEX storage_task_asked ON storage_task (asked_at DESC);
      COMMENT ON COLUMN storage_task.cursor IS 'where a task that was interrupted goes on; moves in the commit that stores what lies before it';

      CREATE TABLE backfill_candle (
        market text NOT NULL,
        period_ms integer NOT NULL,
        at bigint NOT NULL,
        bid integer[],
        ask integer[],
        mid integer[],
        price integer[],
        volume bigint,
        fetched_at bigint NOT NULL,
        PRIMARY KEY (market, period_ms, at)
      );
      COMMENT ON TABLE backfill_candle IS 'what a venue says of the past; never a recorded book. Prices are open, high, low, close';

      CREATE TABLE backfill_trade (
        market text NOT NULL,
        trade_id text NOT NULL,
        at bigint NOT NULL,
        price integer NOT NULL,
        size bigint NOT NULL,
        taker text,
        fetched_at bigint NOT NULL,
        PRIMARY KEY (market, trade_id)
      );
      CREATE INDEX backfill_trade_at ON backfill_trade (market, at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE backfill_trade, backfill_candle, storage_task');
  }
}
