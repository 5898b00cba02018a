import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../lend-client.js';
import type { EarlierItem, HeldSource, ItemScores, NewsSourceSetting, SourceRecord, StoredItem } from './news.types.js';

/** The same words from another source within this time are an echo of one item, not two items. */
const SAME_WITHIN_MS = 48 * 3_600_000;
/** That a feed still shows an item is written down this often at most. */
const SEEN_ANEW_MS = 86_400_000;
/** An item that could not be scored is tried so often, then kept unscored with the reason. */
const MOST_TRIES = 5;

/** What arrives, as its plugin gave it. */
interface Arrived {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly url: string | null;
  readonly publishedAt: number | null;
}

const ITEM = `id, position::float8 AS position, source, title, body AS text, url, published_at AS "publishedAt", received_at AS "receivedAt"`;
/** The database's clock, ms: pages follow changes by it, whichever process wrote them. */
const NOW = `(extract(epoch FROM clock_timestamp()) * 1000)::bigint`;
const HALF_A_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('base64url').slice(0, 22);
/** Words only: another outlet's spacing and punctuation make no new story. */
const fingerprintOf = (text: string): string => digest((text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' '));

/**
 * PostgreSQL has no character 0: one such item would keep all that came with it out. Half a pair comes back as another
 * character than it went, and an id would not be known again.
 */
const held = (text: string): string => text.replaceAll('\0', '').replace(HALF_A_PAIR, '\ufffd');
const storable = ({ id, title, text, url, publishedAt }: Arrived): Arrived => ({
  id: held(id),
  title: held(title),
  text: held(text),
  url: url === null ? null : held(url),
  publishedAt,
});

/** Rows of news: sources with who reads them, items once each, and what was made of them. */
export class NewsStore {
  constructor(private readonly pool: Pool) {}

  /**
   * Puts first sources where there is none of their kinds: what somebody removed stays away. `anew` puts all of them and
   * brings their addresses up to date (the demo's change every time).
   */
  async seed(sources: readonly NewsSourceSetting[], anew = false): Promise<void> {
    const { rows } = await this.pool.query(`SELECT 1 FROM news_source WHERE plugin = ANY($1) LIMIT 1`, [
      sources.map(({ plugin }) => plugin),
    ]);
    if (rows.length > 0 && !anew) return;
    const conflict = anew
      ? 'DO UPDATE SET config = excluded.config, plugin = excluded.plugin, prior_hits = excluded.prior_hits, prior_judged = excluded.prior_judged'
      : 'DO NOTHING';
    for (const { id, plugin, title, category, config, enabled, prior } of sources)
      await this.pool.query(
        `INSERT INTO news_source (id, plugin, title, category, config, enabled, prior_hits, prior_judged)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) ${conflict}`,
        [id, plugin, title, category, JSON.stringify(config), enabled, prior?.hits ?? 0, prior?.judged ?? 0],
      );
  }

  /** Takes every switched-on source nobody reads, keeps those it has, and returns them: one reader per source. */
  async hold(holder: string, now: number, forMs: number, plugins: readonly string[]): Promise<readonly HeldSource[]> {
    const { rows } = await this.pool.query<HeldSource>(
      `UPDATE news_source SET holder = $1, held_until = $2::bigint + $3
       WHERE enabled AND plugin = ANY($4) AND (holder = $1 OR held_until < $2)
       RETURNING id, plugin, title, category, config, enabled, cursor, etag, modified, since, failures, next_at AS "nextAt"`,
      [holder, now, forMs, plugins],
    );
    return rows;
  }

  async release(holder: string): Promise<void> {
    await this.pool.query(`UPDATE news_source SET holder = NULL, held_until = 0 WHERE holder = $1`, [holder]);
  }

  /** A source answered, with news or without. */
  async answered(
    id: string,
    at: number,
    place: { cursor?: string | null; etag?: string | null; modified?: string | null; since?: number; nextAt?: number },
  ): Promise<void> {
    await this.pool.query(
      `UPDATE news_source SET asked_at = $2, failures = 0, problem = '', cursor = COALESCE($3, cursor),
         etag = COALESCE($4, etag), modified = COALESCE($5, modified), since = GREATEST(since, $6), next_at = $7
       WHERE id = $1`,
      [id, at, place.cursor ?? null, place.etag ?? null, place.modified ?? null, place.since ?? 0, place.nextAt ?? 0],
    );
  }

