import { ASK, BID, onGrid, OrderBook, UserProblem, type PriceGrid } from '#core';
import { STREAMS, type StreamName } from '../layout/stream-tables.js';
import { NO_LEVEL, SNAPSHOT } from '../tape/stream-rows.js';
import type { ArchiveReader } from './archive.types.js';
import { columnAt, TAPE_STREAMS, type ColumnBlock } from './columns.js';
import { RowDigest } from './row-digest.js';
import { StreamCursor } from './stream-cursor.js';

/** Complaints shown; all are counted. */
const MOST_SHOWN = 50;
const HIGHEST_PRICE = 1_000_000;

export interface TapeCheck {
  readonly rows: number;
  /** Books that stood crossed after an event while said to be trusted: noted, not refused, for the tape is what it is. */
  readonly crossed: number;
}

/**
 * Reads an archive from end to end and finds fault before a row is written: every number there once, time never going
 * back, prices within a contract's and on their market's grid, sizes whole, levels on a known side, the rows those of
 * the manifest. A market that the archive does not describe has no grid to be held to.
 *
 * @throws UserProblem with the files' lines.
 */
export async function checkArchive(
  reader: ArchiveReader,
  signal?: AbortSignal,
  progress: (done: number) => void = () => undefined,
): Promise<TapeCheck> {
  const { manifest } = reader;
  // Read twice: every row by itself, and then the streams of the tape together.
  const expected = (names: readonly StreamName[]): number =>
    names.reduce((sum, name) => sum + (manifest.rows[name] ?? 0), 0);
  const alone = expected(STREAMS.map(({ name }) => name));
  const all = Math.max(1, alone + expected(TAPE_STREAMS));
  const problems: string[] = [];
  let wrong = 0;
  const complain = (stream: StreamName, place: number, message: string): void => {
    wrong++;
    if (problems.length < MOST_SHOWN) problems.push(`${reader.place(stream, place)}: ${message}`);
  };
  if (!manifest.whole)
    throw new UserProblem('this export holds some markets only; a tape has every number and cannot be made of it');

  const digest = new RowDigest();
  let rows = 0;
  for (const { name } of STREAMS) {
    let place = 0;
    let last = { seq: 0, at: 0 };
    for await (const block of reader.blocks(name)) {
      signal?.throwIfAborted();
      digest.add(block);
      last = checkBlock(block, last, (row, message) => complain(name, place + row, message), manifest);
      place += block.rows;
      progress(Math.min(1, (rows + place) / all));
    }
    rows += place;
    const said = manifest.rows[name] ?? 0;
    if (place !== said) complain(name, place, `the stream has ${place} rows; the manifest says ${said}`);
  }
  const found = digest.hex();
  if (wrong === 0 && found !== manifest.digest)
    problems.push(`the rows are not those that were exported: their digest is ${found}, not ${manifest.digest}`);
  const together = (share: number): void => progress(Math.min(1, (alone + (all - alone) * share) / all));
  const { holes, crossed } =
    problems.length === 0 ? await checkOrder(reader, signal, together) : { holes: [], crossed: 0 };
  problems.push(...holes);
  if (problems.length > 0)
    throw new UserProblem(
      `nothing was imported: ${Math.max(wrong, problems.length)} faults`,
      problems.map((message) => ({ path: '', message })),
    );
  return { rows, crossed };
}

interface Last {
  readonly seq: number;
  readonly at: number;
}

function checkBlock(
  block: ColumnBlock,
  before: Last,
  complain: (row: number, message: string) => void,
  manifest: { readonly fromSeq: number; readonly toSeq: number },
): Last {
  const column = (name: string): readonly number[] => block.columns[columnAt(block.stream, name)] as readonly number[];
  const seqs = column('seq');
  const ats = column('at');
  let { seq, at } = before;
  for (let row = 0; row < block.rows; row++) {
    if (seqs[row] < manifest.fromSeq || seqs[row] > manifest.toSeq)
      complain(row, `number ${seqs[row]} lies outside ${manifest.fromSeq} … ${manifest.toSeq}`);
    if (seqs[row] < seq) complain(row, `number ${seqs[row]} after ${seq}`);
    if (ats[row] < at) complain(row, `time ${ats[row]} after ${at}`);
    seq = seqs[row];
    at = ats[row];
  }
  if (block.stream === 'book_change' || block.stream === 'trade') {
    const prices = column('price');
    const sizes = column('size');
    for (let row = 0; row < block.rows; row++) {
      if (!(prices[row] >= 0 && prices[row] <= HIGHEST_PRICE))
        complain(row, `a price of ${prices[row]} micro-dollars; a contract pays ${HIGHEST_PRICE}`);
      if (!(sizes[row] >= 0)) complain(row, `a size of ${sizes[row]}`);
    }
  }
  if (block.stream === 'book_change') {
    const sides = column('side');
    for (let row = 0; row < block.rows; row++)
      if (sides[row] !== BID && sides[row] !== ASK) complain(row, `side ${sides[row]} is neither bid nor ask`);
  }
  return { seq, at };
}

