import { archivedWorkflows, sessionLooks } from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import type { Workflow } from './workflow.types.js';

@Injectable()
export class WorkflowService {
  constructor(private readonly house: House) {}

  /** Each workflow as its newest session has it. */
  async all(only?: string): Promise<Workflow[]> {
    const { pool } = this.house;
    const [looks, archived] = await Promise.all([sessionLooks(pool, only), archivedWorkflows(pool)]);
    const kinds = new Map(this.house.plugins.strategies.map(({ manifest, scope }) => [String(manifest.id), scope]));
    return looks.map(({ look }) => ({
      id: look.workflow.id,
      scopeKind: kinds.get(look.workflow.plugin) ?? 'markets',
      version: look.workflow.version,
      title: look.workflow.title,
      plugin: look.workflow.plugin,
      pluginVersion: look.workflow.pluginVersion,
      pluginTitle: this.house.plugins.find(look.workflow.plugin)?.plugin.manifest.title ?? look.workflow.plugin,
      account: look.workflow.account,
      mode: look.workflow.mode,
      config: look.workflow.config,
      scope: look.workflow.scope,
      limits: look.workflow.limits,
      models: look.workflow.models,
      archived: archived.has(look.workflow.id),
      session: look.id,
      state: look.state,
      stateReason: look.reason,
      signals: look.signals,
      denials: look.denials,
      fills: look.fills,
    }));
  }
}
