import type { Act, PluginId, TapeEvent, WorkflowId, WorkflowRecord } from '#core';
import type { Inbox } from '#data';
import { fitConfig, inHearingOrder, neededModels } from '#host';
import type { ModelPlugin, StrategyPlugin } from '#plugin-sdk';

/** The workflows as the acts on a tape leave them, whether or not this build has their plugins. */
export class WorkflowsOnTape {
  private readonly workflows = new Map<WorkflowId, WorkflowRecord>();
  private readonly paused = new Set<WorkflowId>();

  take(event: TapeEvent): void {
    if (event.kind === 'paused') this.paused.add(event.workflow);
    if (event.kind !== 'act') return;
    const { act } = event;
    switch (act.kind) {
      case 'workflow': {
        const { id, version } = act.workflow;
        const known = this.workflows.get(id);
        if (known && known.version > version) return;
        if (known?.version !== version) this.paused.delete(id);
        this.workflows.set(id, act.workflow);
        return;
      }
      case 'workflow-archived':
        this.workflows.delete(act.workflow);
        this.paused.delete(act.workflow);
        return;
      case 'workflow-resumed':
        this.paused.delete(act.workflow);
        return;
      default:
        return;
    }
  }

  /** Each as its next version. What was paused is off, until a person switches it on. */
  toRenew(): readonly WorkflowRecord[] {
    return [...this.workflows.values()].map((workflow) => ({
      ...workflow,
      version: workflow.version + 1,
      mode: this.paused.has(workflow.id) ? 'off' : workflow.mode,
    }));
  }
}

/**
 * Puts the renewed workflows into the inbox, pinned to the plugins that are here, their configs brought over. The ids are
 * made of the place on the tape, so that a second try puts nothing twice. Returns those that cannot be renewed, with the
 * reason.
 */
export async function renewWorkflows(
  inbox: Inbox,
  lane: number,
  headSeq: number,
  workflows: readonly WorkflowRecord[],
  plugins: RenewPlugins,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const workflow of workflows) {
    const renewed = renew(workflow, plugins);
    if (typeof renewed === 'string') {
      left.push(`${workflow.title}: ${renewed}`);
      continue;
    }
    const body: Act = { kind: 'workflow', workflow: renewed };
    await inbox.put({ id: `upgrade-${lane}-${headSeq}-${workflow.id}`, lane, kind: 'act', body, by: 'upgrade' });
  }
  return left;
}

export interface RenewPlugins {
  readonly strategies: readonly StrategyPlugin[];
  readonly models: readonly ModelPlugin[];
}

/** The workflow for the plugins that are here, or why it cannot be. */
function renew(workflow: WorkflowRecord, { strategies, models }: RenewPlugins): WorkflowRecord | string {
  const strategy = strategies.find(({ manifest }) => manifest.id === workflow.plugin);
  if (!strategy) return `there is no strategy ${workflow.plugin}`;
  const own = fitConfig(strategy, { version: workflow.pluginVersion, config: workflow.config });
  const { version } = strategy.manifest;
  if (own.problems.length > 0)
    return `its settings do not fit ${workflow.plugin} ${version}: ${own.problems[0].message}`;
  const renewed: WorkflowRecord['models'][number][] = [];
  const had = workflow.models.map(({ plugin }) => plugin);
  for (const id of inHearingOrder([...neededModels(strategy, own.config), ...had], models)) {
    const model = models.find(({ manifest }) => manifest.id === id);
    if (!model) return `there is no model ${id}`;
    const wanted = workflow.models.find(({ plugin }) => plugin === id) ?? {
      version: model.manifest.version,
      config: {},
    };
    const { config, problems } = fitConfig(model, wanted);
    if (problems.length > 0) return `its settings do not fit ${id} ${model.manifest.version}: ${problems[0].message}`;
    renewed.push({ plugin: id as PluginId, version: model.manifest.version, config });
  }
  return { ...workflow, pluginVersion: version, config: own.config, models: renewed };
}
