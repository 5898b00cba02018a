import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tape has made of its markets up to an event: where backtests of one build may go on from. */
export class BacktestCheckpoint1795532345000 implements MigrationInterface {
  readonly name = 'BacktestCheckpoint1795532345000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE backtest_checkpoint (
        lane integer NOT NULL REFERENCES lane (id) ON DELETE CASCADE,
        build text NOT NULL,
        world text NOT NULL,
        seq bigint NOT NULL,
        at bigint NOT NULL,
        kept_at bigint NOT NULL,
        state bytea NOT NULL,
        PRIMARY KEY (lane, build, world, seq)
      );
      COMMENT ON COLUMN backtest_checkpoint.world IS 'what besides the tape the state depends on: fees and delays of feeds';
      COMMENT ON COLUMN backtest_checkpoint.state IS 'v8.serialize, of use to its build alone';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE backtest_checkpoint');
  }
}
