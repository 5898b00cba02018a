import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invites by a one-time link, and tokens for programs. Of both only hashes are stored. */
export class People1795512345000 implements MigrationInterface {
  readonly name = 'People1795512345000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE setup_token ADD COLUMN invited_by text;
      COMMENT ON COLUMN setup_token.invited_by IS 'null: the link for the very first account';

      CREATE TABLE api_token (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        token_hash text NOT NULL UNIQUE,
        user_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
        name text NOT NULL,
        role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
        created_at bigint NOT NULL,
        expires_at bigint,
        last_seen_at bigint,
        revoked_at bigint
      );
      CREATE INDEX api_token_user ON api_token (user_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_token; ALTER TABLE setup_token DROP COLUMN invited_by');
  }
}
