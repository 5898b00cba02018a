import type { Refusal } from '#core';
import type { Session } from './sessions.js';
import type { DenialRun, OrderGroup, World } from './world.js';
import { ownerOf } from './world.js';

/** A run of equal denials is journalled at once, then at most so often. */
const EVERY_MS = 60_000;

export type Denial = Omit<DenialRun['last'], 'count' | 'firstAt'>;

export const denialKey = (session: Session, legs: OrderGroup['legs']): string =>
  `${session.id}|${legs.map((leg) => `${leg.ref}${leg.outcome}${leg.action}`).join(',')}`;

/** Journals a refused order group, or counts it when it repeats the one before. Returns its signal id. */
export function deny(world: World, session: Session, key: string, denial: Omit<Denial, 'signalId' | 'kind'>): string {
  const { journal } = world;
  session.denials++;
  const rule = ruleOf(denial.refusals);
  const run = world.denials.get(key);
  if (run !== undefined && run.rule === rule) {
    run.count++;
    run.lastAt = journal.at;
    run.last = { ...run.last, ...denial };
    if (journal.at - run.journalledAt >= EVERY_MS) write(world, session, run);
    return run.last.signalId;
  }
  endDenials(world, session, key);
  const signalId = `S${journal.seq}.${journal.nextOrdinal}`;
  const fresh: DenialRun = {
    session: session.id,
    rule,
    firstAt: journal.at,
    lastAt: journal.at,
    journalledAt: journal.at,
    count: 1,
    journalled: 0,
    last: { kind: 'denial', signalId, count: 1, firstAt: journal.at, ...denial },
  };
  world.denials.set(key, fresh);
  write(world, session, fresh);
  return signalId;
}

/** The run on these legs is over: what was counted and not yet journalled is. */
export function endDenials(world: World, session: Session, key: string): void {
  const run = world.denials.get(key);
  if (run === undefined) return;
  if (run.count > run.journalled) write(world, session, run);
  world.denials.delete(key);
}

/** Ends runs that had no denial for a while (`idle`), or all of one session. */
export function sweepDenials(world: World, which: 'idle' | Session): void {
  for (const [key, run] of world.denials) {
    if (which === 'idle' ? world.journal.at - run.lastAt < EVERY_MS : run.session !== which.id) continue;
    const session = world.sessions.get(run.session);
    if (session === undefined) world.denials.delete(key);
    else endDenials(world, session, key);
  }
}

function write(world: World, session: Session, run: DenialRun): void {
  run.journalledAt = world.journal.at;
  run.journalled = run.count;
  const { causes, kind, signalId, legs, refusals } = run.last;
  const owner = ownerOf({ session: session.id, workflow: session.workflow.id, account: session.workflow.account });
  world.journal.write(owner, causes, { kind, signalId, legs, refusals, count: run.count, firstAt: run.firstAt });
}

const ruleOf = (refusals: readonly Refusal[]): string => refusals[0]?.rule ?? '';
