import type { Instant, JournalEntry } from '#core';
import type { Static, TSchema } from 'typebox';
import type { HandedIo } from './handed-io.js';
import type { Manifest } from './manifest.js';

/** A committed journal entry that somebody wants to hear of. */
export interface Notice {
  /** Of this rule's notice of this entry: the same each time it is delivered, so who receives it twice can tell. */
  readonly id: string;
  readonly at: Instant;
  readonly workflow: string;
  /** The entry in words. */
  readonly sentence: string;
  readonly entry: JournalEntry;
}

/** Tells the outside what was committed. The worker keeps the outbox, retries and writes the delivery log. */
export interface NotifierPlugin<T extends TSchema = TSchema> {
  readonly kind: 'notifier';
  readonly manifest: Manifest;
  readonly configSchema: T;
  /** Resolves once it is delivered, with a line for the log; throws `OutsideProblem`, whose `retry` is obeyed. */
  deliver(io: HandedIo<Static<T>>, notice: Notice): Promise<string>;
}

export function defineNotifier<T extends TSchema>(plugin: Omit<NotifierPlugin<T>, 'kind'>): NotifierPlugin<T> {
  return Object.freeze({ kind: 'notifier' as const, ...plugin });
}
