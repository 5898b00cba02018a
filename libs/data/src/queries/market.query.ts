import type { MarketInfo } from '#core';
import type { Pool } from 'pg';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor.js';

/** Top of a market's book as committed; an absent side is `null`. */
export interface QuoteRow {
  readonly market: string;
  readonly at: number;
  readonly seq: number;
  readonly bid: number | null;
  readonly ask: number | null;
  readonly bidSize: number | null;
  readonly askSize: number | null;
  readonly trusted: boolean;
}

export interface MarketRow {
  readonly id: string;
  readonly lane: number;
  readonly ref: number;
  readonly venue: string;
  readonly title: string;
  readonly status: string;
  readonly info: MarketInfo;
  readonly quote: QuoteRow | null;
  readonly trusted: boolean;
  readonly trustReason: string;
  readonly freshAt: number | null;
}

interface StateRow {
  id: string;
  lane: number;
  ref: number;
  venue: string;
  title: string;
  status: string;
  info: MarketInfo;
  bid: number | null;
  bid_size: number | null;
  ask: number | null;
  ask_size: number | null;
  quote_seq: number | null;
  quote_at: number | null;
  fresh_at: number | null;
  trusted: boolean;
  trust_reason: string;
}

const COLUMNS = `m.id, m.lane, m.ref, m.venue, m.title, m.status, m.info, m.bid, m.bid_size, m.ask, m.ask_size, m.quote_seq, m.quote_at,
  m.fresh_at, m.trusted, m.trust_reason`;

/** Stored as -1 where the side is empty. */
const side = (value: number | null): number | null => (value === null || value < 0 ? null : value);

function quoteOf(row: Omit<StateRow, 'info'>): QuoteRow | null {
  if (row.quote_seq === null || row.quote_at === null) return null;
  const bid = side(row.bid);
  const ask = side(row.ask);
  return {
    market: row.id,
    at: row.quote_at,
    seq: row.quote_seq,
    bid,
    ask,
    bidSize: bid === null ? null : side(row.bid_size),
    askSize: ask === null ? null : side(row.ask_size),
    trusted: row.trusted,
  };
}

const marketOf = (row: StateRow): MarketRow => ({
  id: row.id,
  lane: row.lane,
  ref: row.ref,
  venue: row.venue,
  title: row.title,
  status: row.status,
  info: row.info,
  quote: quoteOf(row),
  trusted: row.trusted,
  trustReason: row.trust_reason,
  freshAt: row.fresh_at,
});

export interface MarketFilter {
  /** Every word must occur in title or id. */
  readonly text?: string | null;
  readonly venue?: string | null;
  readonly category?: string | null;
  readonly status?: string | null;
  readonly linkedOnly?: boolean | null;
  readonly first: number;
  readonly after?: string | null;
}

/** Markets by title, so that the same question at two venues stands together. */
export async function marketPage(
  pool: Pool,
  filter: MarketFilter,
): Promise<Page<MarketRow> & { readonly total: number }> {
  const size = pageSize(filter.first);
  const where: string[] = [];
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  for (const word of (filter.text ?? '').split(/\s+/).filter(Boolean).slice(0, 8)) {
    const like = bind(`%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
    // As the index of trigrams has it; a word holds no blank, so none is found across the two. A word of two letters has no
    // trigram and would make the index give every row: it must not match the index at all.
    where.push(`(m.title || ' ' || m.id${word.length < 3 ? ` || ''` : ''}) ilike ${like}`);
  }
  if (filter.venue) where.push(`m.venue = ${bind(filter.venue)}`);
  if (filter.category) where.push(`m.category = ${bind(filter.category)}`);
  if (filter.status) where.push(`m.status = ${bind(filter.status)}`);
  if (filter.linkedOnly)
    where.push(
      `m.id in (select unnest(array[l.body->>'a', l.body->>'b']) from link_state l where l.body->>'state' <> 'rejected')`,
    );
  const all = where.length ? `where ${where.join(' and ')}` : '';
  const total = await pool.query<{ total: number }>(`select count(*) as total from market_state m ${all}`, [...values]);
  if (filter.after) {
    const [title, id] = decodeCursor(filter.after, 'ss');
    where.push(`(m.title, m.id) > (${bind(title)}, ${bind(id)})`);
  }
  // Everything a list is narrowed by is in one index; only the rows of the page itself are read whole.
  const { rows } = await pool.query<StateRow>(
    `select ${COLUMNS} from market_state m join (
       select m.id from market_state m ${where.length ? `where ${where.join(' and ')}` : ''} order by m.title, m.id limit ${size + 1}) page using (id)
     order by m.title, m.id`,
    values,
  );
  return { ...pageOf(rows.map(marketOf), size, (row) => [row.title, row.id]), total: total.rows[0].total };
}

/** What markets can be narrowed by, with how many there are of each: categories by name, states most frequent first. */
export interface MarketFacets {
  readonly categories: readonly Facet[];
  readonly statuses: readonly Facet[];
}
export interface Facet {
  readonly value: string;
  readonly count: number;
}

export async function marketFacets(pool: Pool): Promise<MarketFacets> {
  const [categories, statuses] = await Promise.all([
    pool.query<Facet>(
      `select category as value, count(*)::int as count from market_state where category <> '' group by 1 order by 1 limit 200`,
    ),
    pool.query<Facet>('select status as value, count(*)::int as count from market_state group by 1 order by 2 desc, 1'),
  ]);
  return { categories: categories.rows, statuses: statuses.rows };
}

export async function marketsById(pool: Pool, ids: readonly string[]): Promise<ReadonlyMap<string, MarketRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await pool.query<StateRow>(`select ${COLUMNS} from market_state m where m.id = any($1)`, [ids]);
  return new Map(rows.map((row) => [row.id, marketOf(row)]));
}

/** Just what a sentence needs of many markets. */
export async function marketTitles(
  pool: Pick<Pool, 'query'>,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, { readonly title: string; readonly venue: string }>> {
  const asked = [...new Set(ids)];
  if (asked.length === 0) return new Map();
  const { rows } = await pool.query<{ id: string; title: string; venue: string }>(
    'select id, title, venue from market_state where id = any($1)',
    [asked],
  );
  return new Map(rows.map(({ id, title, venue }) => [id, { title, venue }]));
}

/** Newest quotes of these markets, however many others there are. */
export async function quotesOf(pool: Pool, markets: Iterable<string>): Promise<readonly QuoteRow[]> {
  const { rows } = await pool.query<Omit<StateRow, 'info'>>(
    `select id, bid, bid_size, ask, ask_size, quote_seq, quote_at, trusted from market_state where id = any($1)`,
    [[...markets]],
  );
  return rows.flatMap((row) => quoteOf(row) ?? []);
}

/** Newest quotes that changed after `afterSeq`. One row per market however much happened. */
export async function changedQuotes(pool: Pool, lane: number, afterSeq: number): Promise<readonly QuoteRow[]> {
  const { rows } = await pool.query<Omit<StateRow, 'info'>>(
    `select id, bid, bid_size, ask, ask_size, quote_seq, quote_at, trusted from market_state where lane = $1 and quote_seq > $2`,
    [lane, afterSeq],
  );
  return rows.flatMap((row) => quoteOf(row) ?? []);
}
