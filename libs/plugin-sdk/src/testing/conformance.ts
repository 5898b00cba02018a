import { Defect } from '#core';
import { manifestProblem, schemaProblem } from '../checks.js';
import type { Manifest } from '../manifest.js';

/** A named check; `run` throws `Defect` with a sentence when the plugin fails it. Any test runner can list them. */
export interface ConformanceCheck {
  readonly name: string;
  run(): void;
}

/** As `ConformanceCheck`, for plugins whose functions take their time. */
export interface SlowCheck {
  readonly name: string;
  run(): Promise<void>;
}

export function checkManifest(manifest: Manifest): void {
  const problem = manifestProblem(manifest);
  check(problem === '', problem);
}

export function checkSchema(schema: object): void {
  const problem = schemaProblem(schema);
  check(problem === '', problem);
}

export function check(condition: boolean, message: string): void {
  if (!condition) throw new Defect(message);
}

/** What every kind must pass before anything else. */
export const commonChecks = (plugin: {
  readonly manifest: Manifest;
  readonly configSchema: object;
}): readonly ConformanceCheck[] => [
  { name: 'has a valid manifest', run: () => checkManifest(plugin.manifest) },
  { name: 'describes its config as a form needs it', run: () => checkSchema(plugin.configSchema) },
  { name: 'is frozen', run: () => check(Object.isFrozen(plugin), 'the plugin can be changed after it was defined') },
];
