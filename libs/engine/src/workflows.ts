import type { SessionEntry, WorkflowId, WorkflowRecord } from '#core';
import { sweepDenials } from './denials.js';
import { Estimates } from './estimates.js';
import { closeOf } from './opportunities.js';
import { withdraw } from './order-groups.js';
import type { KernelPlugins } from './kernel.types.js';
import { pin, sessionId, type SavedSession, type Session } from './sessions.js';
import { ownerOf, type World } from './world.js';

/** Ended sessions a kernel still shows. */
const ENDED_KEPT = 50;

/** A saved workflow starts a session; a new version ends the one before it. The same version may only change its mode. */
export function saveWorkflow(world: World, plugins: KernelPlugins, workflow: WorkflowRecord): void {
  const running = liveSession(world, workflow.id);
  if (running !== undefined && running.workflow.version === workflow.version) {
    if (running.workflow.mode === workflow.mode) return;
    running.workflow = workflow;
    running.mode = workflow.mode;
    tell(world, running, 'mode', `The workflow is ${workflow.mode} now.`);
    if (workflow.mode === 'off') rest(world, running, 'The workflow was switched off.');
    return;
  }
  if (running !== undefined) {
    if (workflow.version < running.workflow.version) return;
    endSession(world, running, `Version ${workflow.version} took its place.`);
  }
  start(world, plugins, workflow);
}

function start(world: World, plugins: KernelPlugins, workflow: WorkflowRecord): void {
  const id = sessionId(workflow.id, workflow.version);
  if (world.sessions.has(id)) return;
  const session: Session = {
    id,
    workflow,
    mode: workflow.mode,
    state: 'running',
    reason: '',
    startedAt: world.journal.at,
    signals: 0,
    denials: 0,
    fills: 0,
    strategyState: undefined,
    modelStates: [],
    estimates: new Estimates(),
    buckets: new Map(),
    strategy: null,
    models: [],
    limits: null,
    linksOf: new Map(),
    heardLinks: new Map(),
    groupOf: new Map(),
    views: null,
  };
  world.sessions.set(id, session);
  const pinned = pin(plugins, workflow);
  const complaint =
    typeof pinned === 'string'
      ? pinned
      : world.accounts.all.has(workflow.account)
        ? initialise(session, pinned)
        : `There is no account ${workflow.account}.`;
  tell(world, session, 'started', `${workflow.plugin} ${workflow.pluginVersion}, ${workflow.mode}.`);
  if (complaint !== '') endSession(world, session, complaint);
}

/** Gives the session its plugins and their first states; `''` or why that failed. */
function initialise(session: Session, pinned: Exclude<ReturnType<typeof pin>, string>): string {
  try {
    session.strategyState = pinned.strategy.initialState(session.workflow.config);
    for (const [i, model] of pinned.models.entries())
      session.modelStates.push(model.initialState(session.workflow.models[i].config));
  } catch (error) {
    return `Its first state could not be made: ${error instanceof Error ? error.message : String(error)}`;
  }
  session.strategy = pinned.strategy;
  session.models = pinned.models;
  return '';
}

export function archiveWorkflow(world: World, id: WorkflowId): void {
  const session = liveSession(world, id);
  if (session !== undefined) endSession(world, session, 'The workflow was archived.');
}

export function pauseWorkflow(world: World, id: WorkflowId, cause: number, reason: string): Session | undefined {
  const session = liveSession(world, id);
  if (session === undefined || session.state === 'paused') return session;
  session.state = 'paused';
  session.reason = reason;
  tell(world, session, 'paused', reason, [cause]);
  rest(world, session, 'The workflow was paused.');
  return session;
}

export function resumeWorkflow(world: World, id: WorkflowId): Session | undefined {
  const session = liveSession(world, id);
  if (session === undefined || session.state !== 'paused') return session;
  session.state = 'running';
  session.reason = '';
  tell(world, session, 'resumed', '');
  return session;
}

function endSession(world: World, session: Session, reason: string): void {
  session.state = 'ended';
  session.reason = reason;
  rest(world, session, reason);
  tell(world, session, 'ended', reason);
  session.strategy = null;
  session.models = [];
  session.strategyState = undefined;
  session.modelStates.length = 0;
  session.estimates.clear();
  forgetOldest(world);
}

/** No new orders: what has filled nothing is cancelled, hedges finish, positions are held to settlement. */
function rest(world: World, session: Session, reason: string): void {
  withdraw(world, (group) => group.session === session.id, reason);
  closeOf(world, session, reason);
  sweepDenials(world, session);
}

function liveSession(world: World, id: WorkflowId): Session | undefined {
  for (const session of world.sessions.values())
    if (session.workflow.id === id && session.state !== 'ended') return session;
  return undefined;
}

function forgetOldest(world: World): void {
  const ended = [...world.sessions.values()].filter((session) => session.state === 'ended');
  const busy = new Set([...world.groups.values()].map((group) => group.session));
  for (const session of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT)))
    if (!busy.has(session.id)) world.sessions.delete(session.id);
}

function tell(
  world: World,
  session: Session,
  state: SessionEntry['state'],
  reason: string,
  causes: readonly number[] = [],
): void {
  const { id, workflow } = session;
  world.journal.write(
    ownerOf({ session: id, workflow: workflow.id, account: workflow.account }),
    [...causes, world.journal.reached ? world.journal.seq : 0],
    { kind: 'session', state, reason },
  );
}

/** A session from a snapshot, with the plugins it is pinned to; `null` when this build has not got them. */
export function reviveSession(plugins: KernelPlugins, saved: SavedSession): Session | string {
  const derived = { linksOf: new Map(), heardLinks: new Map(), groupOf: new Map(), views: null };
  const estimates = Estimates.of(saved.estimates);
  const bare: Session = { ...saved, estimates, strategy: null, models: [], limits: null, ...derived };
  if (saved.state === 'ended') return bare;
  const pinned = pin(plugins, saved.workflow);
  if (typeof pinned === 'string') return pinned;
  return { ...bare, strategy: pinned.strategy, models: pinned.models };
}
