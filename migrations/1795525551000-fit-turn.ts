import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a fit last looked at a market, in the lane's own time, and from when on it looks again. */
export class FitTurn1795525551000 implements MigrationInterface {
  readonly name = 'FitTurn1795525551000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE fit_turn (
        lane integer NOT NULL,
        model text NOT NULL,
        market text NOT NULL,
        part text NOT NULL DEFAULT '',
        looked_at bigint NOT NULL,
        again_at bigint NOT NULL,
        bars integer NOT NULL DEFAULT 0,
        PRIMARY KEY (lane, model, part, market)
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE fit_turn');
  }
}
