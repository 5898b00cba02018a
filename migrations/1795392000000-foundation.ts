import { Defect } from '#core';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What plain PostgreSQL and TimescaleDB share: rows. The stream tables are made by the storage layout step.
 * Times are bigint milliseconds; money, prices and sizes are integers in the domain's units. `json` keeps the exact text
 * where it must come back as it went in, `jsonb` is for screens.
 */
export class Foundation1795392000000 implements MigrationInterface {
  readonly name = 'Foundation1795392000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE lane (
        id integer PRIMARY KEY,
        epoch integer NOT NULL,
        owner text,
        head_seq bigint NOT NULL DEFAULT 0,
        head_at bigint NOT NULL DEFAULT 0,
        recording boolean NOT NULL DEFAULT true,
        health jsonb NOT NULL DEFAULT '{}'
      ) WITH (fillfactor = 20);

      -- The first statement of every commit: moves the head, or refuses all that follows in the transaction.
      CREATE FUNCTION tape_fence(lane_ integer, epoch_ integer, from_seq bigint, to_seq bigint, at_ bigint)
      RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE lane SET head_seq = to_seq, head_at = GREATEST(head_at, at_), recording = true
          WHERE id = lane_ AND epoch = epoch_ AND head_seq = from_seq - 1;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'lane % is not at epoch % and seq %', lane_, epoch_, from_seq - 1 USING ERRCODE = 'AB001';
        END IF;
      END
      $$;

      CREATE TABLE lane_snapshot (
        lane integer NOT NULL,
        seq bigint NOT NULL,
        build text NOT NULL,
        at bigint NOT NULL,
        bytes bytea NOT NULL,
        PRIMARY KEY (lane, seq)
      );

      CREATE SEQUENCE inbox_position AS bigint;
      CREATE TABLE inbox (
        id text PRIMARY KEY,
        position bigint NOT NULL UNIQUE,
        lane integer NOT NULL,
        kind text NOT NULL,
        body json NOT NULL,
        "by" text NOT NULL,
        created_at bigint NOT NULL,
        seq bigint
      );
      ALTER SEQUENCE inbox_position OWNED BY inbox.position;
      CREATE INDEX inbox_pending ON inbox (lane, position) WHERE seq IS NULL;
      CREATE INDEX inbox_by_seq ON inbox (lane, seq) WHERE seq IS NOT NULL;

      CREATE TABLE market_state (
        lane integer NOT NULL,
        ref integer NOT NULL,
        id text NOT NULL,
        venue text NOT NULL,
        group_id text,
        category text NOT NULL,
        title text NOT NULL,
        status text NOT NULL,
        info jsonb NOT NULL,
        bid integer,
        bid_size bigint,
        ask integer,
        ask_size bigint,
        quote_seq bigint,
        quote_at bigint,
        fresh_at bigint,
        trusted boolean NOT NULL DEFAULT false,
        trust_reason text NOT NULL DEFAULT '',
        PRIMARY KEY (lane, ref)
      ) WITH (fillfactor = 60);
      CREATE UNIQUE INDEX market_state_id ON market_state (id);
      CREATE INDEX market_state_group ON market_state (group_id);

      CREATE TABLE account_state (
        id text PRIMARY KEY,
        lane integer NOT NULL,
        seq bigint NOT NULL,
        at bigint NOT NULL,
        state jsonb NOT NULL
      ) WITH (fillfactor = 40);
      CREATE TABLE session_state (
        id text PRIMARY KEY,
        workflow text NOT NULL,
        lane integer NOT NULL,
        seq bigint NOT NULL,
        at bigint NOT NULL,
        state jsonb NOT NULL
      ) WITH (fillfactor = 40);
      CREATE INDEX session_state_workflow ON session_state (workflow);
      CREATE TABLE equity (
        account text NOT NULL,
        at bigint NOT NULL,
        equity bigint NOT NULL,
        PRIMARY KEY (account, at)
      );
      COMMENT ON COLUMN equity.at IS 'start of the second, ms; the last value within it';

      CREATE TABLE opportunity (
        id text PRIMARY KEY,
        lane integer NOT NULL,
        seq bigint NOT NULL,
        session text NOT NULL,
        workflow text NOT NULL,
        account text NOT NULL,
        phase text NOT NULL,
        verdict text NOT NULL,
        link text,
        group_id text,
        direction text NOT NULL,
        markets text[] NOT NULL,
        opened_at bigint NOT NULL,
        best_gross bigint NOT NULL,
        best_net bigint NOT NULL,
        size bigint NOT NULL,
        waterfall jsonb NOT NULL,
        signal_id text,
        reason text NOT NULL,
        updated_at bigint NOT NULL,
        closed_at bigint
      ) WITH (fillfactor = 70);
      CREATE INDEX opportunity_opened ON opportunity (opened_at, id);
      CREATE INDEX opportunity_workflow ON opportunity (workflow, opened_at);
      CREATE INDEX opportunity_signal ON opportunity (signal_id) WHERE signal_id IS NOT NULL;

      CREATE TABLE link_state (id text PRIMARY KEY, lane integer NOT NULL, seq bigint NOT NULL, at bigint NOT NULL, body jsonb NOT NULL);
      CREATE TABLE group_state (id text PRIMARY KEY, lane integer NOT NULL, seq bigint NOT NULL, at bigint NOT NULL, body jsonb NOT NULL);
      CREATE TABLE feed_health (venue text PRIMARY KEY, at bigint NOT NULL, body jsonb NOT NULL) WITH (fillfactor = 20);

      CREATE TABLE run (
        id text PRIMARY KEY,
        kind text NOT NULL,
        title text NOT NULL,
        state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
        started_at bigint NOT NULL,
        ended_at bigint,
        progress double precision,
        note text NOT NULL DEFAULT ''
      );
      CREATE INDEX run_started ON run (started_at DESC);
    `);

    await runner.query(`
      CREATE TABLE app_user (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name text NOT NULL,
        role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
        password_hash text,
        created_at bigint NOT NULL,
        disabled_at bigint
      );
      CREATE UNIQUE INDEX app_user_name ON app_user (lower(name));

      CREATE TABLE sign_in (
        token_hash text PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        last_seen_at bigint NOT NULL,
        agent text NOT NULL DEFAULT ''
      );
      CREATE INDEX sign_in_user ON sign_in (user_id);
      CREATE INDEX sign_in_expiry ON sign_in (expires_at);
      COMMENT ON COLUMN sign_in.token_hash IS 'hash of the cookie: the cookie itself is stored nowhere';

      CREATE TABLE setup_token (
        token_hash text PRIMARY KEY,
        role text NOT NULL DEFAULT 'admin',
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        used_at bigint,
        used_by uuid REFERENCES app_user (id) ON DELETE SET NULL
      );

      CREATE TABLE audit (
        id bigint PRIMARY KEY,
        at bigint NOT NULL,
        "by" text NOT NULL,
        action text NOT NULL,
        target text NOT NULL,
        detail json NOT NULL,
        previous bytea NOT NULL,
        hash bytea NOT NULL
      );
      COMMENT ON TABLE audit IS 'append-only; hash = sha256(previous, id, at, by, action, target, detail), see audit_hash';

      CREATE FUNCTION audit_hash(previous bytea, id bigint, at bigint, by_ text, action text, target text, detail json)
      RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
        SELECT sha256(previous || convert_to(json_build_array(id, at, by_, action, target, detail::text)::text, 'UTF8'))
      $$;

      CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        last_id bigint := 0;
        last_hash bytea := decode(repeat('00', 32), 'hex');
      BEGIN
        -- One writer at a time: the chain has no branches. A fresh statement sees what the last holder committed.
        PERFORM pg_advisory_xact_lock(814220302);
        SELECT a.id, a.hash INTO last_id, last_hash FROM audit a ORDER BY a.id DESC LIMIT 1;
        IF NOT FOUND THEN
          last_id := 0;
          last_hash := decode(repeat('00', 32), 'hex');
        END IF;
        NEW.id := last_id + 1;
        NEW.previous := last_hash;
        NEW.hash := audit_hash(NEW.previous, NEW.id, NEW.at, NEW."by", NEW.action, NEW.target, NEW.detail);
        RETURN NEW;
      END
      $$;
      CREATE TRIGGER audit_chain BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_chain();

      CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
      END
      $$;
      CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse();
      CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
    `);

    await runner.query(`
      CREATE TABLE storage_layout (
        id boolean PRIMARY KEY DEFAULT true CHECK (id),
        layout text NOT NULL,
        detail jsonb NOT NULL DEFAULT '{}',
        made_at bigint NOT NULL
      );
      COMMENT ON TABLE storage_layout IS 'which layout made the stream tables; moving to another one is export and import';
    `);
  }

  async down(): Promise<void> {
    throw new Defect('the first migration is not reverted: drop the database instead');
  }
}
