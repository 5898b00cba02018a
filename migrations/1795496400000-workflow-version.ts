import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people have set, as rows: every version of every workflow, and where plugins are switched. */
export class WorkflowVersion1795496400000 implements MigrationInterface {
  readonly name = 'WorkflowVersion1795496400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE workflow_version (
        workflow text NOT NULL,
        version integer NOT NULL,
        lane integer NOT NULL,
        seq bigint NOT NULL,
        at bigint NOT NULL,
        "by" text NOT NULL,
        record jsonb NOT NULL,
        PRIMARY KEY (workflow, version)
      );
      -- Before this table, the sessions were the only rows that knew.
      INSERT INTO workflow_version (workflow, version, lane, seq, at, "by", record)
        SELECT DISTINCT ON (workflow, (state->'workflow'->>'version')::int)
          workflow, (state->'workflow'->>'version')::int, lane, seq, (state->>'startedAt')::bigint, '', state->'workflow'
        FROM session_state ORDER BY workflow, (state->'workflow'->>'version')::int, seq DESC;

      CREATE TABLE workflow_archived (
        workflow text PRIMARY KEY,
        lane integer NOT NULL,
        seq bigint NOT NULL,
        at bigint NOT NULL,
        "by" text NOT NULL
      );
      COMMENT ON TABLE workflow_archived IS 'as of seq: a version with a higher seq brought the workflow back';

      CREATE TABLE enablement_setting (
        plugin text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('venue', 'category', 'group', 'market')),
        target text NOT NULL,
        mode text NOT NULL CHECK (mode IN ('off', 'shadow', 'paper')),
        lane integer NOT NULL,
        seq bigint NOT NULL,
        at bigint NOT NULL,
        "by" text NOT NULL,
        PRIMARY KEY (plugin, kind, target)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE enablement_setting, workflow_archived, workflow_version');
  }
}
