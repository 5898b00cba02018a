import type { Pool } from 'pg';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor.js';

export interface NewsTouchRow {
  readonly market: string;
  readonly title: string;
  readonly relevance: number;
  readonly stance: number;
  readonly confidence: number;
  readonly reason: string;
}

export interface NewsRow {
  readonly id: string;
  readonly position: number;
  readonly source: string;
  readonly sourceTitle: string;
  readonly title: string;
  readonly text: string;
  readonly url: string | null;
  readonly publishedAt: number | null;
  readonly receivedAt: number;
  readonly scoredAt: number | null;
  readonly scorer: string | null;
  readonly fallback: boolean;
  readonly language: string | null;
  readonly entities: readonly string[];
  readonly positive: number | null;
  readonly negative: number | null;
  readonly novelty: number | null;
  readonly echoOf: string | null;
  readonly echoes: number;
  readonly touches: readonly NewsTouchRow[];
  /** Place on the tape; `null` when it decides nothing, or is not there yet. */
  readonly seq: number | null;
}

const COLUMNS = `item.id, item.position::float8 as position, item.source, coalesce(source.title, item.source) as "sourceTitle", item.title,
  left(item.body, 600) as text, item.url, item.published_at as "publishedAt", item.received_at as "receivedAt", item.scored_at as "scoredAt",
  item.scorer, item.fallback, item.language, item.entities, (item.sentiment->>'positive')::float8 as positive, (item.sentiment->>'negative')::float8 as negative,
  item.novelty, item.echo_of as "echoOf", item.echoes,
  (select inbox.seq::float8 from inbox where inbox.id = 'news-1-' || item.id) as seq,
  coalesce((select json_agg(json_build_object('market', touch.market, 'title', coalesce(state.title, touch.market), 'relevance', touch.relevance,
      'stance', touch.stance, 'confidence', touch.confidence, 'reason', touch.reason) order by abs(touch.stance) desc, touch.relevance desc)
    from news_touch touch left join market_state state on state.id = touch.market where touch.item = item.id), '[]') as touches`;
const FROM = `from news_item item left join news_source source on source.id = item.source`;

export interface NewsFilter {
  readonly market?: string | null;
  readonly source?: string | null;
  /** Only items that touch a market. */
  readonly touching?: boolean | null;
  readonly first: number;
  readonly after?: string | null;
}

/** Newest first. */
export async function newsPage(pool: Pool, filter: NewsFilter): Promise<Page<NewsRow>> {
  const size = pageSize(filter.first);
  const where: string[] = [];
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  if (filter.market)
    where.push(
      `exists (select 1 from news_touch touch where touch.item = item.id and touch.market = ${bind(filter.market)})`,
    );
  else if (filter.touching) where.push(`exists (select 1 from news_touch touch where touch.item = item.id)`);
  if (filter.source) where.push(`item.source = ${bind(filter.source)}`);
  if (filter.after) where.push(`item.position < ${bind(decodeCursor(filter.after, 'n')[0])}`);
  const { rows } = await pool.query<NewsRow>(
    `select ${COLUMNS} ${FROM} ${where.length > 0 ? `where ${where.join(' and ')}` : ''} order by item.position desc limit ${size + 1}`,
    values,
  );
  return pageOf(rows, size, ({ position }) => [position]);
}

/**
 * Items that arrived, were scored, took their place on the tape or got an echo since a moment of the database's clock, newest
 * change first; and that clock now. Without a moment no item, only the clock.
 */
export async function newsChanged(
  pool: Pool,
  since: number | null,
  most = 200,
): Promise<{ readonly now: number; readonly items: readonly NewsRow[] }> {
  const clock = await pool.query<{ now: number }>(
    'select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now',
  );
  const { now } = clock.rows[0];
  if (since === null) return { now, items: [] };
  const { rows } = await pool.query<NewsRow>(
    `select ${COLUMNS} ${FROM} where item.changed_at >= $1 order by item.changed_at desc limit $2`,
    [Math.floor(since), most],
  );
  return { now, items: rows };
}

