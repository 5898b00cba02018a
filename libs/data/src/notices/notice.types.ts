import type { Instant, JournalEntry, JournalKind } from '#core';

/** Which committed entries are told, and by what notifier. */
export interface NoticeRule {
  readonly id: string;
  readonly title: string;
  /** `null`: every workflow, and the house itself. */
  readonly workflow: string | null;
  readonly kinds: readonly JournalKind[];
  readonly notifier: string;
  /** Version of the notifier that `config` was checked by. */
  readonly notifierVersion: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly active: boolean;
  /** Entries of an earlier moment are not told. */
  readonly since: Instant;
  readonly at: Instant;
  readonly by: string;
}

/** Which delivery: one rule, one journal entry. Lane 0 is a test that a person asked for. */
export interface DeliveryKey {
  readonly rule: string;
  readonly lane: number;
  readonly seq: number;
  readonly ordinal: number;
}

export type DeliveryState = 'waiting' | 'delivered' | 'failed';

export interface Delivery extends DeliveryKey {
  /** Of the journal entry. */
  readonly at: Instant;
  readonly kind: string;
  readonly workflow: string;
  readonly sentence: string;
  readonly state: DeliveryState;
  /** Since it was made or a person sent it again. */
  readonly attempts: number;
  /** Attempts of earlier rounds. */
  readonly spent: number;
  /** When it is tried next, while it waits. */
  readonly dueAt: Instant;
  readonly triedAt: Instant | null;
  /** What the last attempt came to; `''` before the first. */
  readonly answer: string;
  readonly madeAt: Instant;
}

/** What an attempt needs. `entry` is `null` for a test, and when retention has taken the entry. */
export interface Attempt {
  readonly delivery: Delivery;
  readonly rule: NoticeRule;
  readonly entry: JournalEntry | null;
}

/** `rule.lane.seq.ordinal`: names a delivery in queues, on the page and to who receives it. */
export const deliveryId = ({ rule, lane, seq, ordinal }: DeliveryKey): string => [rule, lane, seq, ordinal].join('.');

/** The key an id says, `null` when it is none. */
export function deliveryKey(id: string): DeliveryKey | null {
  const [, rule, lane, seq, ordinal] =
    /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})\.(\d{1,15})\.(\d{1,9})$/.exec(id) ?? [];
  return rule === undefined ? null : { rule, lane: Number(lane), seq: Number(seq), ordinal: Number(ordinal) };
}
