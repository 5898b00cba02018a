import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is asked of a lane's live state, and what it answered. Nothing in it outlives the one who waits. */
export class LaneQuestion1795502345000 implements MigrationInterface {
  readonly name = 'LaneQuestion1795502345000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE lane_question (
        id uuid PRIMARY KEY,
        lane integer NOT NULL,
        body json NOT NULL,
        asked_at bigint NOT NULL,
        answer json
      );
      CREATE INDEX lane_question_open ON lane_question (lane) WHERE answer IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE lane_question');
  }
}
