import { isDeepStrictEqual } from 'node:util';
import { Value } from 'typebox/value';
import type { FieldProblem } from '#core';
import type { Plugin } from '#plugin-sdk';
import { configFields, type ConfigField } from './config-fields.js';

type Config = Readonly<Record<string, unknown>>;

export interface FittedConfig {
  /** Whole: what was missing has its default. */
  readonly config: Config;
  /** Everything wrong with it, each at the path of its field; empty when it may be saved. */
  readonly problems: readonly FieldProblem[];
}

/**
 * A config as this version of a plugin takes it: brought over by `migrateConfig` when it was saved for another version,
 * without settings that are gone, filled with defaults, and checked against the schema. Never throws: what a plugin throws is a problem of the whole.
 */
export function fitConfig(plugin: Plugin, from: { readonly version: string; readonly config: unknown }): FittedConfig {
  let given: unknown = structuredClone(from.config ?? {});
  if (from.version !== plugin.manifest.version && plugin.kind === 'strategy' && plugin.migrateConfig) {
    try {
      given = plugin.migrateConfig({ version: from.version, config: given }) ?? given;
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      return {
        config: isObject(given) ? given : {},
        problems: [
          { path: '', message: `The config of version ${from.version} cannot be brought over to this one: ${said}` },
        ],
      };
    }
  }
  if (!isObject(given)) return { config: {}, problems: [{ path: '', message: 'A config is an object.' }] };
  const known = Object.keys((plugin.configSchema as { properties?: object }).properties ?? {});
  // A setting that this version no longer has says nothing to it.
  if (from.version !== plugin.manifest.version)
    given = Object.fromEntries(Object.entries(given).filter(([name]) => known.includes(name)));
  const config = Value.Default(plugin.configSchema, given) as Record<string, unknown>;
  return { config, problems: problemsOf(plugin, config) };
}

function problemsOf({ configSchema }: Plugin, config: Config): readonly FieldProblem[] {
  const fields = new Map(configFields(configSchema).map((field) => [field.path, field]));
  const problems = new Map<string, string>();
  for (const { instancePath, message } of Value.Errors(configSchema, config)) {
    const entry = entryAt(fields, instancePath);
    if (entry !== null) {
      // The list is what a form has a place for.
      if (!problems.has(entry.list)) problems.set(entry.list, entry.message);
      continue;
    }
    const field = fields.get(instancePath);
    if (problems.has(instancePath)) continue;
    problems.set(instancePath, field ? wanted(field) : `The config ${message}.`);
  }
  const known = Object.keys((configSchema as { properties?: object }).properties ?? {});
  for (const name of Object.keys(config))
    if (!known.includes(name)) problems.set(`/${name}`, `There is no setting called ${name}.`);
  return [...problems].map(([path, message]) => ({ path, message }));
}

/** What would do for a field, as a sentence. */
function wanted({ title, type, minimum, maximum, unit, enum: choices }: ConfigField): string {
  if (choices) return `${title} is one of ${choices.join(', ')}.`;
  const range = minimum !== null && maximum !== null ? ` from ${minimum} to ${maximum}${unit ? ` ${unit}` : ''}` : '';
  return `${title} must be ${KIND[type]}${range}.`;
}

/** Which list an error within one of its entries belongs to, and what is wrong there. */
function entryAt(
  fields: ReadonlyMap<string, ConfigField>,
  path: string,
): { readonly list: string; readonly message: string } | null {
  const [, list, number, inner] = /^(.+?)\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const entry = list === undefined ? null : (fields.get(list)?.entry ?? null);
  if (entry === null) return null;
  const field = entry.find((one) => one.path === inner);
  const nth = `Entry ${Number(number) + 1}`;
  return { list, message: field ? `${nth}: ${wanted(field)}` : `${nth} is not whole.` };
}

const KIND = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a group of settings',
} as const;

export interface ConfigChange {
  readonly path: string;
  /** `null` where it is not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Where two JSON values differ, at the deepest path that says it; lists are compared as wholes. In the order of the paths. */
export function changesBetween(before: unknown, after: unknown, path = ''): readonly ConfigChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isObject(before) || !isObject(after)) return [{ path, before: before ?? null, after: after ?? null }];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .flatMap((name) =>
      changesBetween(before[name], after[name], `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    );
}

const isObject = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
