import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserProblem } from '#core';
import type { Override } from '../model/model-feed.js';

/** What must survive a restart for the same story to go on: seed, origin, and what people forced. */
export interface SimulatorState {
  readonly seed: number;
  /** Wall clock of sim time 0. */
  readonly origin: number;
  readonly overrides: readonly Override[];
}

const FILE = 'simulator.json';

/**
 * Reads the state folder or begins a new story in it.
 *
 * @throws UserProblem when the folder holds the story of another seed, or cannot be read.
 */
export function openState(folder: string, seed: number | null, now: number): SimulatorState {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, FILE);
  let text: string | null = null;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new UserProblem(`${file} cannot be read: ${(error as Error).message}`);
  }
  if (text === null) {
    const state = { seed: seed ?? 1, origin: now, overrides: [] };
    saveState(folder, state);
    return state;
  }
  let state: SimulatorState;
  try {
    state = JSON.parse(text) as SimulatorState;
  } catch {
    throw new UserProblem(`${file} holds no state of a simulator; remove it to begin again`);
  }
  if (!Number.isInteger(state.seed) || !Number.isFinite(state.origin))
    throw new UserProblem(`${file} holds no state of a simulator; remove it to begin again`);
  if (seed !== null && seed !== state.seed)
    throw new UserProblem(
      `${folder} holds the story of seed ${state.seed}, not ${seed}; leave --seed out or name another folder with --state`,
    );
  return { ...state, overrides: state.overrides ?? [] };
}

export function saveState(folder: string, state: SimulatorState): void {
  const file = join(folder, FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
