import type { MarketRef } from '#core';
import type { ControlMessage, Sequence } from '#plugin-sdk';
import { Gathered } from './gathered.js';
import type { FrameOutcome } from './intake.types.js';
import type { MarketEntry } from './market-entry.js';

/** Most frames leave nothing to do. */
export const NOTHING: FrameOutcome = { refresh: [], control: [], newMarkets: [], rejected: null, fatal: null };

/** What the frame in hand has touched and asks for; reused, for most frames ask for nothing. */
export class FrameTurn {
  readonly touched = new Gathered<MarketEntry>();
  outcome: Outcome | null = null;
  /** Number of the message before, which those of one frame share. */
  numbered: Sequence | null = null;

  begin(): this {
    this.touched.clear();
    this.outcome = null;
    this.numbered = null;
    return this;
  }

  need(): Outcome {
    return (this.outcome ??= { refresh: [], control: [], newMarkets: [], rejected: null, fatal: null });
  }

  /** A fresh book is needed. */
  ask(market: MarketEntry): void {
    const { refresh } = this.need();
    if (!refresh.includes(market.ref)) refresh.push(market.ref);
  }
}

interface Outcome {
  refresh: MarketRef[];
  control: ControlMessage[];
  newMarkets: string[];
  rejected: string | null;
  fatal: string | null;
}
