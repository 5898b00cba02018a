import type { Estimate, MarketRef } from '#core';

/** As a snapshot keeps them: by `ref|name`, and `ref|name|model` for what another model has said since. */
export type SavedEstimates = Map<string, Estimate>;

/** By name; then by ref, for every market of the lane has one. */
type Named = Map<string, (Estimate | undefined)[]>;

/** The latest estimates of a session. Asked with every quote, so no key is put together to find one. */
export class Estimates {
  /** Whoever said it. */
  private readonly latest: Named = new Map();
  private readonly byModel = new Map<string, Named>();
  /** Where what was asked for last is found: a strategy asks for the same with every quote. */
  private asked: {
    readonly name: string;
    readonly model: string | undefined;
    readonly all: readonly (Estimate | undefined)[];
  } | null = null;

  /** Where what was said last went: a model says the same of one market after the other. */
  private said: {
    readonly name: string;
    readonly model: string;
    readonly latest: (Estimate | undefined)[];
    readonly own: (Estimate | undefined)[];
  } | null = null;

  /** The latest of one model, or of whichever spoke last. */
  get(market: MarketRef, name: string, model?: string): Estimate | null {
    const { asked } = this;
    if (asked !== null && asked.name === name && asked.model === model) return asked.all[market] ?? null;
    const named = model === undefined ? this.latest : this.byModel.get(model);
    const all = named?.get(name);
    if (all === undefined) return null;
    this.asked = { name, model, all };
    return all[market] ?? null;
  }

  set(market: MarketRef, estimate: Estimate): void {
    const { model, name } = estimate;
    let { said } = this;
    if (said === null || said.name !== name || said.model !== model) {
      let own = this.byModel.get(model);
      if (own === undefined) this.byModel.set(model, (own = new Map()));
      said = this.said = { name, model, latest: listOf(this.latest, name), own: listOf(own, name) };
    }
    put(said.latest, market, estimate);
    put(said.own, market, estimate);
  }

  clear(): void {
    this.latest.clear();
    this.byModel.clear();
    this.asked = null;
    this.said = null;
  }

  /** The latest of a name comes last, so that they are read back in the order they were said in. */
  save(): SavedEstimates {
    const saved: SavedEstimates = new Map();
    for (const [model, named] of this.byModel)
      for (const [name, markets] of named)
        for (const [market, estimate] of markets.entries())
          if (estimate !== undefined && this.get(market as MarketRef, name) !== estimate)
            saved.set(`${market}|${name}|${model}`, estimate);
    for (const [name, markets] of this.latest)
      for (const [market, estimate] of markets.entries())
        if (estimate !== undefined) saved.set(`${market}|${name}`, estimate);
    return saved;
  }

  static of(saved: SavedEstimates): Estimates {
    const estimates = new Estimates();
    for (const [key, estimate] of saved) estimates.set(Number.parseInt(key, 10) as MarketRef, estimate);
    return estimates;
  }
}

function listOf(named: Named, name: string): (Estimate | undefined)[] {
  let known = named.get(name);
  if (known === undefined) named.set(name, (known = []));
  return known;
}

function put(all: (Estimate | undefined)[], market: MarketRef, estimate: Estimate): void {
  while (all.length < market) all.push(undefined);
  all[market] = estimate;
}
