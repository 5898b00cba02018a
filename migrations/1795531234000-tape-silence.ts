import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A mark says how long nothing was committed before it: a calendar of years looks through the silences, not through all marks. */
export class TapeSilence1795531234000 implements MigrationInterface {
  readonly name = 'TapeSilence1795531234000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE tape_mark ADD COLUMN silent_ms bigint NOT NULL DEFAULT 0;
      COMMENT ON COLUMN tape_mark.silent_ms IS 'since the mark before; 0 of the first';
      UPDATE tape_mark m SET silent_ms = g.silent FROM (
        SELECT lane, seq, at - lag(at) OVER (PARTITION BY lane ORDER BY seq) AS silent FROM tape_mark) g
      WHERE m.lane = g.lane AND m.seq = g.seq AND g.silent > ${SILENT_AFTER_MS};
      CREATE INDEX tape_mark_silence ON tape_mark (lane, at) WHERE silent_ms > ${SILENT_AFTER_MS};
    `);
    await runner.query(fence(', silent_ms', ', CASE last_at WHEN 0 THEN 0 ELSE moment - last_at END'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(fence('', ''));
    await runner.query('DROP INDEX tape_mark_silence; ALTER TABLE tape_mark DROP COLUMN silent_ms');
  }
}

/** A lane that records leaves a mark at least every minute: without one for longer it did not record. */
const SILENT_AFTER_MS = 150_000;

const fence = (column: string, value: string): string => `
  CREATE OR REPLACE FUNCTION tape_fence(lane_ integer, epoch_ integer, from_seq bigint, to_seq bigint, at_ bigint)
  RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    moment bigint;
    last_at bigint;
  BEGIN
    UPDATE lane SET head_seq = to_seq, head_at = GREATEST(head_at, at_), recording = true
      WHERE id = lane_ AND epoch = epoch_ AND head_seq = from_seq - 1 RETURNING head_at INTO moment;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'lane % is not at epoch % and seq %', lane_, epoch_, from_seq - 1 USING ERRCODE = 'AB001';
    END IF;
    last_at := COALESCE((SELECT m.at FROM tape_mark m WHERE m.lane = lane_ ORDER BY m.seq DESC LIMIT 1), 0);
    IF moment >= last_at + 60000 OR (to_seq / 2000 > (from_seq - 1) / 2000 AND moment >= last_at + 10000) THEN
      INSERT INTO tape_mark (lane, seq, at${column}) VALUES (lane_, to_seq, moment${value}) ON CONFLICT DO NOTHING;
    END IF;
  END
  $$`;
