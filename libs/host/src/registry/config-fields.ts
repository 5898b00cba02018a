/** One field of a plugin's config as a form, a docs page or a sweep needs it. */
export interface ConfigField {
  /** JSON pointer within the config. */
  readonly path: string;
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  readonly title: string;
  readonly description: string;
  readonly unit: string | null;
  readonly default: unknown;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly step: number | null;
  /** What there is to choose from; `null` is anything within the range. */
  readonly enum: readonly unknown[] | null;
  /** Of a list whose entries are objects: the fields of one entry, their paths within it; `null` otherwise. */
  readonly entry: readonly ConfigField[] | null;
}

interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** The fields of a config schema in its own order; those of inner objects under the object's path. */
export function configFields(schema: object, path = ''): readonly ConfigField[] {
  return Object.entries((schema as Schema).properties ?? {}).flatMap(([name, field]) => {
    const here = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return field.type === 'object' && field.properties ? configFields(field, here) : [fieldOf(here, field)];
  });
}

function fieldOf(path: string, schema: Schema): ConfigField {
  const choices = choicesOf(schema) ?? (schema.items ? choicesOf(schema.items) : null);
  return {
    path,
    type: typeOf(schema, choices),
    title: schema.title ?? path.slice(1),
    description: schema.description ?? '',
    unit: schema.unit ?? null,
    default: schema.default ?? null,
    minimum: schema.minimum ?? null,
    maximum: schema.maximum ?? null,
    step: schema.multipleOf ?? null,
    enum: choices,
    entry: schema.items?.properties ? configFields(schema.items) : null,
  };
}

function choicesOf({ enum: listed, const: only, anyOf }: Schema): readonly unknown[] | null {
  if (listed) return listed;
  if (only !== undefined) return [only];
  const each = anyOf?.map((one) => one.const);
  return each && each.length > 0 && each.every((one) => one !== undefined) ? each : null;
}

function typeOf(schema: Schema, choices: readonly unknown[] | null): ConfigField['type'] {
  switch (schema.type) {
    case 'string':
    case 'number':
    case 'integer':
    case 'boolean':
    case 'array':
    case 'object':
      return schema.type;
    default: {
      const first = typeof choices?.[0];
      return first === 'number' || first === 'boolean' ? first : 'string';
    }
  }
}
