import type { MigrationInterface, QueryRunner } from 'typeorm';

/** News: where it comes from, each item once, what was made of it, and headlines people try. */
export class News1795510800000 implements MigrationInterface {
  readonly name = 'News1795510800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE news_source (
        id text PRIMARY KEY,
        plugin text NOT NULL,
        title text NOT NULL,
        category text NOT NULL,
        config jsonb NOT NULL,
        enabled boolean NOT NULL,
        secret bytea,
        cursor text,
        etag text,
        modified text,
        since bigint NOT NULL DEFAULT 0,
        holder text,
        held_until bigint NOT NULL DEFAULT 0,
        asked_at bigint,
        heard_at bigint,
        failures integer NOT NULL DEFAULT 0,
        problem text NOT NULL DEFAULT '',
        next_at bigint NOT NULL DEFAULT 0,
        received bigint NOT NULL DEFAULT 0,
        repeated bigint NOT NULL DEFAULT 0,
        hits integer NOT NULL DEFAULT 0,
        judged integer NOT NULL DEFAULT 0
      );
      COMMENT ON COLUMN news_source.secret IS 'of a webhook, encrypted with the key of the data folder';

      CREATE SEQUENCE news_position;
      CREATE TABLE news_item (
        id text PRIMARY KEY,
        position bigint NOT NULL UNIQUE DEFAULT nextval('news_position'),
        source text NOT NULL,
        title text NOT NULL,
        body text NOT NULL,
        url text,
        published_at bigint,
        received_at bigint NOT NULL,
        fingerprint text NOT NULL,
        claimed_until bigint NOT NULL DEFAULT 0,
        tries integer NOT NULL DEFAULT 0,
        scored_at bigint,
        scorer text,
        language text,
        entities jsonb NOT NULL DEFAULT '[]',
        sentiment jsonb,
        novelty real,
        echo_of text,
        echoes integer NOT NULL DEFAULT 0,
        problem text NOT NULL DEFAULT ''
      );
      CREATE INDEX news_item_waiting ON news_item (position) WHERE scored_at IS NULL;
      CREATE INDEX news_item_fingerprint ON news_item (fingerprint, received_at);
      CREATE INDEX news_item_received ON news_item (received_at);

      CREATE TABLE news_sighting (
        source text NOT NULL,
        guid text NOT NULL,
        item text NOT NULL,
        at bigint NOT NULL,
        PRIMARY KEY (source, guid)
      );
      CREATE INDEX news_sighting_at ON news_sighting (at);

      CREATE TABLE news_touch (
        item text NOT NULL REFERENCES news_item ON DELETE CASCADE,
        market text NOT NULL,
        at bigint NOT NULL,
        relevance real NOT NULL,
        stance real NOT NULL,
        confidence real NOT NULL,
        reason text NOT NULL,
        PRIMARY KEY (item, market)
      );
      CREATE INDEX news_touch_market ON news_touch (market, at);

      CREATE TABLE news_trial (
        id text PRIMARY KEY,
        text text NOT NULL,
        asked_at bigint NOT NULL,
        answer jsonb,
        problem text
      );

      CREATE TABLE news_scorer (
        worker text PRIMARY KEY,
        kind text NOT NULL,
        name text NOT NULL,
        note text NOT NULL,
        warm_up_ms integer NOT NULL,
        at bigint NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE news_scorer, news_trial, news_touch, news_sighting, news_item, news_source; DROP SEQUENCE news_position',
    );
  }
}
