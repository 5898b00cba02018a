import type { Estimate, MarketRef } from '#core';

/** As a snapshot keeps them: the latest estimate by `ref|name`. */
export type SavedEstimates = Map<string, Estimate>;

/** The latest estimates of a session. Asked with every quote, so no key is put together to find one. */
export class Estimates {
  private readonly named = new Map<string, Map<MarketRef, Estimate>>();

  get(market: MarketRef, name: string): Estimate | null {
    return this.named.get(name)?.get(market) ?? null;
  }

  set(market: MarketRef, estimate: Estimate): void {
    const known = this.named.get(estimate.name);
    if (known === undefined) this.named.set(estimate.name, new Map([[market, estimate]]));
    else known.set(market, estimate);
  }

  clear(): void {
    this.named.clear();
  }

  save(): SavedEstimates {
    const saved: SavedEstimates = new Map();
    for (const [name, markets] of this.named)
      for (const [market, estimate] of markets) saved.set(`${market}|${name}`, estimate);
    return saved;
  }

  static of(saved: SavedEstimates): Estimates {
    const estimates = new Estimates();
    for (const [key, estimate] of saved) estimates.set(Number.parseInt(key, 10) as MarketRef, estimate);
    return estimates;
  }
}
