import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which build of the server wrote a lane from where on: a journal is the tape's replay within one build only. */
export class LaneBuild1795478400000 implements MigrationInterface {
  readonly name = 'LaneBuild1795478400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE lane_build (
        lane integer NOT NULL,
        after_seq bigint NOT NULL,
        build text NOT NULL,
        how text NOT NULL CHECK (how IN ('first', 'same', 'adopted')),
        at bigint NOT NULL,
        note text NOT NULL,
        PRIMARY KEY (lane, after_seq)
      );
      COMMENT ON COLUMN lane_build.how IS 'first: began the tape; same: its replay gives the journal before it; adopted: it does not, and what is stored holds';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE lane_build');
  }
}
