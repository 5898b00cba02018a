import type { Pool } from 'pg';

/** A tape event read back for a person: ids instead of refs, levels spelled out. */
export interface CauseRow {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly market: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The events with these `seq`s, in order, whatever stream they were stored in: one indexed read per stream. `seq`s that
 * are not on the tape are left out.
 */
export async function causesBySeq(pool: Pool, lane: number, seqs: readonly number[]): Promise<readonly CauseRow[]> {
  if (seqs.length === 0) return [];
  const { rows } = await pool.query<CauseRow>({
    // Named: to plan five streams over all their days takes longer than to read them.
    name: 'causes-by-seq',
    text: `with asked as (select unnest($2::bigint[]) as seq),
      found as (
        select e.seq, e.at, e.kind, e.market as ref, e.body from event e join asked a on a.seq = e.seq where e.lane = $1
        union all
        select b.seq, b.at, 'book', b.market, json_build_object(
            'snapshot', bool_or(b.flags & 1 <> 0), 'merged', max(greatest(b.flags >> 8, 1)), 'connection', min(b.conn),
            'venueAt', min(b.venue_at), 'venueSeq', min(b.venue_seq),
            'levels', coalesce(json_agg(json_build_object('side', case b.side when 0 then 'bid' else 'ask' end, 'price', b.price, 'size', b.size)
              order by b.ord) filter (where b.flags & 2 = 0), '[]'))
          from book_change b join asked a on a.seq = b.seq where b.lane = $1 group by b.seq, b.at, b.market
        union all
        select t.seq, t.at, 'trade', t.market, json_build_object('price', t.price, 'size', t.size, 'taker', t.taker, 'tradeId', t.trade_id,
            'connection', t.conn, 'venueAt', t.venue_at, 'venueSeq', t.venue_seq)
          from trade t join asked a on a.seq = t.seq where t.lane = $1
        union all
        select c.seq, c.at, 'continuity', c.market, json_build_object('trusted', c.trusted, 'reason', c.reason, 'detail', c.detail)
          from continuity c join asked a on a.seq = c.seq where c.lane = $1
        union all
        select p.seq, p.at, case when p.market is null then 'beat' else 'probe' end, p.market, '{}'::json
          from pulse p join asked a on a.seq = p.seq where p.lane = $1)
     select f.seq, f.at, f.kind, m.id as market, f.body from found f left join market_state m on m.lane = $1 and m.ref = f.ref order by f.seq`,
    values: [lane, seqs],
  });
  return rows;
}
