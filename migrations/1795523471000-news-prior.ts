import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a source is trusted by before what followed its own items is known: cases elsewhere, and how many of them held. */
export class NewsPrior1795523471000 implements MigrationInterface {
  readonly name = 'NewsPrior1795523471000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE news_source ADD COLUMN prior_hits integer NOT NULL DEFAULT 0, ADD COLUMN prior_judged integer NOT NULL DEFAULT 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE news_source DROP COLUMN prior_hits, DROP COLUMN prior_judged');
  }
}
