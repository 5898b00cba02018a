import { resolve } from 'node:path';
import { UserProblem } from '#core';
import { readArguments } from '../arguments.js';
import { verifyFolder, type CaseVerdict, type FileVerdict } from './verify.js';

const USAGE = 'npm run verify:reference -- DIR';
/** More than these of one case tell nothing new. */
const SHOWN_PROBLEMS = 5;

/** `npm run verify:reference`: our functions against the numbers of a folder. Exit code 1 when any of them is wrong. */
export function verifyReference(argv: readonly string[]): Promise<number> {
  const { positionals } = readArguments(argv, {}, USAGE, true);
  if (positionals.length !== 1) throw new UserProblem(`say one folder: ${USAGE}`);
  const verdicts = verifyFolder(resolve(positionals[0]));
  process.stdout.write(`${report(verdicts).join('\n')}\n`);
  return Promise.resolve(verdicts.every((file) => file.cases.every((one) => one.passed)) ? 0 : 1);
}

/** A table per file; the last line is `N passed, N failed`, counting cases. */
export function report(verdicts: readonly FileVerdict[]): string[] {
  const cases = verdicts.flatMap((file) => file.cases);
  const passed = cases.filter((one) => one.passed).length;
  return [...verdicts.flatMap(fileTable), `${passed} passed, ${cases.length - passed} failed`];
}

function fileTable({ file, model, cases }: FileVerdict): string[] {
  const width = Math.max(4, ...cases.map((one) => one.id.length));
  return [
    model === '' ? file : `${file} · ${model}`,
    `  ${'case'.padEnd(width)}  result  values  worst, % of the tolerance`,
    ...cases.flatMap((one) => caseLines(one, width)),
    '',
  ];
}

function caseLines({ id, passed, comparison, strict, problems }: CaseVerdict, width: number): string[] {
  const hidden = problems.length - SHOWN_PROBLEMS;
  return [
    `  ${id.padEnd(width)}  ${passed ? 'passed' : 'FAILED'}  ${String(comparison?.compared ?? 0).padStart(6)}  ${worst(comparison)}${goal(strict)}`.trimEnd(),
    ...problems.slice(0, SHOWN_PROBLEMS).map((problem) => `    ${problem}`),
    ...(hidden > 0 ? [`    and ${hidden} more`] : []),
  ];
}

function worst(comparison: Comparison | null): string {
  if (comparison === null) return '';
  if (comparison.better) return 'better than the reference';
  const share = comparison.worst * 100;
  return share === 0 ? '0' : `${share < 0.01 ? '<0.01' : share.toFixed(2)} at ${comparison.worstAt}`;
}

/** What the file calls strict is a goal, not a demand. */
function goal(strict: boolean | null): string {
  if (strict === null) return '';
  return strict ? ' · strict too' : ' · not strict';
}

type Comparison = NonNullable<CaseVerdict['comparison']>;
