import { isDeepStrictEqual } from 'node:util';
import { Value } from 'typebox/value';
import { Defect } from '#core';
import { SDK_VERSION, type Manifest } from '../manifest.js';

/** A named check; `run` throws `Defect` with a sentence when the plugin fails it. Any test runner can list them. */
export interface ConformanceCheck {
  readonly name: string;
  run(): void;
}

export function checkManifest(manifest: Manifest): void {
  check(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(manifest.id),
    `the id ${manifest.id} is not of lower-case words joined by hyphens`,
  );
  check(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(manifest.version), `${manifest.version} is not a semantic version`);
  check(
    manifest.title.trim() !== '' && manifest.summary.trim() !== '',
    'title and summary are shown to people and must not be empty',
  );
  const major = SDK_VERSION.split('.')[0];
  check(
    new RegExp(`^[\\^~]?${major}(\\.|$)`).test(manifest.sdk),
    `sdk ${manifest.sdk} does not admit version ${SDK_VERSION}`,
  );
}

interface FieldSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export function checkSchema(schema: object): void {
  const { type, properties = {} } = schema as { type?: string; properties?: Record<string, FieldSchema> };
  check(type === 'object', 'the config schema is not an object');
  for (const [name, field] of Object.entries(properties)) {
    check((field.title ?? '') !== '', `${name} has no title`);
    check((field.description ?? '') !== '', `${name} has no description`);
    check('default' in field, `${name} has no default`);
    if (field.type !== 'integer' && field.type !== 'number') continue;
    check((field.unit ?? '') !== '', `${name} has no unit`);
    check(
      field.minimum !== undefined && field.maximum !== undefined,
      `${name} has no range, so no sweep could vary it`,
    );
  }
  check(Value.Check(schema, Value.Default(schema, {})), 'the defaults do not pass the schema');
  check(
    isDeepStrictEqual(JSON.parse(JSON.stringify(schema)), schema),
    'the schema says something JSON cannot carry to a form',
  );
}

export function check(condition: boolean, message: string): void {
  if (!condition) throw new Defect(message);
}
