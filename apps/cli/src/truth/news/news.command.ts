import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FieldProblem } from '#core';
import { complainTogether, positiveNumber, readArguments, wholeNumber } from '../../arguments.js';
import { newsTruth, type NewsTruth } from './news.report.js';
import { withScorer } from './scorer.js';

const USAGE = 'npm run truth:news -- [--seeds N] [--hours H] [--json OUT]';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm run truth:news`: what news is worth on simulated markets whose jumps are known, and what its placebo is. */
export async function truthNews(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(
    argv,
    { seeds: { type: 'string' }, hours: { type: 'string' }, json: { type: 'string' } },
    USAGE,
  );
  const problems: FieldProblem[] = [];
  const seeds = wholeNumber(values.seeds, 'seeds', { min: 2, max: 10_000, fallback: 50 }, problems);
  const hours = positiveNumber(values.hours, 'hours', 1, problems);
  complainTogether(problems);
  await withScorer(async (enricher) => {
    const report = await newsTruth({ seeds, hours }, enricher, say);
    say(lines(report, enricher.scorer?.name ?? '').join('\n'));
    if (values.json !== undefined) writeFileSync(resolve(values.json), `${JSON.stringify(report, null, 2)}\n`);
  });
  return 0;
}

function lines(truth: NewsTruth, scorer: string): string[] {
  const { response, profit, placebo, seeds, hours, results } = truth;
  const share = (x: number): string => `${(100 * x).toFixed(0)} %`;
  const money = ({ mean, error }: NewsTruth['profit']): string => `$${mean.toFixed(2)} ± ${(1.96 * error).toFixed(2)}`;
  return [
    `${seeds} seeds of ${hours} h, scored by ${scorer}`,
    `response: ${response.slope.toFixed(4)} ± ${response.slopeError.toFixed(4)} log-odds per z on ${response.events} events, t ${response.outOfSampleT?.toFixed(1) ?? '–'} out of sample`,
    `source weights: ${Object.entries(truth.weights)
      .map(([id, weight]) => `${id} ${weight.toFixed(2)} (${truth.judged[id].hits} of ${truth.judged[id].judged})`)
      .join(', ')}`,
    `jumps: ${truth.jumps}, told beforehand ${truth.toldJumps}, found ${truth.found}: recall ${share(truth.recall)}, of those told ${share(truth.recallOfTold)}`,
    `impulses: ${truth.impulses}, right ${truth.right}: precision ${share(truth.precision)}`,
    `story to impulse: median ${(truth.delayMs / 1_000).toFixed(1)} s; impulse to jump: median ${(truth.leadMs / 1_000).toFixed(1)} s`,
    `profit per seed with news: ${money(profit)} (${results.reduce((sum, { trades }) => sum + trades, 0)} fills); without: $0.00; placebo, another seed’s stories at shuffled times: ${money(placebo)} (${results.reduce((sum, one) => sum + one.placeboTrades, 0)} fills)`,
    `the placebo before fees and spread: ${money(truth.placeboMoves)}`,
  ];
}
