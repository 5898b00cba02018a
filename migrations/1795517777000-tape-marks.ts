import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A mark every 2,000 events instead of 20,000: a past book looks through what lies between its moment and the next one. */
export class TapeMarks1795517777000 implements MigrationInterface {
  readonly name = 'TapeMarks1795517777000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(fence(2_000));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(fence(20_000));
  }
}

const fence = (events: number): string => `
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
    IF to_seq / ${events} > (from_seq - 1) / ${events}
      OR moment >= COALESCE((SELECT m.at FROM tape_mark m WHERE m.lane = lane_ ORDER BY m.seq DESC LIMIT 1), 0) + 60000
    THEN
      INSERT INTO tape_mark (lane, seq, at) VALUES (lane_, to_seq, moment) ON CONFLICT DO NOTHING;
    END IF;
  END
  $$`;
