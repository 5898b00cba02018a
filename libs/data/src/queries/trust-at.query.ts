import type { Pool } from 'pg';

/** An entry of the continuity ledger. */
export interface TrustRow {
  readonly at: number;
  readonly seq: number;
  readonly trusted: boolean;
  readonly reason: string;
  readonly detail: string;
}

/** Connections are made anew far more often: through the parts of years only an entry is looked for that stood so long. */
const LOOK_BACK_MS = [30 * 86_400_000, Number.MAX_SAFE_INTEGER];

/** What the ledger said last of a market's book before a moment; `null` before the first word. */
export async function trustBefore(
  pool: Pool,
  { lane, ref }: { readonly lane: number; readonly ref: number },
  before: number,
): Promise<TrustRow | null> {
  for (const back of LOOK_BACK_MS) {
    const after = Math.floor(Math.max(-1, before - back));
    // In the text: parts outside are not even planned for.
    const { rows } = await pool.query<TrustRow>(
      `select at, seq, trusted, reason, detail from continuity
       where lane = ${Number(lane)} and market = ${Number(ref)} and at > ${after} and at < ${Math.ceil(before)}
       order by at desc, seq desc limit 1`,
    );
    if (rows.length > 0) return rows[0];
    if (after < 0) break;
  }
  return null;
}
