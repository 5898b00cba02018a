import type { TapeEvent } from '#core';
import { MERGED_SHIFT, NO_LEVEL, SNAPSHOT } from '../tape/stream-rows.js';
import type { StreamName } from '../layout/stream-tables.js';
import type { ArchiveManifest } from './archive.types.js';
import { archiveColumns, type Cell } from './columns.js';
import { ReplayWriter } from './replay.format.js';

/** Rows of a stream that are written at once. */
const BLOCK_ROWS = 50_000;

type Row = Readonly<Record<string, Cell>>;

/**
 * Writes events that lie in no database as a replay file, in blocks: memory holds one of each stream. For tapes that are made up; what was
 * recorded is exported.
 */
export async function writeReplayFile(
  path: string,
  lane: number,
  digest: string,
  blocks: Iterable<readonly TapeEvent[]>,
): Promise<ArchiveManifest> {
  const writer = await ReplayWriter.open(path);
  const rows: Partial<Record<StreamName, number>> = {};
  let toSeq = 0;
  let fromAt = 0;
  let toAt = 0;
  const columns = new Map<StreamName, Cell[][]>();
  const write = async (least: number): Promise<void> => {
    for (const [stream, cells] of columns) {
      const count = cells[0].length;
      if (count < least) continue;
      await writer.write({ stream, rows: count, columns: cells });
      rows[stream] = (rows[stream] ?? 0) + count;
      columns.delete(stream);
    }
  };
  for (const events of blocks) {
    if (events.length === 0) continue;
    for (const event of events) put(columns, event);
    await write(BLOCK_ROWS);
    if (toSeq === 0) fromAt = events[0].at;
    ({ seq: toSeq, at: toAt } = events[events.length - 1]);
  }
  await write(1);
  const manifest: ArchiveManifest = {
    kind: 'arbintel-tape',
    version: 1,
    format: 'replay',
    lane,
    fromSeq: 1,
    toSeq,
    fromAt,
    toAt,
    whole: true,
    rows,
    digest,
  };
  await writer.finish(manifest);
  return manifest;
}

function put(columns: Map<StreamName, Cell[][]>, event: TapeEvent): void {
  const row = (stream: StreamName, values: Row): void => {
    const plan = archiveColumns(stream);
    let cells = columns.get(stream);
    if (cells === undefined) columns.set(stream, (cells = plan.map(() => [])));
    for (let i = 0; i < plan.length; i++) cells[i].push(values[plan[i].name] ?? null);
  };
  const { seq, at, lane } = event;
  switch (event.kind) {
    case 'book': {
      const { market, levels } = event;
      const source = {
        venue_at: event.venueAt,
        venue_seq: event.venueSeq,
        conn: event.connection,
      };
      const flags = (event.snapshot ? SNAPSHOT : 0) | (event.merged << MERGED_SHIFT);
      const of = (ord: number, bits: number, side: number, price: number, size: number): void =>
        row('book_change', {
          seq,
          at,
          size,
          lane,
          market,
          ord,
          price,
          flags: bits,
          side,
          ...source,
        });
      if (levels.length === 0) of(0, flags | NO_LEVEL, 0, 0, 0);
      for (let i = 0; i < levels.length; i += 3)
        of(i / 3, i === 0 ? flags : 0, levels[i], levels[i + 1], levels[i + 2]);
      return;
    }
    case 'trade':
      return row('trade', {
        seq,
        at,
        lane,
        size: event.size,
        venue_at: event.venueAt,
        venue_seq: event.venueSeq,
        market: event.market,
        price: event.price,
        conn: event.connection,
        taker: event.taker,
        trade_id: event.tradeId,
      });
    case 'continuity': {
      const { market, trusted, reason, detail } = event;
      return row('continuity', {
        seq,
        at,
        lane,
        market,
        trusted,
        reason,
        detail,
      });
    }
    case 'probe':
      return row('pulse', { seq, at, lane, market: event.market });
    case 'beat':
      return row('pulse', { seq, at, lane, market: null });
    default: {
      const { lane: _lane, seq: _seq, at: _at, ...body } = event;
      const market = 'market' in body && typeof body.market === 'number' ? body.market : null;
      return row('event', {
        seq,
        at,
        lane,
        market,
        kind: event.kind,
        body: JSON.stringify(body),
      });
    }
  }
}
