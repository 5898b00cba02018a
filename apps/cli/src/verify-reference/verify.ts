import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserProblem } from '#core';
import { compare, type Comparison } from './compare.js';
import { modelOf } from './models.js';
import { firstProblem, readReferenceFile } from './reference-file.js';
import type { ReferenceCase, ReferenceModel, ToleranceTable } from './reference-model.js';

export interface CaseVerdict {
  readonly id: string;
  readonly passed: boolean;
  readonly comparison: Comparison | null;
  /** Whether the file's stretch goal is reached as well; `null` where it states none. */
  readonly strict: boolean | null;
  /** Why it failed, one sentence each. */
  readonly problems: readonly string[];
}

export interface FileVerdict {
  readonly file: string;
  /** As the file says it; `''` when it could not be read. */
  readonly model: string;
  /** At least one, so that a bad file counts as a failure. */
  readonly cases: readonly CaseVerdict[];
}

/**
 * Every `*.json` of a folder, in the order of their names.
 *
 * @throws UserProblem when there is no such folder or it holds no such file.
 */
export function verifyFolder(folder: string): readonly FileVerdict[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch (error) {
    throw new UserProblem(`${folder} cannot be read: ${(error as Error).message}`);
  }
  if (names.length === 0) throw new UserProblem(`${folder} holds no *.json file`);
  return names.toSorted().map((name) => verifyFile(folder, name));
}

export function verifyFile(folder: string, name: string): FileVerdict {
  let title = '';
  try {
    const file = readReferenceFile(join(folder, name));
    title = file.model;
    const model = modelOf(file);
    return { file: name, model: title, cases: file.cases.map((one) => verifyCase(model, one, file.tolerance)) };
  } catch (error) {
    if (!(error instanceof UserProblem)) throw error;
    const problem = `${name}: ${error.message}`;
    return {
      file: name,
      model: title,
      cases: [{ id: '(file)', passed: false, comparison: null, strict: null, problems: [problem] }],
    };
  }
}

function verifyCase(model: ReferenceModel, of: ReferenceCase, tolerance: ToleranceTable): CaseVerdict {
  const problem = firstProblem(model.input, of.input);
  if (problem !== null)
    return {
      id: of.id,
      passed: false,
      comparison: null,
      strict: null,
      problems: [`the input does not fit: ${problem}`],
    };
  let actual: Readonly<Record<string, unknown>>;
  try {
    actual = model.run(of.input, of);
  } catch (error) {
    return { id: of.id, passed: false, comparison: null, strict: null, problems: [(error as Error).message] };
  }
  const comparison = compare(model, of, actual, tolerance);
  const passed = comparison.wrong.length === 0;
  return { id: of.id, passed, comparison, strict: reachesStrict(), problems: comparison.wrong };

  function reachesStrict(): boolean | null {
    const { strict } = tolerance;
    if (typeof strict !== 'object' || strict === null) return null;
    return passed && compare(model, of, actual, { ...tolerance, ...strict }).wrong.length === 0;
  }
}