  async failed(id: string, at: number, problem: string, nextAt: number): Promise<void> {
    await this.pool.query(
      `UPDATE news_source SET asked_at = $2, failures = failures + 1, problem = $3, next_at = $4 WHERE id = $1`,
      [id, at, problem.slice(0, 1_000), nextAt],
    );
  }

  /**
   * Keeps what has not been seen: an item once per source and id, and once per wording whoever tells it. What repeats
   * another's words counts as its echo. Returns the new items, in order.
   */
  async add(source: string, arrived: readonly Arrived[], receivedAt: number): Promise<readonly StoredItem[]> {
    if (arrived.length === 0) return [];
    // An item named twice in one go is one: the first.
    const items = [...new Map(arrived.map((one) => [held(one.id), storable(one)] as const).reverse())]
      .map(([, item]) => item)
      .reverse();
    return inTransaction(this.pool, 'news could not be stored', async (client) => {
      const { rows: known } = await client.query<{ guid: string }>(
        `SELECT guid FROM news_sighting WHERE source = $1 AND guid = ANY($2)`,
        [source, items.map(({ id }) => id)],
      );
      const seen = new Set(known.map(({ guid }) => guid));
      if (seen.size > 0)
        await client.query(`UPDATE news_sighting SET at = $3 WHERE source = $1 AND guid = ANY($2) AND at < $4`, [
          source,
          [...seen],
          receivedAt,
          receivedAt - SEEN_ANEW_MS,
        ]);
      const fresh = items
        .filter(({ id }) => !seen.has(id))
        .map((item) => ({ ...item, guid: item.id, fingerprint: fingerprintOf(`${item.title} ${item.text}`) }));
      if (fresh.length === 0) return [];
      const { rows: told } = await client.query<{ fingerprint: string; id: string }>(
        `SELECT DISTINCT ON (fingerprint) fingerprint, id FROM news_item
         WHERE fingerprint = ANY($1) AND received_at >= $2 ORDER BY fingerprint, position`,
        [fresh.map(({ fingerprint }) => fingerprint), receivedAt - SAME_WITHIN_MS],
      );
      const first = new Map(told.map(({ fingerprint, id }) => [fingerprint, id]));
      const placed = fresh.map((item) => {
        const id = digest(source, item.guid);
        const same = first.get(item.fingerprint);
        if (same === undefined) first.set(item.fingerprint, id);
        return { ...item, id, repeats: same ?? null };
      });
      const { rows: sighted } = await client.query<{ guid: string }>(
        `INSERT INTO news_sighting (source, guid, item, at)
         SELECT $1, guid, item, $4 FROM unnest($2::text[], $3::text[]) AS given (guid, item) ON CONFLICT DO NOTHING RETURNING guid`,
        [source, placed.map(({ guid }) => guid), placed.map(({ id, repeats }) => repeats ?? id), receivedAt],
      );
      // Another reader of the same source may have been faster.
      const own = new Set(sighted.map(({ guid }) => guid));
      const ours = placed.filter(({ guid }) => own.has(guid));
      const added = ours.filter(({ repeats }) => repeats === null);
      const { rows } = await client.query<StoredItem>(
        `INSERT INTO news_item (id, source, title, body, url, published_at, received_at, fingerprint, changed_at)
         SELECT given.id, $1, given.title, given.body, given.url, given.published_at, $2, given.fingerprint, ${NOW}
         FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[])
           WITH ORDINALITY AS given (id, title, body, url, published_at, fingerprint, place)
         ORDER BY given.place RETURNING ${ITEM}`,
        [
          source,
          receivedAt,
          added.map(({ id }) => id),
          added.map(({ title }) => title),
          added.map(({ text }) => text),
          added.map(({ url }) => url),
          added.map(({ publishedAt }) => publishedAt),
          added.map(({ fingerprint }) => fingerprint),
        ],
      );
      await echo(
        client,
        ours.flatMap(({ repeats }) => repeats ?? []),
      );
      if (ours.length > 0)
        await client.query(
          `UPDATE news_source SET received = received + $2, repeated = repeated + $3, heard_at = $4 WHERE id = $1`,
          [source, added.length, ours.length - added.length, receivedAt],
        );
      return [...rows].sort((a, b) => a.position - b.position);
    });
  }

