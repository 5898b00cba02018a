import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sweeps: many backtests of one workflow, by set of parameters, window and part. */
export class Sweep1795514567000 implements MigrationInterface {
  readonly name = 'Sweep1795514567000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sweep (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        title text NOT NULL,
        workflow text NOT NULL,
        plugin text NOT NULL,
        asked jsonb NOT NULL,
        plan jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'done', 'cancelled')),
        attempt integer NOT NULL DEFAULT 1,
        asked_by text NOT NULL,
        asked_at bigint NOT NULL,
        resumed_at bigint NOT NULL,
        ended_at bigint
      ) WITH (fillfactor = 70);
      COMMENT ON COLUMN sweep.plan IS 'goal, axes, sets and windows: what its runs are numbered by';
      COMMENT ON COLUMN sweep.resumed_at IS 'when it was begun, or last gone on with';
      CREATE INDEX sweep_asked ON sweep (asked_at);

      ALTER TABLE backtest
        ADD COLUMN sweep uuid REFERENCES sweep (id) ON DELETE CASCADE,
        ADD COLUMN sweep_set integer,
        ADD COLUMN sweep_window integer,
        ADD COLUMN sweep_part text CHECK (sweep_part IN ('train', 'test')),
        ADD CONSTRAINT backtest_of_sweep CHECK (num_nulls(sweep, sweep_set, sweep_window, sweep_part) IN (0, 4));
      CREATE UNIQUE INDEX backtest_sweep ON backtest (sweep, sweep_window, sweep_set, sweep_part) WHERE sweep IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM backtest WHERE sweep IS NOT NULL;
      ALTER TABLE backtest DROP COLUMN sweep, DROP COLUMN sweep_set, DROP COLUMN sweep_window, DROP COLUMN sweep_part;
      DROP TABLE sweep;
    `);
  }
}
