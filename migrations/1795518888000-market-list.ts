import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a list of markets is narrowed by is in the index it is ordered by: rows are read for the page alone. */
export class MarketList1795518888000 implements MigrationInterface {
  readonly name = 'MarketList1795518888000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX market_state_title;
      CREATE INDEX market_state_title ON market_state (title, id) INCLUDE (venue, category, status);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX market_state_title;
      CREATE INDEX market_state_title ON market_state (title, id);
    `);
  }
}
