import type pg from 'pg';

const MARKS_AT_ONCE = 2_000;

interface Mark {
  readonly seq: number;
  readonly at: number;
}

/** Bounds in time of a span of numbers, ms; `null` where nothing is known. */
export interface TimeBounds {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Where in time a lane's numbers lie, from the marks that commits leave: rows up to a mark's `seq` are not later than
 * its `at`, later ones not earlier. For spans that go forward; keeps a page of marks.
 */
export class TapeTimes {
  private marks: Mark[] = [];
  /** The marks here are all there are from the first one's seq to this. */
  private until = -1;
  private next = 0;

  constructor(
    private readonly pool: pg.Pool,
    private readonly lane: number,
  ) {}

  async of(from: number, to: number): Promise<TimeBounds> {
    if (to > this.until) await this.load(from);
    const { marks } = this;
    while (this.next < marks.length && marks[this.next].seq < from) this.next++;
    const low = this.next > 0 ? marks[this.next - 1].at : null;
    let end = this.next;
    while (end < marks.length && marks[end].seq < to) end++;
    return { low, high: end < marks.length ? marks[end].at : null };
  }

  private async load(from: number): Promise<void> {
    const found = await this.pool.query<Mark>({
      name: 'tape-marks',
      text: `(SELECT seq, at FROM tape_mark WHERE lane = $1 AND seq < $2 ORDER BY seq DESC LIMIT 1)
        UNION ALL (SELECT seq, at FROM tape_mark WHERE lane = $1 AND seq >= $2 ORDER BY seq LIMIT ${MARKS_AT_ONCE})
        ORDER BY seq`,
      values: [this.lane, from],
    });
    this.marks = found.rows.map(({ seq, at }) => ({ seq: Number(seq), at: Number(at) }));
    this.next = 0;
    // Behind the newest mark rows may still come: what is asked about them is asked anew.
    this.until = this.marks.at(-1)?.seq ?? -1;
  }
}

/** The newest `seq` that may have happened at or before a moment; `null` when only the head bounds it. */
export async function seqNotBefore(pool: pg.Pool, lane: number, at: number): Promise<number | null> {
  const found = await pool.query<{ seq: number }>({
    name: 'mark-after',
    text: 'SELECT seq FROM tape_mark WHERE lane = $1 AND at > $2 ORDER BY at, seq LIMIT 1',
    values: [lane, at],
  });
  return found.rows.length === 0 ? null : Number(found.rows[0].seq);
}
