import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of a busy lane a mark every ten seconds is enough: a calendar of a year looks through all of them. */
export class MarkPace1795524444000 implements MigrationInterface {
  readonly name = 'MarkPace1795524444000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(fence('last_at + 10000'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(fence('0'));
  }
}

const fence = (earliest: string): string => `
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
    IF moment >= last_at + 60000 OR (to_seq / 2000 > (from_seq - 1) / 2000 AND moment >= ${earliest}) THEN
      INSERT INTO tape_mark (lane, seq, at) VALUES (lane_, to_seq, moment) ON CONFLICT DO NOTHING;
    END IF;
  END
  $$`;
