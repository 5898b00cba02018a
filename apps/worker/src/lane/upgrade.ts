import { Value } from 'typebox/value';
import type { Act, TapeEvent, WorkflowId, WorkflowRecord } from '#core';
import type { Inbox } from '#data';
import type { StrategyPlugin } from '#plugin-sdk';

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
 * Puts the renewed workflows into the inbox, pinned to the plugins that are here. The ids are made of the place on the
 * tape, so that a second try puts nothing twice. Returns those that cannot be renewed, with the reason.
 */
export async function renewWorkflows(
  inbox: Inbox,
  lane: number,
  headSeq: number,
  workflows: readonly WorkflowRecord[],
  strategies: readonly StrategyPlugin[],
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const workflow of workflows) {
    const plugin = strategies.find(({ manifest }) => manifest.id === workflow.plugin);
    if (!plugin) {
      left.push(`${workflow.title}: there is no strategy ${workflow.plugin}`);
      continue;
    }
    const { version } = plugin.manifest;
    const same = version === workflow.pluginVersion;
    const from = { version: workflow.pluginVersion, config: workflow.config };
    const migrated: unknown = same ? workflow.config : (plugin.migrateConfig?.(from) ?? workflow.config);
    const config: unknown = Value.Default(plugin.configSchema, Value.Clone(migrated));
    if (!Value.Check(plugin.configSchema, config)) {
      left.push(`${workflow.title}: its settings do not fit ${workflow.plugin} ${version}`);
      continue;
    }
    const act: Act = {
      kind: 'workflow',
      workflow: { ...workflow, pluginVersion: version, config: config as Readonly<Record<string, unknown>> },
    };
    await inbox.put({
      id: `upgrade-${lane}-${headSeq}-${workflow.id}`,
      lane,
      kind: 'act',
      body: act,
      by: 'upgrade',
    });
  }
  return left;
}
