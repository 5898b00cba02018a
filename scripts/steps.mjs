// The static checks and the test run, shared by `npm run check` and `npm test`. Each step counts as one test.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, say, seconds } from './prepare.mjs';

const tool = (path, ...args) => [process.execPath, [join(root, 'node_modules', path), ...args]];
/** What a step may remember from its last run. Keyed by content: a stale one costs time, never a wrong answer. */
const memory = join(root, 'node_modules', '.cache', 'arbintel');
mkdirSync(memory, { recursive: true });
const remembered = (name) => join(memory, name);

/**
 * The long ones first: two run at a time. The linter's type checker is the native one and reports every type error of
 * the servers, the libraries and the tests; `npm run build` checks what it emits once more, without the tests.
 */
export const STATIC_STEPS = [
  [
    'types of the page',
    ...tool(
      'vue-tsc/bin/vue-tsc.js',
      '--noEmit',
      '-p',
      'web/tsconfig.json',
      '--incremental',
      '--tsBuildInfoFile',
      remembered('types-of-the-page'),
    ),
  ],
  [
    'types and lint',
    ...tool('oxlint/bin/oxlint', '--type-aware', '--type-check', '--deny-warnings', '--ignore-pattern', 'web/**'),
  ],
  [
    'floors',
    ...tool(
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'apps',
      'libs',
      'migrations',
      'web/src',
    ),
  ],
  ['lint of the page', ...tool('oxlint/bin/oxlint', '--type-aware', '--deny-warnings', 'web')],
  ['generated types', ...tool('@graphql-codegen/cli/cjs/bin.js', '--config', 'web/codegen.ts', '--check')],
  ['format', ...tool('oxfmt/bin/oxfmt', '--check')],
];

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs the steps two at a time (two cores), prints a line for each and the output of those that fail. */
export async function staticSteps() {
  const queue = [...STATIC_STEPS];
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const lane = async () => {
    for (let step = queue.shift(); step; step = queue.shift()) {
      const [name, command, args] = step;
      const began = Date.now();
      const { code, output } = await run(command, args);
      say(`${code === 0 ? '✓' : '✗'} ${name} (${seconds(began)})`);
      if (code === 0) totals.passed += 1;
      else {
        totals.failed += 1;
        say(output.trimEnd());
      }
    }
  };
  await Promise.all([lane(), lane()]);
  return totals;
}

/** Runs vitest projects and counts their tests; a file that cannot even load counts as a failure. */
export async function vitest(projects, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'arbintel-test-'));
  const report = join(folder, 'report.json');
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...projects.flatMap((name) => ['--project', name]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } },
  );
  const code = await new Promise((resolve) => child.on('close', (status) => resolve(status ?? 1)));
  const totals = { passed: 0, failed: 0, skipped: 0 };
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed = result.numPassedTests;
    totals.failed = result.numFailedTests;
    totals.skipped = result.numPendingTests + (result.numTodoTests ?? 0);
    for (const file of result.testResults)
      if (file.status === 'failed' && file.assertionResults.length === 0) totals.failed += 1;
    const skipped = result.testResults.flatMap((file) =>
      file.assertionResults
        .filter((test) => test.status === 'pending' || test.status === 'skipped')
        .map((test) => test.fullName),
    );
    for (const name of skipped) say(`↷ skipped: ${name}`);
  } catch {
    say('the test runner left no report');
  }
  if (code !== 0 && totals.failed === 0) totals.failed = 1;
  rmSync(folder, { recursive: true, force: true });
  return totals;
}

export function finish(all) {
  const sum = (key) => all.reduce((total, part) => total + part[key], 0);
  const skipped = sum('skipped');
  console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}
