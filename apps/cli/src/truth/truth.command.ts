import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserProblem, type FieldProblem } from '#core';
import { complainTogether, readArguments, wholeNumber } from '../arguments.js';
import { insertReport, truthPage } from './truth.page.js';
import { newsControl } from './news/news-control.js';
import { withScorer } from './news/scorer.js';
import { newsControlReport, truthReport } from './truth.report.js';
import { REPORTED_FROM, TUNED_ON } from './truth.seeds.js';
import { tune, tunePool, type Tuned } from './tuning.js';

const USAGE = 'npm run truth -- models [--seeds N] [--tune] [--docs FILE] [--json OUT]';
const SEEDS = 50;
const DOCS = 'docs/models.md';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * `npm run truth -- models`: what the models make of simulated markets whose truth is known, written into the marked part of
 * `docs/models.md`. `--tune` chooses defaults instead, on other seeds, and changes no file.
 */
export async function truth(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    argv,
    {
      seeds: { type: 'string' },
      tune: { type: 'boolean' },
      docs: { type: 'string' },
      json: { type: 'string' },
    },
    USAGE,
    true,
  );
  if (positionals.length !== 1 || positionals[0] !== 'models') throw new UserProblem(`say what about: ${USAGE}`);
  const problems: FieldProblem[] = [];
  const seeds = wholeNumber(values.seeds, 'seeds', { min: 2, max: 100_000, fallback: SEEDS }, problems);
  complainTogether(problems);
  if (values.tune === true) return chooseDefaults();

  const began = performance.now();
  const reported = { from: REPORTED_FROM, to: REPORTED_FROM + seeds - 1 };
  const report = truthReport(reported, (seed) => {
    if ((seed - REPORTED_FROM) % 10 === 9) say(`  ${seed - REPORTED_FROM + 1} of ${seeds} seeds`);
  });
  const news = newsControlReport(await withScorer((enricher) => newsControl(reported, enricher)));
  const page = truthPage(report, news);
  say(page);
  const file = resolve(values.docs ?? DOCS);
  writeFileSync(file, insertReport(readFileSync(file, 'utf8'), page));
  if (values.json !== undefined)
    writeFileSync(resolve(values.json), `${JSON.stringify({ ...report, news }, null, 2)}\n`);
  say(`${file} is written; ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  return 0;
}

function chooseDefaults(): number {
  say(
    `choosing on seeds ${TUNED_ON.from} to ${TUNED_ON.to}; ln(error of fair value / error of mid), smaller is better`,
  );
  const start = { useMicroprice: true, volatility: 0.25, rFloor: 1e-4, depthRef: 100, gate: 3, jumpAfter: 3 };
  const told = ({ choice, score }: Tuned): void => say(`  ${score.toFixed(4)}  ${JSON.stringify(choice)}`);
  tune(TUNED_ON, start, told);
  say('the pool of quotes and trades; ln(error of the pool / error of the quotes)');
  tunePool(TUNED_ON, told);
  return 0;
}
