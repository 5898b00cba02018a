import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Backtests: what was asked, how far it is, what came of it, and its journal line by line. */
export class Backtest1795507200000 implements MigrationInterface {
  readonly name = 'Backtest1795507200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE backtest (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        title text NOT NULL,
        lane integer NOT NULL,
        workflow text NOT NULL,
        asked jsonb NOT NULL,
        header jsonb NOT NULL,
        stressed boolean NOT NULL,
        state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'refused', 'failed', 'cancelled')),
        attempt integer NOT NULL DEFAULT 1,
        cancel boolean NOT NULL DEFAULT false,
        asked_by text NOT NULL,
        asked_at bigint NOT NULL,
        started_at bigint,
        ended_at bigint,
        build text NOT NULL DEFAULT '',
        to_seq bigint NOT NULL,
        done bigint NOT NULL DEFAULT 0,
        total bigint NOT NULL DEFAULT 0,
        left_ms bigint,
        note text NOT NULL DEFAULT '',
        lines integer NOT NULL DEFAULT 0,
        digest text,
        peek jsonb,
        report jsonb,
        stress jsonb
      ) WITH (fillfactor = 70);
      COMMENT ON COLUMN backtest.asked IS 'the form as it was sent, to begin another run from';
      COMMENT ON COLUMN backtest.to_seq IS 'the tape''s end when it was asked for: a later run of it plays no more';
      COMMENT ON COLUMN backtest.done IS 'events played, over all passes';
      COMMENT ON COLUMN backtest.digest IS 'SHA-256 of the journal''s lines';
      CREATE INDEX backtest_asked ON backtest (asked_at);
      CREATE INDEX backtest_waiting ON backtest (state) WHERE state IN ('waiting', 'running');

      CREATE TABLE backtest_line (
        backtest uuid NOT NULL REFERENCES backtest (id) ON DELETE CASCADE,
        n integer NOT NULL,
        seq bigint NOT NULL,
        kind text NOT NULL,
        signal text,
        line text NOT NULL,
        PRIMARY KEY (backtest, n)
      );
      CREATE INDEX backtest_line_signal ON backtest_line (backtest, signal) WHERE signal IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE backtest_line; DROP TABLE backtest');
  }
}