/** Walks the streams of the tape together: each number once, and books as they stood. */
async function checkOrder(
  reader: ArchiveReader,
  signal: AbortSignal | undefined,
  progress: (done: number) => void,
): Promise<{ readonly holes: readonly string[]; readonly crossed: number }> {
  const cursors = await Promise.all(TAPE_STREAMS.map((stream) => StreamCursor.open(stream, reader)));
  const state: State = { books: new Map(), trusted: new Map(), grids: new Map() };
  const holes: string[] = [];
  let crossed = 0;
  try {
    const { fromSeq, toSeq } = reader.manifest;
    let next = fromSeq;
    for (;;) {
      if (next % 65_536 === 0) {
        signal?.throwIfAborted();
        progress((next - fromSeq) / (toSeq - fromSeq + 1));
      }
      const seq = Math.min(...cursors.map((cursor) => cursor.seq));
      if (seq === Infinity) break;
      if (seq !== next) holes.push(`number ${next} is missing`);
      const [cursor, ...others] = cursors.filter((each) => each.seq === seq);
      for (const other of others)
        holes.push(`${reader.place(other.stream, other.place)}: number ${seq} is also in ${cursor.stream}`);
      if (holes.length >= MOST_SHOWN) break;
      for (const each of [cursor, ...others]) {
        let market = -1;
        while (each.seq === seq) {
          market = apply(each, state, (message) => holes.push(`${reader.place(each.stream, each.place)}: ${message}`));
          if (each.advance()) await each.load();
        }
        if (each.stream === 'book_change' && state.trusted.get(market) === true && isCrossed(state.books.get(market)))
          crossed++;
      }
      next = seq + 1;
    }
    if (holes.length === 0 && next !== toSeq + 1) holes.push(`number ${next} is missing`);
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.close()));
  }
  return { holes, crossed };
}

const CHANGE = {
  market: columnAt('book_change', 'market'),
  flags: columnAt('book_change', 'flags'),
  side: columnAt('book_change', 'side'),
  price: columnAt('book_change', 'price'),
  size: columnAt('book_change', 'size'),
};
const EVENT = { kind: columnAt('event', 'kind'), body: columnAt('event', 'body') };
const TRUST = { market: columnAt('continuity', 'market'), trusted: columnAt('continuity', 'trusted') };

/** What the rows read so far make of the markets. */
interface State {
  readonly books: Map<number, OrderBook>;
  readonly trusted: Map<number, boolean>;
  readonly grids: Map<number, PriceGrid>;
}

/** Returns the row's market. */
function apply(cursor: StreamCursor, state: State, complain: (message: string) => void): number {
  const { block, row, stream } = cursor;
  if (block === null) return -1;
  if (stream === 'event') {
    if (block.columns[EVENT.kind][row] === 'market') describe(String(block.columns[EVENT.body][row]), state, complain);
    return -1;
  }
  if (stream === 'continuity') {
    const market = block.columns[TRUST.market][row] as number;
    state.trusted.set(market, block.columns[TRUST.trusted][row] === true);
    return market;
  }
  if (stream !== 'book_change') return -1;
  const of = (place: number): number => block.columns[place][row] as number;
  const market = of(CHANGE.market);
  let book = state.books.get(market);
  if (book === undefined) state.books.set(market, (book = new OrderBook()));
  const flags = of(CHANGE.flags);
  if ((flags & SNAPSHOT) !== 0) book.clear();
  if ((flags & NO_LEVEL) !== 0) return market;
  const [price, size] = [of(CHANGE.price), of(CHANGE.size)];
  const grid = state.grids.get(market);
  // What is removed may lie on an older grid.
  if (grid && size > 0 && !onGrid(grid, price))
    complain(`a price of ${price} micro-dollars, which its market does not take`);
  book.set(of(CHANGE.side) as 0 | 1, price, size);
  return market;
}

function describe(body: string, state: State, complain: (message: string) => void): void {
  try {
    const said = JSON.parse(body) as { readonly ref?: unknown; readonly info?: { readonly grid?: unknown } };
    if (typeof said.ref === 'number' && Array.isArray(said.info?.grid))
      state.grids.set(said.ref, said.info.grid as PriceGrid);
  } catch {
    complain('the description of a market is no JSON');
  }
}

const isCrossed = (book: OrderBook | undefined): boolean =>
  book !== undefined && book.count(BID) > 0 && book.count(ASK) > 0 && book.price(BID, 0) >= book.price(ASK, 0);
