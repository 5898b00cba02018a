import { Defect, type Estimate, type JournalEntry, type TapeEvent } from '#core';
import type { Quote } from '#plugin-sdk';
import type { BatchParts, BookCheckpoint, EncodedStream, SettingEvent, TapeBatch } from '../contracts.js';
import { STREAMS, type StreamName } from '../layout/stream-tables.js';
import { CopyWriter } from './copy-writer.js';
import { checkpointRow, estimateRow, eventRows, journalRow, quoteRow } from './stream-rows.js';

/** Book changes are nearly all of it, quotes most of the rest. */
const FIRST_BYTES: Partial<Record<StreamName, number>> = { book_change: 1 << 20, quote: 256 << 10 };
const OTHER_BYTES = 16 << 10;

/**
 * The rows of one group commit as the very bytes of their COPY, written as things happen: an event is turned into its
 * row while it is still in the processor's cache, and nothing waits as an object for its commit. One buffer per table,
 * kept from batch to batch.
 */
export class TapeRows {
  /** Events so far, and rows of the tape that they make. */
  events = 0;
  rows = 0;
  /** Stamp of the newest event. */
  at = 0;
  /** The few events that have rows of their own beside the tape. */
  settings: SettingEvent[] = [];
  private nextSeq = 0;
  private ended: readonly EncodedStream[] | null = null;
  private readonly writers = Object.fromEntries(
    STREAMS.map(({ name }) => [name, new CopyWriter(FIRST_BYTES[name] ?? OTHER_BYTES)]),
  ) as Record<StreamName, CopyWriter>;

  constructor(private readonly lane: number) {
    if (!Number.isSafeInteger(lane)) throw new Defect(`a lane is an integer, not ${lane}`);
    this.begin();
  }

  /** Forgets everything: the bytes given out before are overwritten. */
  begin(): void {
    this.events = 0;
    this.rows = 0;
    this.at = 0;
    this.settings = [];
    this.ended = null;
    for (const { name } of STREAMS) this.writers[name].begin();
  }

  get fromSeq(): number {
    return this.nextSeq - this.events;
  }

  get toSeq(): number {
    return this.nextSeq - 1;
  }

  /** @throws Defect for an event that does not follow the one before: a hole must not reach the disk. */
  event(event: TapeEvent): void {
    const { seq } = event;
    if ((this.events > 0 && seq !== this.nextSeq) || !Number.isSafeInteger(seq) || event.lane !== this.lane)
      throw new Defect(`event (${event.lane}, ${seq}) does not follow (${this.lane}, ${this.toSeq})`);
    this.nextSeq = seq + 1;
    this.events++;
    this.at = event.at;
    this.rows += eventRows(this.writers, event);
    if (event.kind === 'act' || event.kind === 'link' || event.kind === 'group') this.settings.push(event);
  }

  quote(quote: Quote, seq: number): void {
    this.rows++;
    quoteRow(this.writers.quote, this.lane, quote, seq);
  }

  journal(entry: JournalEntry): void {
    this.rows++;
    journalRow(this.writers.journal, entry);
  }

  estimate(estimate: Estimate): void {
    this.rows++;
    estimateRow(this.writers.estimate, estimate);
  }

  checkpoint(checkpoint: BookCheckpoint): void {
    checkpointRow(this.writers.book_checkpoint, this.lane, checkpoint);
  }

  /** Streams that have rows, in table order; nothing can be added until `begin`. */
  end(): readonly EncodedStream[] {
    this.ended ??= STREAMS.filter(({ name }) => this.writers[name].rows > 0).map(({ name }) => ({
      name,
      rows: this.writers[name].rows,
      wire: this.writers[name].end(),
    }));
    return this.ended;
  }
}

/** A batch of events that are at hand all at once: imports, samples, tests. In the buffers of `rows`, which forgets what it held. */
export function tapeBatch(parts: BatchParts, rows = new TapeRows(parts.lane)): TapeBatch {
  const { lane, epoch, journal = [], inbox = [], snapshot = null } = parts;
  rows.begin();
  for (const event of parts.events) rows.event(event);
  for (const entry of journal) rows.journal(entry);
  for (const estimate of parts.estimates ?? []) rows.estimate(estimate);
  for (const { quote, seq } of parts.quotes ?? []) rows.quote(quote, seq);
  for (const checkpoint of parts.checkpoints ?? []) rows.checkpoint(checkpoint);
  const { fromSeq, toSeq, at, settings } = rows;
  const projection = parts.projection ?? { markets: [], accounts: [], sessions: [] };
  return { lane, epoch, fromSeq, toSeq, at, streams: rows.end(), settings, journal, inbox, projection, snapshot };
}
