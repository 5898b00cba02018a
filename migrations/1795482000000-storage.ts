import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where in time the tape's numbers lie, and how long each table is kept. */
export class Storage1795482000000 implements MigrationInterface {
  readonly name = 'Storage1795482000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tape_mark (
        lane integer NOT NULL,
        seq bigint NOT NULL,
        at bigint NOT NULL,
        PRIMARY KEY (lane, seq)
      );
      CREATE INDEX tape_mark_at ON tape_mark (lane, at);
      COMMENT ON TABLE tape_mark IS 'now and then a head: events up to seq are not later than at, later ones not earlier';

      CREATE OR REPLACE FUNCTION tape_fence(lane_ integer, epoch_ integer, from_seq bigint, to_seq bigint, at_ bigint)
      RETURNS void LANGUAGE plpgsql AS $$
      DECLARE
        moment bigint;
      BEGIN
        UPDATE lane SET head_seq = to_seq, head_at = GREATEST(head_at, at_), recording = true
          WHERE id = lane_ AND epoch = epoch_ AND head_seq = from_seq - 1 RETURNING head_at INTO moment;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'lane % is not at epoch % and seq %', lane_, epoch_, from_seq - 1 USING ERRCODE = 'AB001';
        END IF;
        IF to_seq / 20000 > (from_seq - 1) / 20000
          OR moment >= COALESCE((SELECT m.at FROM tape_mark m WHERE m.lane = lane_ ORDER BY m.seq DESC LIMIT 1), 0) + 60000
        THEN
          INSERT INTO tape_mark (lane, seq, at) VALUES (lane_, to_seq, moment) ON CONFLICT DO NOTHING;
        END IF;
      END
      $$;

      CREATE TABLE storage_policy (
        name text PRIMARY KEY,
        keep_days integer CHECK (keep_days >= 7),
        compress_hours integer CHECK (compress_hours >= 1),
        dropped_before bigint,
        changed_at bigint NOT NULL,
        "by" text NOT NULL
      );
      COMMENT ON TABLE storage_policy IS 'a table without a row, or with NULL, is kept for ever';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION tape_fence(lane_ integer, epoch_ integer, from_seq bigint, to_seq bigint, at_ bigint)
      RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE lane SET head_seq = to_seq, head_at = GREATEST(head_at, at_), recording = true
          WHERE id = lane_ AND epoch = epoch_ AND head_seq = from_seq - 1;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'lane % is not at epoch % and seq %', lane_, epoch_, from_seq - 1 USING ERRCODE = 'AB001';
        END IF;
      END
      $$;
      DROP TABLE tape_mark;
      DROP TABLE storage_policy;
    `);
  }
}
