import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a run said while it ran, which job of which queue it is, and what happens by the clock. */
export class RunLine1795505400000 implements MigrationInterface {
  readonly name = 'RunLine1795505400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE run ADD COLUMN queue text, ADD COLUMN job text, ADD COLUMN venue text,
        ADD COLUMN attempts integer NOT NULL DEFAULT 0, ADD COLUMN cancel_by text;
      COMMENT ON COLUMN run.queue IS 'null for what no queue holds by itself, such as a lane';
      COMMENT ON COLUMN run.cancel_by IS 'who asked for its end; the worker looks for it';
      CREATE INDEX run_page ON run (started_at DESC, id);
      DROP INDEX run_started;

      CREATE TABLE run_line (
        run text NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        n bigint GENERATED ALWAYS AS IDENTITY,
        at bigint NOT NULL,
        kind text NOT NULL CHECK (kind IN ('state', 'log')),
        line text NOT NULL,
        PRIMARY KEY (run, n)
      );

      CREATE TABLE job_schedule (
        id text PRIMARY KEY,
        queue text NOT NULL,
        name text NOT NULL,
        venue text,
        every_ms bigint NOT NULL
      );
      COMMENT ON TABLE job_schedule IS 'written by the jobs worker when it starts; slots begin at whole multiples of every_ms';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE job_schedule, run_line;
      CREATE INDEX run_started ON run (started_at DESC);
      DROP INDEX run_page;
      ALTER TABLE run DROP COLUMN queue, DROP COLUMN job, DROP COLUMN venue, DROP COLUMN attempts, DROP COLUMN cancel_by;
    `);
  }
}
