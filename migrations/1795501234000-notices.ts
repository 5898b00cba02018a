import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What leaves the house: rules, the deliveries they ask for, how far the journal was read, and sealed secrets. */
export class Notices1795501234000 implements MigrationInterface {
  readonly name = 'Notices1795501234000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stored_secret (
        name text PRIMARY KEY,
        sealed bytea NOT NULL,
        at bigint NOT NULL,
        "by" text NOT NULL
      );
      COMMENT ON COLUMN stored_secret.sealed IS 'AES-256-GCM under the key of the vault key file; the name is authenticated with it';

      CREATE TABLE notice_rule (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        title text NOT NULL,
        workflow text,
        kinds text[] NOT NULL,
        notifier text NOT NULL,
        notifier_version text NOT NULL,
        config jsonb NOT NULL,
        active boolean NOT NULL,
        since bigint NOT NULL,
        at bigint NOT NULL,
        "by" text NOT NULL
      );
      COMMENT ON COLUMN notice_rule.workflow IS 'null: every workflow, and the house itself';
      COMMENT ON COLUMN notice_rule.since IS 'entries of an earlier moment are not told';

      CREATE SEQUENCE notice_test AS bigint;
      CREATE TABLE delivery (
        rule uuid NOT NULL REFERENCES notice_rule (id) ON DELETE CASCADE,
        lane integer NOT NULL,
        seq bigint NOT NULL,
        ordinal integer NOT NULL,
        at bigint NOT NULL,
        kind text NOT NULL,
        workflow text NOT NULL,
        sentence text NOT NULL,
        state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
        attempts integer NOT NULL DEFAULT 0,
        spent integer NOT NULL DEFAULT 0,
        due_at bigint NOT NULL,
        tried_at bigint,
        answer text NOT NULL DEFAULT '',
        made_at bigint NOT NULL,
        PRIMARY KEY (rule, lane, seq, ordinal)
      ) WITH (fillfactor = 70);
      COMMENT ON TABLE delivery IS 'one notice of one journal entry by one rule; lane 0 is a test that a person asked for';
      COMMENT ON COLUMN delivery.spent IS 'attempts of earlier rounds, before a person sent it again';
      CREATE INDEX delivery_due ON delivery (due_at) WHERE state = 'waiting';
      CREATE INDEX delivery_made ON delivery (made_at, seq, ordinal);

      CREATE TABLE notice_cursor (lane integer PRIMARY KEY, seq bigint NOT NULL, ordinal integer NOT NULL);
      COMMENT ON TABLE notice_cursor IS 'the last journal entry that was looked at; moves in the transaction that makes the deliveries';
      INSERT INTO notice_cursor (lane, seq, ordinal) SELECT id, head_seq, 2147483647 FROM lane;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notice_cursor, delivery, notice_rule, stored_secret; DROP SEQUENCE notice_test');
  }
}
