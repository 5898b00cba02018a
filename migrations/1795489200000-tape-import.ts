import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which archive a lane was imported from: a second import finds it there, an interrupted one goes on. */
export class TapeImport1795489200000 implements MigrationInterface {
  readonly name = 'TapeImport1795489200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tape_import (
        lane integer PRIMARY KEY,
        digest text NOT NULL,
        from_seq bigint NOT NULL,
        to_seq bigint NOT NULL,
        started_at bigint NOT NULL,
        finished_at bigint
      );
      COMMENT ON COLUMN tape_import.finished_at IS 'NULL: the lane holds a part; the same import goes on';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tape_import');
  }
}
