import { UserProblem } from '#core';
import {
  accountLook,
  knownWorkflows,
  workflowNow,
  workflowVersions,
  type Person,
  type WorkflowVersionRow,
} from '#data';
import { changesBetween, draftOf, draftOfFile, fileOf, idFor, recordOf, scopeOf, type WorkflowDraft } from '#host';
import { Injectable } from '@nestjs/common';
import { ActService } from '../acts/act.service.js';
import { House } from '../house.js';
import { asProblem } from '../graphql/problem.types.js';
import { scopeSizes } from './scope-size.js';
import type {
  Change,
  ScopePreview,
  WorkflowInput,
  WorkflowSaved,
  WorkflowScopeInput,
  WorkflowUpgrade,
  WorkflowVersion,
} from './workflow-edit.types.js';

const wrong = (path: string, message: string): UserProblem => new UserProblem(message, [{ path, message }]);

/** Making, changing and keeping workflows. Every save is an act on the tape; nothing is changed beside it. */
@Injectable()
export class WorkflowEditService {
  constructor(
    private readonly house: House,
    private readonly acts: ActService,
  ) {}

  async save(by: Person, input: WorkflowInput): Promise<WorkflowSaved> {
    const draft: WorkflowDraft = {
      title: input.title,
      plugin: input.plugin,
      pluginVersion: null,
      config: input.config ?? {},
      scope: scopeOf(input.scope ?? {}),
      account: input.account,
      mode: input.mode,
      limits: input.limits ?? {},
      models: configsByModel(input.models),
    };
    if (!input.id) return this.#create(by, draft, 'workflow.create');
    return this.#change(by, input.id, 'workflow.edit', async (now) => {
      if (input.baseVersion !== null && input.baseVersion !== undefined && input.baseVersion !== now.record.version)
        throw wrong(
          '/baseVersion',
          `Version ${now.record.version} was saved${now.by ? ` by ${now.by}` : ''} meanwhile; look at it and save again.`,
        );
      return draft;
    });
  }

  async clone(by: Person, id: string, title: string | null): Promise<WorkflowSaved> {
    const { record } = await this.now(id);
    return this.#create(
      by,
      {
        ...draftOf(record),
        title: title ?? `${record.title} (copy)`,
        mode: 'off',
      },
      'workflow.clone',
    );
  }

  archive(by: Person, id: string): Promise<WorkflowSaved> {
    return this.acts.inTurn(`workflow ${id}`, async () => {
      const { record, lane, archived } = await this.now(id);
      if (archived) throw wrong('/id', `Workflow ${id} is in the archive already.`);
      const act = { kind: 'workflow-archived', workflow: record.id } as const;
      const seq = await this.acts.act(by, lane, act, 'workflow.archive', id, {
        version: record.version,
      });
      return { id, version: record.version, seq };
    });
  }

  restore(by: Person, id: string, version: number): Promise<WorkflowSaved> {
    return this.#change(by, id, 'workflow.restore', async (now) => {
      const old = await this.#version(id, version);
      return {
        ...draftOf(old.record),
        mode: now.archived ? 'off' : now.record.mode,
      };
    });
  }

  async import(by: Person, document: unknown, account: string): Promise<WorkflowSaved> {
    return this.#create(by, draftOfFile(document, account), 'workflow.import');
  }

  async export(id: string, version: number | null): Promise<object> {
    return fileOf((version === null ? await this.now(id) : await this.#version(id, version)).record);
  }

  async versions(id: string): Promise<readonly WorkflowVersion[]> {
    return (await workflowVersions(this.house.pool, id)).map(shownVersion);
  }

  async diff(id: string, a: number, b: number): Promise<readonly Change[]> {
    const [before, after] = await Promise.all([this.#version(id, a), this.#version(id, b)]);
    return changesBetween(comparable(before), comparable(after));
  }

  /** What the plugin version that is here would make of a workflow; nothing is saved. */
  async upgrade(id: string): Promise<WorkflowUpgrade> {
    const now = await this.now(id);
    const { record, problems } = await this.#record(draftOf(now.record), id, now.record.version);
    return {
      from: now.record.pluginVersion,
      to: record.pluginVersion,
      changes: changesBetween(now.record, record),
      problem:
        problems.length > 0 ? asProblem(new UserProblem('The workflow cannot be brought over.', problems)) : null,
    };
  }

  async preview(asked: WorkflowScopeInput): Promise<ScopePreview> {
    const [size] = await scopeSizes(this.house.pool, [scopeOf(asked)]);
    return size;
  }

  #create(by: Person, draft: WorkflowDraft, action: string): Promise<WorkflowSaved> {
    return this.acts.inTurn('new workflow', async () =>
      this.#put(by, draft, idFor(draft.title, await knownWorkflows(this.house.pool)), 1, action),
    );
  }

  #change(
    by: Person,
    id: string,
    action: string,
    draft: (now: Awaited<ReturnType<WorkflowEditService['now']>>) => Promise<WorkflowDraft>,
  ): Promise<WorkflowSaved> {
    return this.acts.inTurn(`workflow ${id}`, async () => {
      const now = await this.now(id);
      return this.#put(by, await draft(now), id, now.record.version + 1, action);
    });
  }

  async #put(by: Person, draft: WorkflowDraft, id: string, version: number, action: string): Promise<WorkflowSaved> {
    const { record, problems, lane } = await this.#record(draft, id, version);
    if (problems.length > 0) throw new UserProblem('The workflow was not saved.', problems);
    const seq = await this.acts.act(by, lane, { kind: 'workflow', workflow: record }, action, id, { version });
    return { id, version, seq };
  }

  async #record(draft: WorkflowDraft, id: string, version: number) {
    const account = await accountLook(this.house.pool, draft.account);
    const limits = account?.look.record.limits ?? null;
    return {
      ...recordOf(draft, id, version, this.house.plugins, limits),
      lane: account?.lane ?? 0,
    };
  }

  /** The newest version; throws `UserProblem` when there is none. */
  async now(id: string) {
    const found = await workflowNow(this.house.pool, id);
    if (!found) throw wrong('/id', `There is no workflow ${id}.`);
    return found;
  }

  async #version(id: string, version: number): Promise<WorkflowVersionRow> {
    const found = (await workflowVersions(this.house.pool, id)).find(({ record }) => record.version === version);
    if (!found) throw wrong('/version', `Workflow ${id} has no version ${version}.`);
    return found;
  }
}

/** What two versions may differ in, apart from being two. */
const comparable = ({ record: { models, ...rest } }: WorkflowVersionRow): object => ({
  ...rest,
  version: null,
  models: Object.fromEntries(models.map(({ plugin, ...model }) => [plugin, model])),
});

const shownVersion = ({ record, at, by, seq }: WorkflowVersionRow): WorkflowVersion => ({
  ...record,
  workflow: record.id,
  at,
  by,
  seq,
});

function configsByModel(models: unknown): WorkflowDraft['models'] {
  if (models === null || models === undefined) return {};
  if (typeof models !== 'object' || Array.isArray(models))
    throw wrong('/models', 'Models are an object: a config by model id.');
  return Object.fromEntries(Object.entries(models).map(([id, config]) => [id, { version: null, config }]));
}
