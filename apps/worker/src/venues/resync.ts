import type { Instant, MarketRef } from '#core';
import type { FeedPace } from './feed.types.js';

/** Steps in the order they are tried; each gives the venue some seconds before the next, stronger one. */
type Step = 'refresh' | 'fetch' | 'resubscribe' | 'reconnect' | 'rest';

interface Case {
  step: Step;
  /** When the next step is due. */
  dueAt: Instant;
  /** Rounds of all steps that brought nothing, and when the next begins. */
  rounds: number;
  againAt: Instant;
}

/** Rounds are at most so many times `retryMs` apart. */
const MOST_PATIENCE = 64;

export interface ResyncActions {
  /** Its book is trusted, and by whoever is to bring it from now on. */
  settled(ref: MarketRef): boolean;
  /** Asks for fresh books on the live connection; returns those for which only REST can. */
  refresh(refs: readonly MarketRef[]): readonly MarketRef[];
  fetch(refs: readonly MarketRef[]): void;
  resubscribe(refs: readonly MarketRef[]): void;
  reconnect(refs: readonly MarketRef[]): void;
}

/**
 * Brings untrusted books back: refresh → resubscribe → reconnect, then REST every `retryMs`, and all of it again with growing
 * patience, for as long as it takes: what comes by a stream alone, REST cannot bring. One case per market however often a gap
 * is reported.
 */
export class Resync {
  private readonly cases = new Map<MarketRef, Case>();
  private started = 0;

  constructor(
    private readonly actions: ResyncActions,
    private readonly pace: FeedPace,
  ) {}

  /** Resyncs begun so far. */
  get count(): number {
    return this.started;
  }

  get open(): number {
    return this.cases.size;
  }

  has(ref: MarketRef): boolean {
    return this.cases.has(ref);
  }

  /** `byRest`: the connection has already failed to bring these books. */
  want(refs: readonly MarketRef[], now: Instant, byRest = false): void {
    const fresh = refs.filter((ref) => !this.cases.has(ref));
    if (fresh.length === 0) return;
    this.started += fresh.length;
    for (const ref of fresh)
      this.cases.set(ref, {
        step: byRest ? 'fetch' : 'refresh',
        dueAt: now + this.pace.refreshMs,
        rounds: 0,
        againAt: Infinity,
      });
    if (byRest) this.actions.fetch(fresh);
    else this.refresh(fresh);
  }

  forget(refs: Iterable<MarketRef>): void {
    for (const ref of refs) this.cases.delete(ref);
  }

  tick(now: Instant): void {
    if (this.cases.size === 0) return;
    const due: Record<'refresh' | 'resubscribe' | 'reconnect' | 'fetch', MarketRef[]> = {
      refresh: [],
      resubscribe: [],
      reconnect: [],
      fetch: [],
    };
    for (const [ref, one] of this.cases) {
      if (this.actions.settled(ref)) {
        this.cases.delete(ref);
        continue;
      }
      if (now < one.dueAt) continue;
      switch (one.step) {
        case 'refresh':
        case 'fetch':
          one.step = 'resubscribe';
          one.dueAt = now + this.pace.resubscribeMs;
          due.resubscribe.push(ref);
          break;
        case 'resubscribe':
          one.step = 'reconnect';
          one.dueAt = now + this.pace.reconnectMs;
          due.reconnect.push(ref);
          break;
        case 'reconnect':
          one.againAt = now + this.pace.retryMs * Math.min(MOST_PATIENCE, 2 ** one.rounds);
          one.rounds += 1;
          one.step = 'rest';
          one.dueAt = now + this.pace.retryMs;
          due.fetch.push(ref);
          break;
        case 'rest':
          if (now >= one.againAt) {
            one.step = 'refresh';
            one.dueAt = now + this.pace.refreshMs;
            due.refresh.push(ref);
          } else {
            one.dueAt = now + this.pace.retryMs;
            due.fetch.push(ref);
          }
          break;
      }
    }
    if (due.refresh.length > 0) this.refresh(due.refresh);
    if (due.resubscribe.length > 0) this.actions.resubscribe(due.resubscribe);
    if (due.reconnect.length > 0) this.actions.reconnect(due.reconnect);
    if (due.fetch.length > 0) this.actions.fetch(due.fetch);
  }

  private refresh(refs: readonly MarketRef[]): void {
    const left = this.actions.refresh(refs);
    if (left.length > 0) this.actions.fetch(left);
  }
}
