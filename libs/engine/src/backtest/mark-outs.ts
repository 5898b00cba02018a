import { PRICE_ONE, type FillEntry, type Instant, type MarketRef } from '#core';
import type { KernelLook } from '../kernel.types.js';

/** How long after a fill its market is looked at again, ms. */
const AFTER_MS = [1_000, 10_000, 60_000, 300_000] as const;

/** What fills were worth some time later, by the middle of their market. */
export interface MarkOut {
  readonly afterMs: number;
  /** Fills whose market then had a trusted book with both sides. */
  readonly fills: number;
  /** Mean of what a contract had gained since, fees left out, micro-dollars; below 0 the market knew better. */
  readonly perContract: number | null;
}

interface Waiting {
  readonly due: Instant;
  readonly ref: MarketRef;
  /** 1 where a rise of YES is a gain. */
  readonly way: 1 | -1;
  /** Paid or got per contract, as a price of YES, micro-dollars. */
  readonly yes: number;
  readonly size: number;
}

/** Looks at the market again after every fill: a fill that is followed by a worse price was somebody's better knowledge. */
export class MarkOuts {
  private readonly rows = AFTER_MS.map((afterMs) => ({
    afterMs,
    waiting: [] as Waiting[],
    next: 0,
    fills: 0,
    size: 0,
    gained: 0,
  }));

  fill(entry: FillEntry, ref: MarketRef): void {
    const { outcome, action, size, notional, at } = entry;
    const price = (notional * 100) / size;
    const yes = outcome === 'yes' ? price : PRICE_ONE - price;
    const way = (outcome === 'yes') === (action === 'buy') ? 1 : -1;
    for (const row of this.rows) row.waiting.push({ due: at + row.afterMs, ref, way, yes, size });
  }

  /** Whatever was due by now; the kernel stands where the last event left it. */
  tick(look: KernelLook, at: Instant): void {
    for (const row of this.rows) {
      const { waiting } = row;
      for (; row.next < waiting.length && waiting[row.next].due <= at; row.next++) {
        const { ref, way, yes, size } = waiting[row.next];
        const { bid, ask, trusted } = look.quote(ref);
        if (!trusted || bid < 0 || ask < 0) continue;
        row.fills++;
        row.size += size;
        row.gained += way * ((bid + ask) / 2 - yes) * size;
      }
      if (row.next < waiting.length) continue;
      waiting.length = 0;
      row.next = 0;
    }
  }

  told(): readonly MarkOut[] {
    return this.rows.map(({ afterMs, fills, size, gained }) => ({
      afterMs,
      fills,
      perContract: size === 0 ? null : gained / size,
    }));
  }
}
