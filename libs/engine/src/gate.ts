import { assess, type Link, type LinkId, type Mode, type Refusal, type RiskOrder } from '#core';
import type { Signal, SignalLeg } from '#plugin-sdk';
import { deny, denialKey, endDenials } from './denials.js';
import { lowerMode } from './enablement.js';
import { episodeOf, gone, sighted } from './opportunities.js';
import { cancelResting, openGroup } from './order-groups.js';
import { riskLeg } from './risk-leg.js';
import { riskState } from './risk-view.js';
import type { Session } from './sessions.js';
import { setPays } from './sets.js';
import { causesOf, ownerOf, requestOf, type LegState, type World } from './world.js';

type OrderSignal = Extract<Signal, { readonly kind: 'order' }>;

/** Where every signal of a strategy goes. Nothing reaches a broker but through here. */
export function passSignal(world: World, session: Session, signal: Signal): void {
  switch (signal.kind) {
    case 'cancel':
      cancelResting(world, session, signal.market);
      return;
    case 'gone':
      gone(world, session, signal.link, signal.group, signal.direction);
      return;
    case 'sighting':
      if (modeOn(world, session, signal.sighting.markets) !== 'off')
        sighted(world, session, signal.sighting, 'net-negative', null, signal.sighting.reason);
      return;
    case 'order':
      gateOrder(world, session, signal);
  }
}

/** Effective mode: the lowest of the workflow's and what is enabled for its plugin at every market touched. */
export function modeOn(world: World, session: Session, refs: readonly SignalLeg['market'][]): Mode {
  let mode = session.mode;
  for (const ref of refs)
    mode = lowerMode(mode, world.enablement.mode(session.workflow.plugin, world.markets.get(ref)));
  return mode;
}

/** An order group is asked about as a whole: all of it may go, or none. */
function gateOrder(world: World, session: Session, signal: OrderSignal): void {
  const refs = signal.legs.map((leg) => leg.market);
  const mode = modeOn(world, session, refs);
  if (mode === 'off') return;
  const account = world.accounts.all.get(session.workflow.account);
  if (account === undefined || session.limits === null) return;
  session.signals++;

  // Spelled out: a spread with more behind it costs fifteen times as much.
  const legs = signal.legs.map((leg): LegState => ({
    ref: leg.market,
    outcome: leg.outcome,
    action: leg.action,
    limit: leg.limit,
    restMs: leg.restMs,
    filled: 0,
    cost: 0,
    settled: false,
    proceeds: 0,
  }));
  const risk = signal.legs.map((leg) => riskLeg(world, account, leg, session));
  const order: RiskOrder = { legs: risk, link: linkOf(world, signal.legs, signal.sighting?.link ?? null) };
  const refusals = assess(riskState(world, account, session.limits, session), order);
  const key = denialKey(session, legs);
  const causes = causesOf(world, refs);

  if (refusals.length > 0) {
    const requests = signal.legs.map((leg, i) => requestOf(world, legs[i], leg.size));
    const signalId = deny(world, session, key, { causes, legs: requests, refusals });
    if (signal.sighting !== undefined) sighted(world, session, signal.sighting, 'denied', signalId, firstOf(refusals));
    return;
  }
  endDenials(world, session, key);
  // A shadow session moves nothing, so it would say the same at every event: once per episode is enough.
  const known = signal.sighting === undefined ? undefined : episodeOf(world, session, signal.sighting);
  const told = mode === 'shadow' && known?.verdict === 'shadow';
  const { journal } = world;
  const signalId = told ? known.signalId : `S${journal.seq}.${journal.nextOrdinal}`;
  if (signalId === null) return;
  if (!told) {
    const owner = ownerOf({ session: session.id, workflow: session.workflow.id, account: account.record.id });
    journal.write(owner, causes, {
      kind: 'signal',
      signalId,
      legs: signal.legs.map((leg, i) => requestOf(world, legs[i], leg.size)),
      reason: signal.reason,
      mode,
    });
  }
  if (signal.sighting !== undefined)
    sighted(world, session, signal.sighting, mode === 'shadow' ? 'shadow' : 'accepted', signalId, '');
  if (mode === 'paper')
    openGroup(world, account, session, signalId, {
      legs,
      size: signal.legs[0].size,
      debits: risk.map((leg) => leg.debit),
      causes,
      opportunity: signal.sighting === undefined ? null : (episodeOf(world, session, signal.sighting)?.id ?? null),
      link: typeof order.link === 'object' ? order.link.id : null,
      setPays: setPays(world, legs, typeof order.link === 'object' ? order.link : null),
    });
}

const firstOf = (refusals: readonly Refusal[]): string => refusals[0].message;

/** The link legs on unlike events rely on. Legs of one group rely on the group's rules alone. */
export function linkOf(world: World, legs: readonly SignalLeg[], stated: LinkId | null): Link | 'none' | 'missing' {
  const infos = legs.map((leg) => world.markets.get(leg.market).info);
  if (infos.length < 2 || infos.every((info) => info.id === infos[0].id)) return 'none';
  if (infos[0].group !== null && infos.every((info) => info.group === infos[0].group)) return 'none';
  if (infos.length > 2) return 'missing';
  if (stated === null) return world.markets.linkBetween(infos[0].id, infos[1].id) ?? 'missing';
  const link = world.markets.links.get(stated);
  const joins =
    link !== undefined &&
    ((link.a === infos[0].id && link.b === infos[1].id) || (link.b === infos[0].id && link.a === infos[1].id));
  return joins ? link : 'missing';
}
