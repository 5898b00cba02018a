import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What screens ask of many rows is kept or indexed: totals of opportunities are counted as they are written, those that
 * changed are found by their `seq`, and words of a market by their trigrams.
 */
export class Screens1795515678000 implements MigrationInterface {
  readonly name = 'Screens1795515678000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE opportunity_count (
        lane integer NOT NULL,
        workflow text NOT NULL,
        verdict text NOT NULL,
        refused boolean NOT NULL,
        n bigint NOT NULL,
        PRIMARY KEY (lane, workflow, verdict, refused)
      ) WITH (fillfactor = 20);
      COMMENT ON TABLE opportunity_count IS 'kept by triggers of opportunity; a lane''s rows have one writer';

      -- Once for each statement, however many rows it wrote.
      CREATE FUNCTION opportunity_counted() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          INSERT INTO opportunity_count AS kept
            SELECT lane, workflow, verdict, verdict = 'denied' OR denials > 0 AS refused, count(*) FROM fresh GROUP BY 1, 2, 3, 4
            ON CONFLICT (lane, workflow, verdict, refused) DO UPDATE SET n = kept.n + excluded.n;
        ELSIF TG_OP = 'UPDATE' THEN
          INSERT INTO opportunity_count AS kept
            SELECT lane, workflow, verdict, refused, sum(n) FROM (
              SELECT lane, workflow, verdict, verdict = 'denied' OR denials > 0 AS refused, 1 AS n FROM fresh
              UNION ALL SELECT lane, workflow, verdict, verdict = 'denied' OR denials > 0, -1 FROM old) AS moved
            GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
            ON CONFLICT (lane, workflow, verdict, refused) DO UPDATE SET n = kept.n + excluded.n;
        ELSIF TG_OP = 'DELETE' THEN
          UPDATE opportunity_count AS kept SET n = kept.n - gone.n
            FROM (SELECT lane, workflow, verdict, verdict = 'denied' OR denials > 0 AS refused, count(*) AS n FROM old GROUP BY 1, 2, 3, 4) AS gone
            WHERE (kept.lane, kept.workflow, kept.verdict, kept.refused) = (gone.lane, gone.workflow, gone.verdict, gone.refused);
        ELSE
          DELETE FROM opportunity_count;
        END IF;
        RETURN NULL;
      END
      $$;
      CREATE TRIGGER opportunity_inserted AFTER INSERT ON opportunity REFERENCING NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION opportunity_counted();
      CREATE TRIGGER opportunity_updated AFTER UPDATE ON opportunity REFERENCING OLD TABLE AS old NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION opportunity_counted();
      CREATE TRIGGER opportunity_deleted AFTER DELETE ON opportunity REFERENCING OLD TABLE AS old
        FOR EACH STATEMENT EXECUTE FUNCTION opportunity_counted();
      CREATE TRIGGER opportunity_truncated AFTER TRUNCATE ON opportunity
        FOR EACH STATEMENT EXECUTE FUNCTION opportunity_counted();
      INSERT INTO opportunity_count
        SELECT lane, workflow, verdict, verdict = 'denied' OR denials > 0 AS refused, count(*) FROM opportunity GROUP BY 1, 2, 3, 4;

      CREATE INDEX opportunity_verdict ON opportunity (verdict, opened_at, id);
      CREATE INDEX opportunity_changed ON opportunity (lane, seq);
    `);
    // A server without the extension, or a role that may not make it, reads every title instead.
    await runner.query(`
      DO $$
      BEGIN
        IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
          CREATE EXTENSION IF NOT EXISTS pg_trgm;
          CREATE INDEX market_state_words ON market_state USING gin ((title || ' ' || id) gin_trgm_ops);
        END IF;
      EXCEPTION WHEN insufficient_privilege THEN
        RAISE NOTICE 'pg_trgm is not there; searches read every title';
      END
      $$
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX IF EXISTS market_state_words;
      DROP INDEX opportunity_verdict, opportunity_changed;
      DROP TRIGGER opportunity_inserted ON opportunity;
      DROP TRIGGER opportunity_updated ON opportunity;
      DROP TRIGGER opportunity_deleted ON opportunity;
      DROP TRIGGER opportunity_truncated ON opportunity;
      DROP FUNCTION opportunity_counted;
      DROP TABLE opportunity_count;
    `);
  }
}
