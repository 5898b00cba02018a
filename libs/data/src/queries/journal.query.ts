import type { JournalEntry } from '#core';
import type { Pool } from 'pg';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor.js';

export interface JournalFilter {
  readonly kinds?: readonly string[] | null;
  readonly workflow?: string | null;
  readonly market?: string | null;
  readonly account?: string | null;
  readonly first: number;
  readonly after?: string | null;
}

/** Newest first, over all lanes. Within a lane `at` follows `seq`, so each lane gives its page by its own index. */
export async function journalPage(pool: Pool, filter: JournalFilter): Promise<Page<JournalEntry>> {
  const size = pageSize(filter.first);
  const where = ['j.lane = l.id'];
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  if (filter.kinds?.length) where.push(`j.kind = any(${bind(filter.kinds)})`);
  if (filter.workflow) where.push(`j.workflow = ${bind(filter.workflow)}`);
  if (filter.account) where.push(`j.account = ${bind(filter.account)}`);
  if (filter.market) where.push(`j.market @> array[${bind(filter.market)}::text]`);
  if (filter.after) {
    const [at, lane, seq, ordinal] = decodeCursor(filter.after, 'nnnn');
    where.push(
      `j.at <= ${bind(at)} and (j.at, j.lane, j.seq, j.ordinal) < (${bind(at)}, ${bind(lane)}, ${bind(seq)}, ${bind(ordinal)})`,
    );
  }
  const { rows } = await pool.query<{ body: JournalEntry }>(
    `select page.body from lane l cross join lateral (
       select j.at, j.lane, j.seq, j.ordinal, j.body from journal j where ${where.join(' and ')} order by j.seq desc, j.ordinal desc limit ${size + 1}) page
     order by page.at desc, page.lane desc, page.seq desc, page.ordinal desc limit ${size + 1}`,
    values,
  );
  return pageOf(
    rows.map(({ body }) => body),
    size,
    (entry) => [entry.at, entry.lane, entry.seq, entry.ordinal],
  );
}

/** A place in a lane's journal. */
export interface JournalPlace {
  readonly seq: number;
  readonly ordinal: number;
}

/** What follows a place, in order, up to and including `toSeq`. */
export async function journalAfter(
  pool: Pool,
  lane: number,
  after: JournalPlace,
  toSeq: number,
  limit: number,
): Promise<readonly JournalEntry[]> {
  const { rows } = await pool.query<{ body: JournalEntry }>(
    'select body from journal where lane = $1 and seq >= $2 and (seq, ordinal) > ($2, $3) and seq <= $4 order by seq, ordinal limit $5',
    [lane, after.seq, after.ordinal, toSeq, limit],
  );
  return rows.map(({ body }) => body);
}

/** Settlements of these markets in an entry's account, after it, oldest first. */
export async function settlementsAfter(
  pool: Pool,
  { lane, account, seq, at }: Pick<JournalEntry, 'lane' | 'account' | 'seq' | 'at'>,
  markets: readonly string[],
): Promise<readonly JournalEntry[]> {
  const { rows } = await pool.query<{ body: JournalEntry }>(
    `select body from journal where lane = $1 and seq > $2 and at >= $5 and kind = 'settlement' and account = $3 and market && $4::text[]
     order by seq, ordinal limit 100`,
    [lane, seq, account, markets, at],
  );
  return rows.map(({ body }) => body);
}

/** Every entry of one signal, in order. */
export async function journalOfSignal(pool: Pool, signalId: string): Promise<readonly JournalEntry[]> {
  const { rows } = await pool.query<{ body: JournalEntry }>(
    'select body from journal where signal_id = $1 order by lane, seq, ordinal limit 500',
    [signalId],
  );
  return rows.map(({ body }) => body);
}
