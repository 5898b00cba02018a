import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a backtest's trades were decided by: too much for a report that is read whole with every look at its page. */
export class BacktestDecision1795530123000 implements MigrationInterface {
  readonly name = 'BacktestDecision1795530123000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE backtest_decision (
        backtest uuid NOT NULL REFERENCES backtest (id) ON DELETE CASCADE,
        signal text NOT NULL,
        body jsonb NOT NULL,
        PRIMARY KEY (backtest, signal)
      );
      COMMENT ON TABLE backtest_decision IS 'of the trades a report lists: books, estimates and the gate''s rules at the signal';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE backtest_decision');
  }
}
