import { unreachable, type Act } from '#core';
import type { KernelPlugins } from './kernel.types.js';
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
      return undefined;
    case 'kill-switch':
      if (act.on)
        withdraw(world, (group) => act.account === null || group.account === act.account, `Kill switch: ${act.reason}`);
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
