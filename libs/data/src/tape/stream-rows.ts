import type { BookEvent, ContinuityEvent, Estimate, JournalEntry, TapeEvent, TradeEvent } from '#core';
import type { BookCheckpoint } from '../contracts.js';
import type { Quote } from '#plugin-sdk';
import { columnList, STREAMS, type StreamName } from '../layout/stream-tables.js';
import { encodeLevels } from './book-levels.js';
import type { CopyWriter } from './copy-writer.js';
import { shown, storable } from './storable.js';

/** First row of an event that replaces the whole book. */
export const SNAPSHOT = 1;
/** The event has no level; the row stands for the event alone. */
export const NO_LEVEL = 2;
/** `flags >> MERGED_SHIFT` is the number of merged frames. */
export const MERGED_SHIFT = 8;

/** The COPY statement whose input `EncodedStream.wire` is. */
export const copySql: Readonly<Record<StreamName, string>> = Object.fromEntries(
  STREAMS.map((table) => [table.name, `COPY ${table.name} (${columnList(table)}) FROM STDIN (FORMAT binary)`]),
) as Record<StreamName, string>;

/** Writes an event's rows and returns how many the tape counts. */
export function eventRows(writers: Readonly<Record<StreamName, CopyWriter>>, event: TapeEvent): number {
  switch (event.kind) {
    case 'book':
      return bookRows(writers.book_change, event);
    case 'trade':
      if (storable(event.tradeId)) tradeRow(writers.trade, event);
      else eventRow(writers.event, event);
      return 1;
    case 'continuity':
      if (storable(event.detail)) continuityRow(writers.continuity, event);
      else eventRow(writers.event, event);
      return 1;
    case 'probe':
      pulseRow(writers.pulse, event, event.market);
      return 1;
    case 'beat':
      pulseRow(writers.pulse, event, null);
      return 1;
    default:
      eventRow(writers.event, event);
      return 1;
  }
}

function bookRows(w: CopyWriter, event: BookEvent): number {
  const { levels } = event;
  const flags = event.merged << MERGED_SHIFT;
  if (levels.length === 0) {
    bookRow(w, event, 0, flags | NO_LEVEL | (event.snapshot ? SNAPSHOT : 0), 0, 0, 0);
    return 1;
  }
  let ord = 0;
  for (let i = 0; i < levels.length; i += 3, ord++) {
    bookRow(
      w,
      event,
      ord,
      ord === 0 && event.snapshot ? flags | SNAPSHOT : flags,
      levels[i],
      levels[i + 1],
      levels[i + 2],
    );
  }
  return ord;
}

function bookRow(
  w: CopyWriter,
  event: BookEvent,
  ord: number,
  flags: number,
  side: number,
  price: number,
  size: number,
): void {
  w.row(12, 128);
  w.int64(event.seq);
  w.int64(event.at);
  w.int64(size);
  w.int64OrNull(event.venueAt);
  w.int64OrNull(event.venueSeq);
  w.int32(event.lane);
  w.int32(event.market);
  w.int32(ord);
  w.int32(price);
  w.int32(event.connection);
  w.int32(flags);
  w.int16(side);
}

function tradeRow(w: CopyWriter, event: TradeEvent): void {
  w.row(11, 128);
  w.int64(event.seq);
  w.int64(event.at);
  w.int64(event.size);
  w.int64OrNull(event.venueAt);
  w.int64OrNull(event.venueSeq);
  w.int32(event.lane);
  w.int32(event.market);
  w.int32(event.price);
  w.int32(event.connection);
  w.textOrNull(event.taker);
  w.text(event.tradeId);
}

function continuityRow(w: CopyWriter, event: ContinuityEvent): void {
  w.row(7, 96);
  w.int64(event.seq);
  w.int64(event.at);
  w.int32(event.lane);
  w.int32(event.market);
  w.bool(event.trusted);
  w.text(event.reason);
  w.text(event.detail);
}

function pulseRow(w: CopyWriter, event: TapeEvent, market: number | null): void {
  w.row(4, 48);
  w.int64(event.seq);
  w.int64(event.at);
  w.int32(event.lane);
  if (market === null) w.null();
  else w.int32(market);
}

/** Rare kinds, and the odd one that text cannot hold: the event less its stamp, as JSON. */
function eventRow(w: CopyWriter, event: TapeEvent): void {
  const { lane, seq, at, ...body } = event;
  const market = 'market' in event ? event.market : event.kind === 'market' ? event.ref : null;
  w.row(6, 64);
  w.int64(seq);
  w.int64(at);
  w.int32(lane);
  if (market === null) w.null();
  else w.int32(market);
  w.text(event.kind);
  w.text(JSON.stringify(body));
}

export function journalRow(w: CopyWriter, entry: JournalEntry): void {
  w.row(11, 64);
  w.int64(entry.seq);
  w.int64(entry.at);
  w.int32(entry.lane);
  w.int32(entry.ordinal);
  w.text(entry.kind);
  w.text(shown(entry.session));
  w.text(shown(entry.workflow));
  w.text(shown(entry.account));
  w.textArray(marketsOf(entry).map(shown));
  w.textOrNull('signalId' in entry ? entry.signalId : null);
  w.text(JSON.stringify(entry));
}

/** Markets a journal entry is about, each once. */
function marketsOf(entry: JournalEntry): readonly string[] {
  switch (entry.kind) {
    case 'signal':
    case 'denial':
      return [...new Set(entry.legs.map((leg) => leg.market))];
    case 'order':
      return [entry.leg.market];
    case 'fill':
    case 'settlement':
    case 'integrity':
      return [entry.market];
    case 'group-state':
      return [...new Set(entry.markets)];
    case 'opportunity':
      return entry.markets;
    case 'account-state':
    case 'cash':
    case 'session':
      return [];
  }
}

export function estimateRow(w: CopyWriter, estimate: Estimate): void {
  w.row(9, 96);
  w.int64(estimate.seq);
  w.int64(estimate.at);
  w.float64(estimate.value);
  w.float64OrNull(estimate.low);
  w.float64OrNull(estimate.high);
  w.int32(estimate.lane);
  w.text(estimate.model);
  w.text(estimate.market);
  w.text(estimate.name);
}

export function quoteRow(w: CopyWriter, lane: number, quote: Quote, seq: number): void {
  w.row(9, 100);
  w.int64(seq);
  w.int64(quote.at);
  w.int64(quote.bidSize);
  w.int64(quote.askSize);
  w.int32(lane);
  w.int32(quote.market);
  w.int32(quote.bid);
  w.int32(quote.ask);
  w.bool(quote.trusted);
}

export function checkpointRow(w: CopyWriter, lane: number, checkpoint: BookCheckpoint): void {
  w.row(5, 64);
  w.int64(checkpoint.seq);
  w.int64(checkpoint.at);
  w.int32(lane);
  w.int32(checkpoint.market);
  w.blob(encodeLevels(checkpoint.levels));
}
