import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What became of an opportunity: how often it was refused, why it ended, and what its trades locked in or realised. */
export class OpportunityOutcome1795485600000 implements MigrationInterface {
  readonly name = 'OpportunityOutcome1795485600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE opportunity ADD COLUMN denials integer NOT NULL DEFAULT 0;
      ALTER TABLE opportunity ADD COLUMN ended text NOT NULL DEFAULT '';
      ALTER TABLE opportunity ADD COLUMN trades jsonb NOT NULL DEFAULT '{}';
      COMMENT ON COLUMN opportunity.trades IS 'by signal: state, cost, lockedIn and realised of its order group, as last journalled';
      UPDATE opportunity SET denials = 1 WHERE verdict = 'denied';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE opportunity DROP COLUMN denials, DROP COLUMN ended, DROP COLUMN trades');
  }
}