  /** The oldest items nobody has scored or is scoring; they are this caller's until `forMs` is over. */
  async claim(most: number, now: number, forMs: number): Promise<readonly StoredItem[]> {
    const { rows } = await this.pool.query<StoredItem>(
      `UPDATE news_item SET claimed_until = $2::bigint + $3, tries = tries + 1
       WHERE id IN (SELECT id FROM news_item WHERE scored_at IS NULL AND claimed_until < $2 AND tries < ${MOST_TRIES}
                    ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING ${ITEM}`,
      [most, now, forMs],
    );
    return [...rows].sort((a, b) => a.position - b.position);
  }

  /** Earlier items that touched any of these markets, newest first, at most `most` of each. */
  async earlier(markets: readonly string[], since: number, most: number): Promise<readonly EarlierItem[]> {
    if (markets.length === 0) return [];
    // Counted by touches first, and their texts looked up once each; ids come in one text, which is read faster than a list.
    const { rows } = await this.pool.query<Omit<EarlierItem, 'markets'> & { readonly on: string }>({
      name: 'news-earlier',
      text: `SELECT item.id, item.title || ' ' || left(item.body, 600) AS text, item.received_at AS at, told."on"
        FROM (SELECT touch.item, string_agg(touch.market, E'\\n') AS "on"
              FROM unnest($1::text[]) AS asked (market)
              CROSS JOIN LATERAL (SELECT item, market FROM news_touch WHERE market = asked.market AND at >= $2
                                  ORDER BY at DESC LIMIT $3) AS touch
              GROUP BY touch.item) AS told
        JOIN news_item AS item ON item.id = told.item
        ORDER BY item.position`,
      values: [markets, since, most],
    });
    return rows.map(({ on, ...item }) => ({ ...item, markets: on.split('\n') }));
  }

  /** What was made of items; an echo counts at the item it repeats. A second run of the same job changes nothing. */
  async finish(scores: readonly ItemScores[], at: number): Promise<void> {
    if (scores.length === 0) return;
    await inTransaction(this.pool, 'scores could not be stored', async (client) => {
      // In one order whoever writes: two that finish the same items wait for each other instead of for ever.
      await client.query(`SELECT 1 FROM news_item WHERE id = ANY($1) ORDER BY id FOR UPDATE`, [
        scores.flatMap(({ item, echoOf }) => (echoOf === null ? [item] : [item, echoOf])),
      ]);
      const { rows: done } = await client.query<{ id: string; receivedAt: number }>(
        `UPDATE news_item AS item SET scored_at = $2, scorer = given.scorer, fallback = given.fallback, language = given.language, entities = given.entities,
           sentiment = given.sentiment, novelty = given.novelty, echo_of = given."echoOf", changed_at = ${NOW}
         FROM jsonb_to_recordset($1) AS given
           (item text, scorer text, fallback boolean, language text, entities jsonb, sentiment jsonb, novelty real, "echoOf" text)
         WHERE item.id = given.item AND item.scored_at IS NULL RETURNING item.id, item.received_at AS "receivedAt"`,
        [JSON.stringify(scores.map((one) => ({ ...one, touches: undefined }))), at],
      );
      const received = new Map(done.map(({ id, receivedAt }) => [id, receivedAt]));
      const ours = scores.filter(({ item }) => received.has(item));
      await echo(
        client,
        ours.flatMap(({ echoOf }) => echoOf ?? []),
      );
      const touches = ours.flatMap(({ item, touches: on }) =>
        on.map((touch) => ({ ...touch, item, at: received.get(item) })),
      );
      if (touches.length > 0)
        await client.query(
          `INSERT INTO news_touch (item, market, at, relevance, stance, confidence, reason)
           SELECT item, market, at, relevance, stance, confidence, reason
           FROM jsonb_to_recordset($1) AS touch
             (item text, market text, at bigint, relevance real, stance real, confidence real, reason text)
           ON CONFLICT DO NOTHING`,
          [JSON.stringify(touches)],
        );
    });
  }

