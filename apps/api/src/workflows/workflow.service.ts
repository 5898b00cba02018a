import { sessionLooks } from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import type { Workflow } from './workflow.types.js';

@Injectable()
export class WorkflowService {
  constructor(private readonly house: House) {}

  /** Each workflow as its newest session has it. */
  async all(): Promise<Workflow[]> {
    return (await sessionLooks(this.house.pool)).map(({ look }) => ({
      id: look.workflow.id,
      version: look.workflow.version,
      title: look.workflow.title,
      plugin: look.workflow.plugin,
      pluginVersion: look.workflow.pluginVersion,
      pluginTitle: this.house.plugins.find(look.workflow.plugin)?.plugin.manifest.title ?? look.workflow.plugin,
      account: look.workflow.account,
      mode: look.workflow.mode,
      config: look.workflow.config,
      scope: look.workflow.scope,
      session: look.id,
      state: look.state,
      stateReason: look.reason,
      signals: look.signals,
      denials: look.denials,
      fills: look.fills,
    }));
  }
}
