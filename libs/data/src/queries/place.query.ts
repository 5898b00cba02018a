import type { Pool } from 'pg';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor.js';

/** The levels of the tree that enablement is inherited down, widest first. */
export const PLACE_KINDS = ['venue', 'category', 'group', 'market'] as const;
export type PlaceKind = (typeof PLACE_KINDS)[number];

/** A point of the tree venue → category → group → market, with the ways that lead to it. */
export interface PlaceRow {
  readonly id: string;
  readonly title: string;
  readonly markets: number;
  /** `[venue, category, group]` of its markets; what is below the place's own level is `null`. */
  readonly ways: readonly (readonly [venue: string, category: string | null, group: string | null])[];
}

export interface PlaceFilter {
  readonly kind: PlaceKind;
  /** Every word must occur in title or id. */
  readonly text?: string | null;
  readonly venue?: string | null;
  readonly category?: string | null;
  readonly group?: string | null;
  readonly first: number;
  readonly after?: string | null;
}

const IDS: Readonly<Record<PlaceKind, string>> = {
  venue: 'm.venue',
  category: `m.info->>'category'`,
  group: 'm.group_id',
  market: 'm.id',
};
const TITLES: Readonly<Record<PlaceKind, string>> = {
  venue: 'm.venue',
  category: `m.info->>'category'`,
  group: `coalesce(g.body->>'title', m.group_id)`,
  market: 'm.title',
};

/** Places of one kind that hold a market, by title. */
export async function placePage(pool: Pool, filter: PlaceFilter): Promise<Page<PlaceRow> & { readonly total: number }> {
  const { kind } = filter;
  const size = pageSize(filter.first);
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = [`${IDS[kind]} <> ''`];
  if (filter.venue) where.push(`m.venue = ${bind(filter.venue)}`);
  if (filter.category) where.push(`m.info->>'category' = ${bind(filter.category)}`);
  if (filter.group) where.push(`m.group_id = ${bind(filter.group)}`);
  for (const word of (filter.text ?? '').split(/\s+/).filter(Boolean).slice(0, 8)) {
    const like = bind(`%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
    where.push(`(${TITLES[kind]} ilike ${like} or ${IDS[kind]} ilike ${like})`);
  }
  const category = kind === 'venue' ? 'null' : `m.info->>'category'`;
  const group = kind === 'venue' || kind === 'category' ? 'null' : 'm.group_id';
  const places = `select ${IDS[kind]} as id, min(${TITLES[kind]}) as title, count(*) as markets,
      jsonb_agg(distinct jsonb_build_array(m.venue, ${category}, ${group})) as ways
    from market_state m ${kind === 'group' ? 'left join group_state g on g.id = m.group_id' : ''}
    where ${where.join(' and ')} group by 1`;
  const total = await pool.query<{ total: number }>(`select count(*) as total from (${places}) as place`, [...values]);
  let after = '';
  if (filter.after) {
    const [title, id] = decodeCursor(filter.after, 'ss');
    after = `where (title, id) > (${bind(title)}, ${bind(id)})`;
  }
  const { rows } = await pool.query<PlaceRow>(
    `select * from (${places}) as place ${after} order by title, id limit ${size + 1}`,
    values,
  );
  return { ...pageOf(rows, size, ({ title, id }) => [title, id]), total: total.rows[0].total };
}