  /** Which scorer a worker uses, for the page. */
  async noteScorer(
    worker: string,
    scorer: { readonly kind: string; readonly name: string; readonly note: string; readonly warmUpMs: number },
    at: number,
  ): Promise<void> {
    await this.pool.query(
      `INSERT INTO news_scorer (worker, kind, name, note, warm_up_ms, at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (worker) DO UPDATE SET kind = $2, name = $3, note = $4, warm_up_ms = $5, at = $6`,
      [worker, scorer.kind, scorer.name, scorer.note, Math.round(scorer.warmUpMs), at],
    );
    await this.pool.query(`DELETE FROM news_scorer WHERE at < $1`, [at - 86_400_000]);
  }

  /** A headline somebody tries waits here for a worker. */
  async askTrial(id: string, text: string, at: number): Promise<void> {
    await this.pool.query(`INSERT INTO news_trial (id, text, asked_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [
      id,
      text,
      at,
    ]);
  }

  async trial(id: string): Promise<{ text: string; answer: unknown; problem: string | null } | null> {
    const { rows } = await this.pool.query<{ text: string; answer: unknown; problem: string | null }>(
      `SELECT text, answer, problem FROM news_trial WHERE id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  async answerTrial(id: string, answer: unknown, problem: string | null): Promise<void> {
    await this.pool.query(`UPDATE news_trial SET answer = $2, problem = $3 WHERE id = $1`, [
      id,
      JSON.stringify(answer),
      problem,
    ]);
  }

  async dropTrial(id: string): Promise<void> {
    await this.pool.query(`DELETE FROM news_trial WHERE id = $1`, [id]);
  }

  /** How often a source was followed by prices, of how many judged. */
  async judged(id: string, hits: number, judged: number): Promise<void> {
    await this.pool.query(`UPDATE news_source SET hits = $2, judged = $3 WHERE id = $1`, [id, hits, judged]);
  }

  /** Records of all sources: their own, and what they are trusted by at first. */
  async weights(): Promise<ReadonlyMap<string, SourceRecord & { readonly prior: SourceRecord }>> {
    const { rows } = await this.pool.query<SourceRecord & { id: string; priorHits: number; priorJudged: number }>(
      `SELECT id, hits, judged, prior_hits AS "priorHits", prior_judged AS "priorJudged" FROM news_source`,
    );
    return new Map(
      rows.map(({ id, hits, judged, priorHits, priorJudged }) => [
        id,
        { hits, judged, prior: { hits: priorHits, judged: priorJudged } },
      ]),
    );
  }

  /**
   * Items received before a moment go, with what was made of them, and headlines whose asker went away. That an item was
   * seen is remembered until `seenBefore`: some feeds show the same few for ever, and undated they would be news again.
   */
  async prune(receivedBefore: number, seenBefore: number): Promise<number> {
    const { rowCount } = await this.pool.query(`DELETE FROM news_item WHERE received_at < $1`, [receivedBefore]);
    await this.pool.query(`DELETE FROM news_sighting WHERE at < $1`, [seenBefore]);
    await this.pool.query(`DELETE FROM news_trial WHERE asked_at < $1`, [receivedBefore]);
    return rowCount ?? 0;
  }
}

/** Counts one echo more at each of these items, as often as it is named. */
async function echo(client: PoolClient, items: readonly string[]): Promise<void> {
  if (items.length === 0) return;
  await client.query(`SELECT 1 FROM news_item WHERE id = ANY($1) ORDER BY id FOR UPDATE`, [items]);
  await client.query(
    `UPDATE news_item AS item SET echoes = item.echoes + given.more, changed_at = ${NOW}
     FROM (SELECT id, count(*)::int AS more FROM unnest($1::text[]) AS named (id) GROUP BY id) AS given WHERE item.id = given.id`,
    [items],
  );
}
