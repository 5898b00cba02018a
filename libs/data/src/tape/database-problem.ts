import pg from 'pg';
import { Defect, OutsideProblem, UserProblem } from '#core';
import { StaleEpoch } from '../contracts.js';

/** SQLSTATE classes of a server that is away, full or busy: trying again can help. */
const RETRY = /^(08|53|57|58|40|55|25P0[34])/;

/** What the driver threw, in our three kinds. A refused value is our own mistake; all else is outside. */
export function databaseProblem(doing: string, cause: unknown): Error {
  if (cause instanceof OutsideProblem || cause instanceof UserProblem || cause instanceof Defect) return cause;
  if (cause instanceof StaleEpoch) return cause;
  // A mistake of ours in what was done with the rows.
  if (cause instanceof TypeError || cause instanceof RangeError || cause instanceof SyntaxError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof pg.DatabaseError ? cause.code : undefined;
  if (code !== undefined && !RETRY.test(code)) return new Defect(`${doing}: ${message} (${code})`, { cause });
  return new OutsideProblem(`${doing}: ${message}`, true, { cause });
}
