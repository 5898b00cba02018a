import { unreachable, type Act, type MarketRef, type SessionId } from '#core';
import type { KernelPlugins } from './kernel.types.js';
import { closeWhere } from './opportunities.js';
import { withdraw } from './order-groups.js';
import { archiveWorkflow, resumeWorkflow, saveWorkflow } from './workflows.js';
import type { Session } from './sessions.js';
import type { World } from './world.js';

/** What an operator did takes effect at its place on the tape. Returns the session that was resumed, if any. */
export function applyAct(world: World, plugins: KernelPlugins, act: Act): Session | undefined {
  switch (act.kind) {
    case 'account':
      world.accounts.save(act.account);
      return undefined;
    case 'workflow':
      saveWorkflow(world, plugins, act.workflow);
      return undefined;
    case 'workflow-archived':
      archiveWorkflow(world, act.workflow);
      return undefined;
    case 'workflow-resumed':
      return resumeWorkflow(world, act.workflow);
    case 'enablement':
      world.enablement.set(act.settings);
      restDisabled(world);
      return undefined;
    case 'kill-switch':
      world.accounts.kill(act.on, act.account, act.reason);
      return undefined;
    case 'reset-halt':
      world.accounts.reset(act.account);
      return undefined;
    case 'deposit':
      world.accounts.deposit(act.account, act.amount);
      return undefined;
    default:
      return unreachable(act);
  }
}

const OFF_HERE = 'The plugin was switched off here.';

/** Where a plugin is off now, what has filled nothing is cancelled and nothing is an opportunity. */
function restDisabled(world: World): void {
  const isOff = (id: SessionId | '', refs: readonly MarketRef[]): boolean => {
    const plugin = id === '' ? undefined : world.sessions.get(id)?.workflow.plugin;
    return plugin !== undefined && refs.some((ref) => world.enablement.mode(plugin, world.markets.get(ref)) === 'off');
  };
  withdraw(
    world,
    (group) =>
      isOff(
        group.session,
        group.legs.map((leg) => leg.ref),
      ),
    OFF_HERE,
  );
  closeWhere(world, (episode) => isOff(episode.owner.session, episode.refs), OFF_HERE);
}
