import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The list of markets is by title: without it each page sorts all of them. Titles seldom change, so quotes still move in place. */
export class MarketTitle1795513456000 implements MigrationInterface {
  readonly name = 'MarketTitle1795513456000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX market_state_title ON market_state (title, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX market_state_title');
  }
}
