import { UserProblem, type WorkflowRecord } from '#core';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { scopeOf, type WorkflowDraft } from './workflow-draft.js';

const FORMAT = 'arbintel.workflow/1';
const texts = Type.Array(Type.String());
const record = Type.Record(Type.String(), Type.Unknown());

const WorkflowFile = Type.Object({
  format: Type.Literal(FORMAT),
  title: Type.String(),
  plugin: Type.String(),
  pluginVersion: Type.String(),
  config: record,
  scope: Type.Object({
    venues: texts,
    categories: texts,
    groups: texts,
    markets: texts,
    links: texts,
    text: Type.String(),
  }),
  limits: record,
  models: Type.Array(Type.Object({ plugin: Type.String(), version: Type.String(), config: record })),
});

/** A workflow as a file that another house can take: without its account, its mode and its history. */
export const fileOf = ({ title, plugin, pluginVersion, config, scope, limits, models }: WorkflowRecord): object => ({
  format: FORMAT,
  title,
  plugin,
  pluginVersion,
  config,
  scope,
  limits,
  models,
});

/** Reads such a file. Throws `UserProblem` with the path of each thing that is not as it should be. */
export function draftOfFile(file: unknown, account: string): WorkflowDraft {
  if (!Value.Check(WorkflowFile, file)) {
    const fields = [...Value.Errors(WorkflowFile, file)].map(({ instancePath, message }) => ({
      path: `/document${instancePath}`,
      message: instancePath === '/format' ? `Only ${FORMAT} can be read.` : message,
    }));
    throw new UserProblem('This is not an exported workflow.', fields);
  }
  return {
    ...file,
    scope: scopeOf(file.scope),
    account,
    mode: 'off',
    models: Object.fromEntries(file.models.map(({ plugin, version, config }) => [plugin, { version, config }])),
  };
}
