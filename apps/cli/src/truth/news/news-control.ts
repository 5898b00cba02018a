import { kalmanFairValue } from '#plugins';
import type { ModelPlugin, OpenEnricher } from '#plugin-sdk';
import { SAMPLE_MS } from '../market-path.js';
import { learn } from './news.report.js';
import { playNews, type NewsRun } from './news.run.js';
import { idOf, KEYS, LATENCY_MS, newsWorld, ORIGIN, tapeOfWorld, type NewsWorld } from './news.tape.js';

/** Squared errors of a fair value against the truth of one seed's markets: sums, and how many looks. */
export interface NewsControlScore {
  readonly samples: number;
  readonly deaf: number;
  readonly hearing: number;
  /** The same over the looks in the two minutes after a market was written about: against the truth then, and a minute on. */
  readonly soon: { readonly samples: number; readonly deaf: number; readonly hearing: number };
  readonly ahead: { readonly samples: number; readonly deaf: number; readonly hearing: number };
}

const HOURS = 1;
const WARM_UP_MS = 120_000;
const SOON_MS = 120_000;
/** A minute, in looks. */
const AHEAD = 60_000 / SAMPLE_MS;

/** Whether the fair value is nearer to the truth when what news lets expect moves it at once: seed by seed. */
export async function newsControl(
  seeds: { readonly from: number; readonly to: number },
  enricher: OpenEnricher,
  config: Readonly<Record<string, unknown>> = {},
): Promise<readonly NewsControlScore[]> {
  const { learned } = await learn(HOURS, enricher, () => {});
  const scores: NewsControlScore[] = [];
  for (let seed = seeds.from; seed <= seeds.to; seed++) {
    const world = await newsWorld(seed, HOURS, enricher);
    const tape = tapeOfWorld(world, learned);
    const played = (useNews: boolean): NewsRun =>
      playNews(tape, 0, [[kalmanFairValue as unknown as ModelPlugin, { ...config, useNews, publishMs: 0 }]]);
    const deaf = errorsOf(world, played(false));
    const hearing = errorsOf(world, played(true));
    scores.push({
      samples: deaf.samples,
      deaf: deaf.squares,
      hearing: hearing.squares,
      soon: { samples: deaf.soonSamples, deaf: deaf.soonSquares, hearing: hearing.soonSquares },
      ahead: { samples: deaf.soonSamples, deaf: deaf.aheadSquares, hearing: hearing.aheadSquares },
    });
  }
  return scores;
}

function errorsOf(world: NewsWorld, run: NewsRun) {
  const sums = { samples: 0, squares: 0, soonSamples: 0, soonSquares: 0, aheadSquares: 0 };
  const said = new Map<string, { at: number; value: number }[]>();
  for (const { market, name, at, value } of run.estimates) {
    if (name !== 'fair') continue;
    const known = said.get(market);
    if (known === undefined) said.set(market, [{ at, value }]);
    else known.push({ at, value });
  }
  const written = new Map<string, number[]>();
  for (const { story, item } of world.stories)
    for (const { market } of item.touches) written.set(market, [...(written.get(market) ?? []), story.at + LATENCY_MS]);
  world.paths.forEach(({ truth }, i) => {
    const market = idOf(KEYS[i]);
    const estimates = said.get(market) ?? [];
    const stories = written.get(market) ?? [];
    let next = 0;
    truth.forEach((p, n) => {
      const time = (n + 1) * SAMPLE_MS;
      while (next < estimates.length && estimates[next].at - ORIGIN <= time) next++;
      if (time < WARM_UP_MS || next === 0) return;
      const { value } = estimates[next - 1];
      const square = (value - p) ** 2;
      sums.samples++;
      sums.squares += square;
      const later = truth.at(n + AHEAD);
      if (later === undefined || !stories.some((at) => time >= at && time < at + SOON_MS)) return;
      sums.soonSamples++;
      sums.soonSquares += square;
      sums.aheadSquares += (value - later) ** 2;
    });
  });
  return sums;
}
