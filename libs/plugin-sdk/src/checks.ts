import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { SDK_VERSION, type Manifest, type PluginKind } from './manifest.js';
import { admits } from './version-range.js';

export const PLUGIN_KINDS: readonly PluginKind[] = ['venue', 'news', 'enricher', 'model', 'strategy', 'notifier'];

const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
const PERMISSION = /^(net:[a-z0-9*][a-z0-9.:*-]*|models|secrets)$/;

/** What is wrong with a manifest, in one sentence; `''` when nothing is. Takes anything: it comes from outside. */
export function manifestProblem(value: unknown): string {
  if (typeof value !== 'object' || value === null) return 'there is no manifest';
  const { id, version, title, summary, sdk, needs, permissions } = value as { readonly [K in keyof Manifest]: unknown };
  if (typeof id !== 'string' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
    return `the id ${JSON.stringify(id)} is not of lower-case words joined by hyphens`;
  if (typeof version !== 'string' || !VERSION.test(version))
    return `${JSON.stringify(version)} is not a semantic version`;
  if (typeof title !== 'string' || typeof summary !== 'string' || title.trim() === '' || summary.trim() === '')
    return 'title and summary are shown to people and must not be empty';
  if (typeof sdk !== 'string') return 'the manifest does not say which sdk it was written for';
  const admitted = admits(sdk, SDK_VERSION);
  if (admitted === null) return `sdk ${JSON.stringify(sdk)} is not a range of versions`;
  if (!admitted) return `sdk ${sdk} does not admit version ${SDK_VERSION}, which is the one here`;
  return needsProblem(needs) || permissionsProblem(permissions);
}

function needsProblem(needs: unknown): string {
  if (needs === undefined) return '';
  if (typeof needs !== 'object' || needs === null) return 'what it needs is not an object';
  const { models = [], news = false } = needs as { models?: unknown; news?: unknown };
  return Array.isArray(models) && models.every((one) => typeof one === 'string') && typeof news === 'boolean'
    ? ''
    : 'what it needs is not a list of model ids and whether it needs news';
}

function permissionsProblem(permissions: unknown): string {
  if (permissions === undefined) return '';
  if (!Array.isArray(permissions)) return 'its permissions are not a list';
  const odd: unknown = permissions.find((one) => typeof one !== 'string' || !PERMISSION.test(one));
  return odd === undefined ? '' : `${JSON.stringify(odd)} is no permission; there are net:HOST, models and secrets`;
}

interface FieldSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What is wrong with a config schema, in one sentence; `''` when a form, a sweep and a docs page can be made of it. */
export function schemaProblem(value: unknown): string {
  if (typeof value !== 'object' || value === null) return 'there is no config schema';
  const { type, properties = {} } = value as { type?: string; properties?: Record<string, FieldSchema> };
  if (type !== 'object') return 'the config schema is not an object';
  for (const [name, field] of Object.entries(properties)) {
    const problem = fieldProblem(field);
    if (problem) return `${name} ${problem}`;
  }
  const schema = value as TSchema;
  if (!Value.Check(schema, Value.Default(schema, {}))) return 'the defaults do not pass the schema';
  return jsonLike(value) ? '' : 'the schema says something JSON cannot carry to a form';
}

function fieldProblem(field: FieldSchema): string {
  if ((field.title ?? '') === '') return 'has no title';
  if ((field.description ?? '') === '') return 'has no description';
  if (!('default' in field)) return 'has no default';
  if (field.type !== 'integer' && field.type !== 'number') return '';
  if ((field.unit ?? '') === '') return 'has no unit';
  if (field.minimum === undefined || field.maximum === undefined) return 'has no range, so no sweep could vary it';
  return '';
}

/** Only what comes back the same from JSON: no function, no `undefined`, no number without end. */
function jsonLike(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(jsonLike);
  return typeof value === 'object' && Object.values(value).every(jsonLike);
}
