import type { Estimate, MarketRef } from '#core';

/** As a snapshot keeps them: by `ref|name`, and `ref|name|model` for what another model has said since. */
export type SavedEstimates = Map<string, Estimate>;

type Named = Map<string, Map<MarketRef, Estimate>>;

/** The latest estimates of a session. Asked with every quote, so no key is put together to find one. */
export class Estimates {
  /** Whoever said it. */
  private readonly latest: Named = new Map();
  private readonly byModel = new Map<string, Named>();

  /** The latest of one model, or of whichever spoke last. */
  get(market: MarketRef, name: string, model?: string): Estimate | null {
    const named = model === undefined ? this.latest : this.byModel.get(model);
    return named?.get(name)?.get(market) ?? null;
  }

  set(market: MarketRef, estimate: Estimate): void {
    put(this.latest, market, estimate);
    let own = this.byModel.get(estimate.model);
    if (own === undefined) this.byModel.set(estimate.model, (own = new Map()));
    put(own, market, estimate);
  }

  clear(): void {
    this.latest.clear();
    this.byModel.clear();
  }

  /** The latest of a name comes last, so that they are read back in the order they were said in. */
  save(): SavedEstimates {
    const saved: SavedEstimates = new Map();
    for (const [model, named] of this.byModel)
      for (const [name, markets] of named)
        for (const [market, estimate] of markets)
          if (this.get(market, name) !== estimate) saved.set(`${market}|${name}|${model}`, estimate);
    for (const [name, markets] of this.latest)
      for (const [market, estimate] of markets) saved.set(`${market}|${name}`, estimate);
    return saved;
  }

  static of(saved: SavedEstimates): Estimates {
    const estimates = new Estimates();
    for (const [key, estimate] of saved) estimates.set(Number.parseInt(key, 10) as MarketRef, estimate);
    return estimates;
  }
}

function put(named: Named, market: MarketRef, estimate: Estimate): void {
  const known = named.get(estimate.name);
  if (known === undefined) named.set(estimate.name, new Map([[market, estimate]]));
  else known.set(market, estimate);
}