export async function newsById(pool: Pool, id: string): Promise<NewsRow | null> {
  const { rows } = await pool.query<NewsRow>(`select ${COLUMNS} ${FROM} where item.id = $1`, [id]);
  return rows[0] ?? null;
}

/** A mark on a market's chart: an item that took a side there. */
export interface NewsMarkRow {
  readonly id: string;
  readonly at: number;
  readonly title: string;
  readonly stance: number;
  readonly echo: boolean;
}

export async function newsMarks(pool: Pool, market: string, from: number, most = 200): Promise<readonly NewsMarkRow[]> {
  const { rows } = await pool.query<NewsMarkRow>(
    `select item.id, coalesce(item.scored_at, touch.at) as at, item.title, touch.stance, item.echo_of is not null as echo
     from news_touch touch join news_item item on item.id = touch.item
     where touch.market = $1 and touch.at >= $2 and touch.stance <> 0 order by touch.at desc limit $3`,
    [market, from, most],
  );
  return rows.reverse();
}

export interface NewsSourceRow {
  readonly id: string;
  readonly plugin: string;
  readonly title: string;
  readonly category: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  readonly held: boolean;
  readonly askedAt: number | null;
  readonly heardAt: number | null;
  readonly failures: number;
  readonly problem: string;
  readonly nextAt: number;
  readonly received: number;
  readonly repeated: number;
  readonly hits: number;
  readonly judged: number;
  readonly priorHits: number;
  readonly priorJudged: number;
}

export async function newsSourceRows(pool: Pool, now: number): Promise<readonly NewsSourceRow[]> {
  const { rows } = await pool.query<NewsSourceRow>(
    `select id, plugin, title, category, config, enabled, held_until > $1 as held, asked_at as "askedAt", heard_at as "heardAt", failures,
       problem, next_at as "nextAt", received, repeated, hits, judged, prior_hits as "priorHits", prior_judged as "priorJudged" from news_source order by enabled desc, category, title`,
    [now],
  );
  return rows;
}

/** Saves a source; one that is new must bring everything. */
export async function saveNewsSource(
  pool: Pool,
  source: Pick<NewsSourceRow, 'id' | 'plugin' | 'title' | 'category' | 'config' | 'enabled'>,
): Promise<void> {
  await pool.query(
    `insert into news_source (id, plugin, title, category, config, enabled) values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do update set plugin = $2, title = $3, category = $4, config = $5, enabled = $6, failures = 0, problem = '', next_at = 0,
       etag = null, modified = null, since = case when news_source.config = excluded.config then news_source.since else 0 end`,
    [source.id, source.plugin, source.title, source.category, JSON.stringify(source.config), source.enabled],
  );
}

export async function removeNewsSource(pool: Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('delete from news_source where id = $1', [id]);
  return rowCount === 1;
}

/** The sealed secret of a source that is sent to us, with its plugin; `null` when there is no such source switched on. */
export async function newsSourceSecret(
  pool: Pool,
  id: string,
): Promise<{ plugin: string; config: Readonly<Record<string, unknown>>; secret: Buffer | null } | null> {
  const { rows } = await pool.query<{ plugin: string; config: Record<string, unknown>; secret: Buffer | null }>(
    'select plugin, config, secret from news_source where id = $1 and enabled',
    [id],
  );
  return rows[0] ?? null;
}

export async function keepNewsSecret(pool: Pool, id: string, sealed: Uint8Array): Promise<void> {
  await pool.query('update news_source set secret = $2 where id = $1', [id, Buffer.from(sealed)]);
}

export interface NewsScorerRow {
  readonly worker: string;
  readonly kind: string;
  readonly name: string;
  readonly note: string;
  readonly warmUpMs: number;
  readonly at: number;
}

/** Which scorers are at work: those that reported within the last minutes. */
export async function newsScorers(pool: Pool, since: number): Promise<readonly NewsScorerRow[]> {
  const { rows } = await pool.query<NewsScorerRow>(
    `select worker, kind, name, note, warm_up_ms as "warmUpMs", at from news_scorer where at >= $1 order by at desc`,
    [since],
  );
  return rows;
}
