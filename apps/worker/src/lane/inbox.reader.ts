import type { Instant } from '#core';
import type { Inbox } from '#data';
import type { Intake } from '#engine';
import type { Log } from '#host';
import type { LiveBus } from '#queue';
import { sentenceOf } from '../venues/rest.io.js';
import { readWish } from './inbox.items.js';
import type { Lane } from './lane.js';

const AT_ONCE = 500;

export interface InboxHouse {
  readonly lane: number;
  readonly inbox: Inbox;
  readonly bus: LiveBus;
  readonly intake: Pick<Intake, 'market' | 'group' | 'lifecycle'>;
  readonly tape: Lane;
  readonly now: () => Instant;
  readonly log: Log;
  readonly pollMs: number;
  broken(error: unknown): void;
}

/**
 * Brings acts and results of jobs to the tape, once each: a row stays unanswered until the commit that holds its
 * event, so what was stamped and not committed is read again by the successor, and by nobody else.
 */
export class InboxReader {
  private readonly stamped = new Set<string>();
  /** Committed since the last look began: that look may still have seen them unanswered. */
  private readonly answered: string[] = [];
  private timer: NodeJS.Timeout | null = null;
  private leave: (() => void) | null = null;
  private reading = false;
  private again = false;
  private stopped = false;

  constructor(private readonly house: InboxHouse) {}

  start(): void {
    this.leave = this.house.bus.subscribe((message) => {
      if (message.topic === 'inbox' && message.lane === this.house.lane) void this.read();
    });
    this.timer = setInterval(() => void this.read(), this.house.pollMs);
    void this.read();
  }

  stop(): void {
    this.stopped = true;
    this.leave?.();
    if (this.timer) clearInterval(this.timer);
  }

  /** These rows are answered in the database now. */
  committed(rows: readonly { readonly id: string }[]): void {
    for (const row of rows) this.answered.push(row.id);
  }

  private async read(): Promise<void> {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    try {
      do {
        this.again = false;
        for (const id of this.answered.splice(0)) this.stamped.delete(id);
        const rows = await this.house.inbox.pending(this.house.lane, 0, AT_ONCE);
        if (this.stopped) return;
        for (const row of rows) if (!this.stamped.has(row.id)) this.bring(row);
      } while (this.again && !this.stopped);
    } catch (error) {
      this.house.log.warn('the inbox could not be read', { problem: sentenceOf(error) });
    } finally {
      this.reading = false;
    }
  }

  private bring(row: Awaited<ReturnType<Inbox['pending']>>[number]): void {
    const { tape, intake, log, now } = this.house;
    this.stamped.add(row.id);
    const at = now();
    const wish = readWish(row);
    try {
      tape.answering(row.id, () => {
        switch (wish.kind) {
          case 'event':
            tape.emit(wish.event);
            break;
          case 'market':
            intake.market(wish.info);
            break;
          case 'group':
            intake.group(wish.group);
            break;
          case 'lifecycle':
            intake.lifecycle(wish.venue, wish.messages, at);
            break;
          case 'refused':
            log.error('an inbox row was refused', { id: row.id, kind: row.kind, by: row.by, reason: wish.reason });
            break;
        }
      });
    } catch (error) {
      this.house.broken(error);
    }
  }
}
