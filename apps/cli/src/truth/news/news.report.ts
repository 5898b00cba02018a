import { PRICE_ONE } from '#core';
import type { OpenEnricher } from '#plugin-sdk';
import { RESPONSE_KEY, sourceKey, sourceWeight } from '#plugins';
import { fitResponse, logit, type FittedResponse } from '#quant';
import { idOf, LATENCY_MS, newsWorld, ORIGIN, tapeOfWorld, type Learned, type NewsWorld } from './news.tape.js';
import { midAt, playNews, type NewsRun } from './news.run.js';

/** Learned on these, reported on others: they never meet. */
export const LEARNED_ON = { from: 501, to: 510 } as const;
export const REPORTED_FROM = 1_001;
const AFTER_MS = 60_000;
/** A z from here on counts as an impulse. */
const LOUD = 0.5;

export interface SeedResult {
  readonly seed: number;
  /** Dollars. */
  readonly withNews: number;
  readonly placebo: number;
  /** The placebo's moves alone, without fees and spread. */
  readonly placeboMoves: number;
  readonly trades: number;
  readonly placeboTrades: number;
}

export interface NewsTruth {
  readonly seeds: number;
  readonly hours: number;
  readonly response: FittedResponse;
  readonly weights: Readonly<Record<string, number>>;
  /** Of what the weights were made, by source. */
  readonly judged: Readonly<Record<string, { readonly hits: number; readonly judged: number }>>;
  readonly jumps: number;
  /** Jumps a story told of beforehand: no more could be found. */
  readonly toldJumps: number;
  readonly found: number;
  readonly impulses: number;
  readonly right: number;
  /** Right against impulses; found against all jumps, and against those told. */
  readonly precision: number;
  readonly recall: number;
  readonly recallOfTold: number;
  /** Median, ms: story to impulse, and impulse to the jump it foretells. */
  readonly delayMs: number;
  readonly leadMs: number;
  readonly results: readonly SeedResult[];
  readonly profit: { readonly mean: number; readonly error: number };
  readonly placebo: { readonly mean: number; readonly error: number };
  readonly placeboMoves: { readonly mean: number; readonly error: number };
}

export async function newsTruth(
  options: { readonly seeds: number; readonly hours: number },
  enricher: OpenEnricher,
  progress: (line: string) => void,
): Promise<NewsTruth> {
  const { learned, response, weights, judged } = await learn(options.hours, enricher, progress);
  const results: SeedResult[] = [];
  const tally = { jumps: 0, told: 0, found: 0, impulses: 0, right: 0 };
  const delays: number[] = [];
  const leads: number[] = [];
  let other = await newsWorld(REPORTED_FROM - 1, options.hours, enricher);
  for (let i = 0; i < options.seeds; i++) {
    const seed = REPORTED_FROM + i;
    const world = await newsWorld(seed, options.hours, enricher);
    const real = playNews(tapeOfWorld(world, learned), 0);
    const placebo = playNews(tapeOfWorld(world, learned, other), 0);
    results.push({
      seed,
      withNews: real.profit / 1e6,
      placebo: placebo.profit / 1e6,
      placeboMoves: placebo.beforeCosts / 1e6,
      trades: real.trades,
      placeboTrades: placebo.trades,
    });
    detect(world, real, tally, delays, leads);
    other = world;
    if (i % 10 === 9) progress(`  ${i + 1} of ${options.seeds} seeds`);
  }
  return {
    ...options,
    response,
    weights,
    judged,
    jumps: tally.jumps,
    toldJumps: tally.told,
    found: tally.found,
    impulses: tally.impulses,
    right: tally.right,
    precision: tally.impulses === 0 ? 0 : tally.right / tally.impulses,
    recall: tally.jumps === 0 ? 0 : tally.found / tally.jumps,
    recallOfTold: tally.told === 0 ? 0 : tally.found / tally.told,
    delayMs: median(delays),
    leadMs: median(leads),
    results,
    profit: meanOf(results.map(({ withNews }) => withNews)),
    placebo: meanOf(results.map((one) => one.placebo)),
    placeboMoves: meanOf(results.map((one) => one.placeboMoves)),
  };
}

