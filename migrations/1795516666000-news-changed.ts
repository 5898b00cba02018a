import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When a row of news last meant something else, by the database's clock: what is pushed to the pages is found by it. And
 * whether what told an item's tone was standing in for a model.
 */
export class NewsChanged1795516666000 implements MigrationInterface {
  readonly name = 'NewsChanged1795516666000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE news_item ADD COLUMN changed_at bigint NOT NULL DEFAULT 0, ADD COLUMN fallback boolean NOT NULL DEFAULT false;
      UPDATE news_item SET fallback = true WHERE scorer = 'VADER lexicon';
      CREATE INDEX news_item_changed ON news_item (changed_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX news_item_changed; ALTER TABLE news_item DROP COLUMN changed_at, DROP COLUMN fallback',
    );
  }
}
