import type { House } from '../house.js';
import { Mailbox } from './mailbox.js';
import { Pump } from './pump.js';

/** What became of rows that are followed: the newest of each, and the keys of those that are no more. */
export interface Changes<Row> {
  /** Everything there is: what is not among it is gone. The first answer, and nothing later. */
  readonly whole: boolean;
  readonly rows: readonly Row[];
  readonly gone: readonly string[];
}

export interface Followed<Row, Seat> {
  readonly name: string;
  readonly paceMs: number;
  readonly keyOf: (row: Row) => string;
  readonly follows: (seat: Seat, row: Row) => boolean;
  /** Something short of each row that these seats may follow, by key; it differs when the row does. */
  readonly marks: (seats: readonly Seat[]) => Promise<ReadonlyMap<string, string>>;
  readonly rows: (keys: readonly string[]) => Promise<readonly Row[]>;
}

interface Taken<Row, Seat> {
  readonly seat: Seat;
  readonly box: Mailbox<Changes<Row>>;
  readonly whole: boolean;
  fresh: boolean;
}

/**
 * Rows that subscribers follow. Marks are read once for all of them at a steady pace, whole rows only where the mark is
 * another one, and only while somebody listens. A subscriber is sent first what the turn found, so that nothing falls
 * between an answer and what follows it.
 */
export class RowFeed<Row, Seat> {
  readonly #seats = new Set<Taken<Row, Seat>>();
  readonly #pump: Pump;
  /** Rows as they were last sent; kept while nobody listens, for marks tell what is old. */
  readonly #held = new Map<string, { readonly mark: string; readonly row: Row }>();

  constructor(
    house: Pick<House, 'now' | 'log'>,
    private readonly given: Followed<Row, Seat>,
  ) {
    this.#pump = new Pump(house, {
      name: given.name,
      paceMs: given.paceMs,
      listened: () => this.#seats.size > 0,
      turn: () => this.#turn(),
    });
  }

  /** Everything there is, then what changes. Without `whole` the first answer is empty: who listens reads by other ways. */
  open(seat: Seat, whole = true): AsyncIterator<Changes<Row>> {
    const taken: Taken<Row, Seat> = {
      seat,
      whole,
      fresh: true,
      box: new Mailbox<Changes<Row>>(
        (pending, next) => merged(pending, next, this.given.keyOf),
        () => this.#seats.delete(taken),
      ),
    };
    this.#seats.add(taken);
    this.#pump.start();
    return taken.box;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#seats].map(({ box }) => box.return()));
    await this.#pump.stop();
  }

  async #turn(): Promise<void> {
    const seats = [...this.#seats];
    const { keyOf, follows } = this.given;
    const marks = await this.given.marks(seats.map(({ seat }) => seat));
    const changed = [...marks].filter(([key, mark]) => this.#held.get(key)?.mark !== mark).map(([key]) => key);
    const rows = changed.length === 0 ? [] : await this.given.rows(changed);
    const gone = [...this.#held].filter(([key]) => !marks.has(key));
    for (const [key] of gone) this.#held.delete(key);
    for (const row of rows) {
      const key = keyOf(row);
      this.#held.set(key, { mark: marks.get(key) ?? '', row });
    }
    for (const taken of seats) {
      const { seat, box, whole, fresh } = taken;
      taken.fresh = false;
      const all = fresh && whole;
      const share = (all ? [...this.#held.values()].map(({ row }) => row) : fresh ? [] : rows).filter((row) =>
        follows(seat, row),
      );
      const lost = fresh ? [] : gone.filter(([, { row }]) => follows(seat, row)).map(([key]) => key);
      if (fresh || share.length > 0 || lost.length > 0) box.put({ whole: all, rows: share, gone: lost });
    }
  }
}

/** Two answers as one, for a reader who took neither. */
export function merged<Row>(pending: Changes<Row>, next: Changes<Row>, keyOf: (row: Row) => string): Changes<Row> {
  if (next.whole) return next;
  const rows = new Map(pending.rows.map((row) => [keyOf(row), row]));
  const gone = new Set(pending.gone);
  for (const row of next.rows) {
    rows.set(keyOf(row), row);
    gone.delete(keyOf(row));
  }
  for (const key of next.gone) {
    rows.delete(key);
    gone.add(key);
  }
  return { whole: pending.whole, rows: [...rows.values()], gone: pending.whole ? [] : [...gone] };
}
