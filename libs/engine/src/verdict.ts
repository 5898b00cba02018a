import { assessAloud, UserProblem, type AccountId, type MarketId, type Money, type Price, type Size } from '#core';
import type { SignalLeg } from '#plugin-sdk';
import { linkOf, modeOn } from './gate.js';
import type { LegCost, OrderQuestion, OrderVerdict } from './kernel.types.js';
import { costOf, debitAt } from './paper-broker.js';
import { riskLeg } from './risk-leg.js';
import { riskState } from './risk-view.js';
import { limitsOf, type Session } from './sessions.js';
import type { World } from './world.js';

/**
 * The gate's answer to an order on the state as it is, with every rule's numbers: the same legs, the same state and the same
 * rules as for a signal, and nothing is reserved or written.
 *
 * @throws UserProblem for an account, workflow or market that the lane does not know.
 */
export function verdictOf(world: World, question: OrderQuestion): OrderVerdict {
  const account = world.accounts.all.get(question.account as AccountId);
  if (account === undefined) throw unknown('/account', `There is no account ${question.account}.`);
  const session = question.workflow === null ? null : sessionOf(world, question.workflow);
  if (session !== null && session.workflow.account !== question.account)
    throw unknown('/workflow', `Workflow ${session.workflow.id} trades for ${session.workflow.account}.`);
  const legs = question.legs.map(({ market, outcome, action, size, limit }, index): SignalLeg => {
    const ref = world.markets.refs.get(market as MarketId);
    if (ref === undefined) throw unknown(`/legs/${index}/market`, `The lane knows no market ${market}.`);
    return { market: ref, outcome, action, size: size as Size, limit: limit as Price };
  });
  const limits = (session && limitsOf(world, session)) ?? account.record.limits;
  const risk = legs.map((leg) => riskLeg(world, account, leg, session));
  const rules = assessAloud(
    riskState(world, account, limits, session),
    { legs: risk, link: question.as === 'hedge' ? 'none' : linkOf(world, legs, null) },
    question.as,
  );
  const mode =
    session === null
      ? null
      : modeOn(
          world,
          session,
          legs.map(({ market }) => market),
        );
  return {
    seq: world.journal.seq,
    at: world.journal.at,
    goes: mode !== 'off' && rules.every(({ refuses }) => !refuses),
    mode,
    rules,
    legs: risk.map((leg): LegCost => {
      const rule = world.markets.fee(world.markets.get(leg.ref), world.journal.at);
      const { kalshiPrecision } = account.record;
      const priced =
        rule !== null && leg.size > 0 && !Number.isNaN(debitAt(rule, leg.limit, leg.size, kalshiPrecision));
      const parts = [{ price: leg.limit as Price, size: leg.size as Size }];
      return {
        market: leg.market,
        fee: priced ? costOf(rule, parts, kalshiPrecision, leg.action).fee : null,
        debit: leg.feeKnown && Number.isSafeInteger(leg.debit) ? (leg.debit as Money) : null,
        best: leg.best,
        depth: leg.depth,
      };
    }),
  };
}

function sessionOf(world: World, workflow: string): Session {
  const found = [...world.sessions.values()].findLast(
    (session) => session.workflow.id === workflow && session.state !== 'ended',
  );
  if (found === undefined) throw unknown('/workflow', `No workflow ${workflow} runs.`);
  return found;
}

const unknown = (path: string, message: string): UserProblem => new UserProblem(message, [{ path, message }]);