/** Source weights and response from seeds of their own, as the job learns them from recorded prices. */
export async function learn(hours: number, enricher: OpenEnricher, progress: (line: string) => void) {
  const sources = new Map<string, { hits: number; judged: number }>();
  const z: number[] = [];
  const move: number[] = [];
  for (let seed: number = LEARNED_ON.from; seed <= LEARNED_ON.to; seed++) {
    const world = await newsWorld(seed, hours, enricher);
    const run = playNews(tapeOfWorld(world, []), 0.5);
    for (const { item, story } of world.stories) {
      if (item.novelty === 0 || item.touches.length === 0) continue;
      const at = ORIGIN + story.at + LATENCY_MS;
      const moves: number[] = [];
      const scores: number[] = [];
      for (const { market, stance } of item.touches) {
        const path = run.mids.get(market);
        const [before, after] = [midAt(path, at), midAt(path, at + AFTER_MS)];
        if (before === null || after === null) continue;
        const sign = Math.sign(stance);
        moves.push(sign * (logit(after / PRICE_ONE) - logit(before / PRICE_ONE)));
        const said = run.estimates.find((one) => one.at === at && one.market === market && one.name === 'news-z');
        if (said) scores.push(sign * said.value);
      }
      if (moves.length === 0) continue;
      const mean = moves.reduce((a, b) => a + b, 0) / moves.length;
      const known = sources.get(item.source) ?? { hits: 0, judged: 0 };
      sources.set(item.source, { hits: known.hits + (mean > 0 ? 1 : 0), judged: known.judged + 1 });
      if (scores.length === 0) continue;
      z.push(scores.reduce((a, b) => a + b, 0) / scores.length);
      move.push(mean);
    }
  }
  const response = fitResponse(z, move);
  const weights = Object.fromEntries([...sources].map(([id, { hits, judged }]) => [id, sourceWeight(hits, judged)]));
  progress(
    `  learned on ${z.length} events of seeds ${LEARNED_ON.from} to ${LEARNED_ON.to}: slope ${response.slope.toFixed(4)}`,
  );
  const learned: Learned[] = [
    { key: RESPONSE_KEY, value: response },
    ...Object.entries(weights).map(([id, weight]) => ({ key: sourceKey(id), value: { weight } })),
  ];
  return { learned, response, weights, judged: Object.fromEntries(sources) };
}

/** Which impulses foretold a jump the right way, and which jumps were foretold. */
function detect(
  world: NewsWorld,
  run: NewsRun,
  tally: { jumps: number; told: number; found: number; impulses: number; right: number },
  delays: number[],
  leads: number[],
): void {
  const told = new Set(
    world.stories.flatMap(({ story: { truth } }) =>
      truth.kind === 'jump' ? [`${truth.question}|${truth.jumpAt}`] : [],
    ),
  );
  tally.jumps += world.jumps.length;
  tally.told += world.jumps.filter(({ question, at }) => told.has(`${question}|${at}`)).length;
  const found = new Set<string>();
  for (const { story, item } of world.stories) {
    for (const { market, stance } of item.touches) {
      const at = ORIGIN + story.at + LATENCY_MS;
      const said = run.estimates.find((one) => one.at === at && one.market === market && one.name === 'news-z');
      if (item.novelty === 0 || !said || said.value * stance <= 0 || Math.abs(said.value) < LOUD) continue;
      tally.impulses++;
      const jump = world.jumps.find(
        (one) =>
          idOf(one.question) === market &&
          ORIGIN + one.at > at &&
          ORIGIN + one.at <= at + AFTER_MS &&
          one.jump * stance > 0,
      );
      if (!jump) continue;
      tally.right++;
      const key = `${jump.question}|${jump.at}`;
      if (found.has(key)) continue;
      found.add(key);
      delays.push(at - (ORIGIN + story.at));
      leads.push(ORIGIN + jump.at - at);
    }
  }
  tally.found += found.size;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : sorted[Math.floor(sorted.length / 2)];
}

function meanOf(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}
