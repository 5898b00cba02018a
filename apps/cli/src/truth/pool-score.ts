import type { Estimate } from '#core';
import type { ModelOutput, ModelOutputs, ModelPlugin } from '#plugin-sdk';
import { bayesFairValue, kalmanFairValue, pooledFairValue } from '#plugins';
import { SAMPLE_MS, type MarketPath } from './market-path.js';
import { ModelRun } from './model-run.js';

/** Whose fair values are compared: what quotes say, what trades say, and both. */
export const POOLED = ['quotes', 'trades', 'pool'] as const;
export type Pooled = (typeof POOLED)[number];

/** Sums over the samples of one path at which each of the three had spoken. */
export interface PoolScore {
  readonly samples: number;
  /** Squared distance from the truth. */
  readonly error: Readonly<Record<Pooled, number>>;
  /** Samples whose true probability lay within the 95 % band. */
  readonly covered: Readonly<Record<Pooled, number>>;
}

/** The filters' first minutes are their priors', not their own. */
const WARM_UP_MS = 120_000;
const PLUGINS: Readonly<Record<Pooled, ModelPlugin>> = {
  quotes: kalmanFairValue as unknown as ModelPlugin,
  trades: bayesFairValue as unknown as ModelPlugin,
  pool: pooledFairValue as unknown as ModelPlugin,
};

/** Plays the three models of one workflow over a path; `config` is the pool's. */
export function scorePool(path: MarketPath, config: Readonly<Record<string, unknown>> = {}): PoolScore {
  const said = new Map<string, Estimate>();
  const runs = POOLED.map((who) => {
    const plugin = PLUGINS[who];
    const own = who === 'pool' ? config : { publishMs: 0 };
    const heard = (name: string, _: number, model = ''): Estimate | null =>
      name === 'fair' ? (said.get(model) ?? null) : null;
    return {
      id: plugin.manifest.id,
      run: new ModelRun(plugin, path, own, undefined, who === 'pool' ? heard : undefined),
    };
  });
  const error = { quotes: 0, trades: 0, pool: 0 };
  const covered = { quotes: 0, trades: 0, pool: 0 };
  let samples = 0;
  path.truth.forEach((p, i) => {
    const at = (i + 1) * SAMPLE_MS;
    for (const { id, run } of runs)
      run.until(at, (outputs) => {
        for (const { name, value, low = null, high = null } of listOf(outputs))
          if (name === 'fair') said.set(id, { model: id, name, at, value, low, high } as Estimate);
      });
    const all = runs.map(({ id }) => said.get(id));
    if (at < WARM_UP_MS || !all.every((one) => one !== undefined)) return;
    samples++;
    POOLED.forEach((who, k) => {
      const { value, low, high } = all[k]!;
      error[who] += (value - p) ** 2;
      if (low !== null && high !== null && p >= low && p <= high) covered[who]++;
    });
  });
  return { samples, error, covered };
}

const listOf = (said: ModelOutputs): readonly ModelOutput[] =>
  said === undefined ? [] : Array.isArray(said) ? (said as readonly ModelOutput[]) : [said as ModelOutput];
