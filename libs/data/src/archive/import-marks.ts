import type { StreamName } from '../layout/stream-tables.js';
import { TAPE_STREAMS } from './columns.js';

/** As a lane that records leaves them: ten seconds apart, or as far as its rows are. */
const APART_MS = 10_000;

interface Mark {
  readonly seq: number;
  readonly at: number;
}

/**
 * Marks of rows that come stream by stream, for `tape_mark`: a commit of an import spans minutes or hours, and its one head
 * would say that nothing was recorded in between.
 */
export class ImportMarks {
  private marks: Mark[] = [];
  private readonly last = new Map<StreamName, number>();

  take(stream: StreamName, seq: number, at: number): void {
    // A journal entry may be of a timer, which was due before the event that let it fire.
    if (!TAPE_STREAMS.includes(stream)) return;
    if (at < (this.last.get(stream) ?? 0) + APART_MS) return;
    this.last.set(stream, at);
    this.marks.push({ seq, at });
  }

  /** The statement that writes what was taken since the last one; to come before the fence, which looks at the newest mark. */
  statement(lane: number): string[] {
    const kept: Mark[] = [];
    for (const mark of this.marks.toSorted((a, b) => a.seq - b.seq))
      if (kept.length === 0 || mark.at >= kept[kept.length - 1].at + APART_MS) kept.push(mark);
    this.marks = [];
    if (kept.length === 0) return [];
    const values = kept.map(({ seq, at }) => `(${seq}::bigint, ${at}::bigint)`).join(', ');
    return [
      `INSERT INTO tape_mark (lane, seq, at, silent_ms)
       SELECT ${lane}, seq, at, coalesce(at - lag(at, 1, (SELECT m.at FROM tape_mark m WHERE m.lane = ${lane} ORDER BY m.seq DESC LIMIT 1)) OVER (ORDER BY seq), 0)
       FROM (VALUES ${values}) AS marks (seq, at) ON CONFLICT DO NOTHING`,
    ];
  }
}
