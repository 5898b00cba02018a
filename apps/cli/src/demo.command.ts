import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FieldProblem } from '#core';
import { createPool, runSummary, type RunSummary } from '#data';
import { complainTogether, positiveNumber, readArguments, wholeNumber } from './arguments.js';
import { announce, hearEnd, say, waitForEnd } from './launch/console.js';
import { choosePort, openDataFolder } from './launch/data-folder.js';
import { keepLinks } from './launch/demo-links.js';
import { launch, root } from './launch/launcher.js';

const USAGE =
  'npm run demo -- [--exit-after SECONDS] [--json FILE] [--port N] [--host ADDRESS] [--data-dir DIR] [--seed N] [--rate X] [--misbehave "kind@second,…"] [--captures DIR [--pace real|flat]]';

/** `npm run demo`: the whole system on two simulated venues, or on captured frames played by them. */
export async function demo(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(
    argv,
    {
      'exit-after': { type: 'string' },
      json: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      'data-dir': { type: 'string' },
      seed: { type: 'string' },
      rate: { type: 'string' },
      captures: { type: 'string' },
      pace: { type: 'string' },
      misbehave: { type: 'string' },
    },
    USAGE,
  );
  const problems: FieldProblem[] = [];
  const exitAfter =
    values['exit-after'] === undefined ? null : positiveNumber(values['exit-after'], 'exit-after', 60, problems);
  const port = wholeNumber(values.port, 'port', { min: 0, max: 65_535, fallback: 4280 }, problems);
  wholeNumber(values.seed, 'seed', { min: 0, max: 2 ** 32 - 1, fallback: 1 }, problems);
  positiveNumber(values.rate, 'rate', 1, problems);
  if (values.pace !== undefined && values.pace !== 'real' && values.pace !== 'flat')
    problems.push({ path: '/pace', message: `--pace is ${JSON.stringify(values.pace)}; it must be real or flat` });
  complainTogether(problems);

  const captures = values.captures === undefined ? null : resolve(values.captures);
  const dataDir = resolve(root, values['data-dir'] ?? (captures ? '.data/captures' : '.data/demo'));
  const host = values.host ?? '127.0.0.1';
  const mode = captures ? 'captures' : 'demo';
  const release = openDataFolder(dataDir, mode);
  const asked = hearEnd();
  try {
    const began = Date.now();
    const launched = await launch({
      mode,
      dataDir,
      host,
      port: await choosePort(host, port, values.port !== undefined),
      simulator: simulatorArguments(dataDir, captures, values),
      say,
    });
    const stopLinks = keepLinks(dataDir, String(launched.simulator?.['controlUrl']));
    announce(launched);
    say(`everything runs after ${((Date.now() - began) / 1000).toFixed(1)} s; Ctrl-C stops it`);

    const lost = await waitForEnd(launched, asked, exitAfter);
    stopLinks();
    if (lost) say(lost);
    say('· stopping');
    let summary: RunSummary | null = null;
    const clean = await launched.stop(async () => {
      const pool = createPool(launched.databaseUrl, 1);
      try {
        summary = await runSummary(pool, began);
      } finally {
        await pool.end();
      }
    });
    report(summary, clean && lost === null, values.json);
    return clean && lost === null ? 0 : 1;
  } finally {
    release();
  }
}

function simulatorArguments(
  dataDir: string,
  captures: string | null,
  values: Readonly<Record<string, unknown>>,
): string[] {
  const args = ['--state', join(dataDir, 'simulator')];
  if (captures) args.push('--captures', captures);
  for (const name of ['seed', 'rate', 'pace', 'misbehave'] as const) {
    const value = values[name];
    if (typeof value === 'string') args.push(`--${name}`, value);
  }
  return args;
}

function report(summary: RunSummary | null, stoppedClean: boolean, file: string | undefined): void {
  if (!summary) return;
  const whole = { ...(summary as RunSummary), stoppedClean };
  if (file) writeFileSync(resolve(file), `${JSON.stringify(whole, null, 2)}\n`);
  const frames = Object.entries(whole.frames).map(([venue, count]) => `${count} frames of ${venue}`);
  const { accepted, denied } = whole.opportunities;
  say(
    `stopped ${stoppedClean ? 'cleanly' : 'with a problem'}: ${[...frames, `${whole.events} events`, `${whole.gaps} gaps`, `${whole.tapeRows} tape rows`].join(', ')}; ${accepted} opportunities accepted, ${denied} denied, ${whole.fills} fills`,
  );
}
