import { NONE } from './price';

/** What of a field of a plugin's config a form needs to know. */
export interface ConfigFieldShape {
  readonly path: string;
  readonly type: string;
  readonly title: string;
  readonly unit?: string | null;
  readonly default?: unknown;
  readonly minimum?: number | null;
  readonly maximum?: number | null;
  readonly step?: number | null;
  readonly enum?: readonly unknown[] | null;
  /** Of a list whose entries are objects: the fields of one entry. */
  readonly entry?: readonly ConfigFieldShape[] | null;
}

interface Scale {
  /** Stored per shown. */
  readonly by: number;
  readonly suffix: string;
}

/** Units that a person reads in other ones than they are stored in. The rest are shown as the plugin says them. */
const SCALES: Readonly<Record<string, Scale>> = {
  'micro-dollars': { by: 1_000_000, suffix: '$' },
  dollars: { by: 1, suffix: '$' },
  'micro-dollars per contract': { by: 10_000, suffix: '¢ a contract' },
  'dollars per contract': { by: 0.01, suffix: '¢ a contract' },
  ms: { by: 1_000, suffix: 'seconds' },
  // Delays of feeds and orders, which people count so.
  milliseconds: { by: 1, suffix: 'ms' },
  hundredths: { by: 100, suffix: 'contracts' },
  ppm: { by: 10_000, suffix: '%' },
  probability: { by: 0.01, suffix: '%' },
  share: { by: 0.01, suffix: '%' },
};

export function scaleOf(unit: string | null | undefined): Scale {
  if (!unit) return { by: 1, suffix: '' };
  const known = SCALES[unit];
  if (known) return known;
  const [, of] = /^share (of .+)$/.exec(unit) ?? [];
  return of ? { by: 0.01, suffix: `% ${of}` } : { by: 1, suffix: unit };
}

/** Without the dust of binary fractions: 7 and not 7.000000000000001. */
const clean = (value: number): number => Number(value.toPrecision(12));
const plain = (value: number): string => clean(value).toLocaleString('en-US', { maximumFractionDigits: 12 });

const withUnit = (number: string, suffix: string): string =>
  suffix === '$' ? `$${number}` : suffix ? `${number} ${suffix}` : number;

/** `0.5 ¢ a contract`, `Yes`, `a, b`; a dash for nothing. */
export function configText(field: Pick<ConfigFieldShape, 'unit'>, value: unknown): string {
  if (value === null || value === undefined || value === '') return NONE;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) return value.length === 0 ? NONE : value.map(entryText).join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  if (typeof value !== 'number') return String(value);
  const { by, suffix } = scaleOf(field.unit);
  return withUnit(plain(value / by), suffix);
}

/** `politics 0.65 100` of an object: what its fields are called stands beside it. */
const entryText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? Object.values(value).map(String).join(' ') : String(value);

/** `0 to 50 ¢ a contract`; empty when anything goes. */
export function rangeText({ minimum, maximum, unit }: ConfigFieldShape): string {
  const { by, suffix } = scaleOf(unit);
  const low = minimum === null || minimum === undefined ? null : plain(minimum / by);
  const high = maximum === null || maximum === undefined ? null : plain(maximum / by);
  if (low !== null && high !== null)
    return suffix === '$' ? `$${low} to $${high}` : `${low} to ${withUnit(high, suffix)}`;
  if (low !== null) return `from ${withUnit(low, suffix)}`;
  return high === null ? '' : `up to ${withUnit(high, suffix)}`;
}

/** What stands in the field for a stored value. */
export function toTyped(field: ConfigFieldShape, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(clean(value / scaleOf(field.unit).by));
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (field.entry && Array.isArray(value)) {
    const { entry } = field;
    return textOfEntries(
      value.map((one) => Object.fromEntries(entry.map((each) => [each.path, toTyped(each, valueAt(one, each.path))]))),
    );
  }
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export type Typed = { readonly value: unknown } | { readonly problem: string };

/** What a person typed as the value that is stored, or a sentence about what is wrong. The server checks all of it again. */
export function fromTyped(field: ConfigFieldShape, text: string): Typed {
  const typed = text.trim();
  switch (field.type) {
    case 'number':
    case 'integer':
      return numberFrom(field, typed);
    case 'boolean':
      return { value: typed === 'true' };
    case 'array': {
      if (field.entry) return entriesFrom(field.entry, typed);
      const parts = typed === '' ? [] : typed.split(',').map((part) => part.trim());
      return {
        value: field.enum ? parts.map((part) => field.enum?.find((one) => String(one) === part) ?? part) : parts,
      };
    }
    case 'object':
      try {
        return { value: typed === '' ? {} : (JSON.parse(typed) as unknown) };
      } catch {
        return { problem: 'This is not JSON' };
      }
    default:
      return { value: field.enum?.find((one) => String(one) === typed) ?? text };
  }
}

/** Entries of a list as they are typed, each by its fields' pointers. The text of such a field is these as JSON. */
export type TypedEntry = Readonly<Record<string, string>>;
export const textOfEntries = (entries: readonly TypedEntry[]): string => JSON.stringify(entries);
export const entriesOfText = (text: string): readonly TypedEntry[] =>
  text === '' ? [] : (JSON.parse(text) as readonly TypedEntry[]);

function entriesFrom(fields: readonly ConfigFieldShape[], typed: string): Typed {
  const value: unknown[] = [];
  for (const [i, entry] of entriesOfText(typed).entries()) {
    const cells: (readonly [string, unknown])[] = [];
    for (const field of fields) {
      const parsed = cellFrom(field, entry[field.path] ?? '');
      if ('problem' in parsed) return { problem: `Row ${i + 1}, ${field.title}: ${parsed.problem}` };
      cells.push([field.path, parsed.value]);
    }
    value.push(configFrom(cells));
  }
  return { value };
}

/** The same for one cell; nothing in an entry may be left empty. */
export const cellFrom = (field: ConfigFieldShape, text: string): Typed =>
  field.type === 'string' && text.trim() === '' ? { problem: 'Required' } : fromTyped(field, text);

function numberFrom(field: ConfigFieldShape, typed: string): Typed {
  if (field.enum) return { value: field.enum.find((one) => String(one) === typed) ?? Number(typed) };
  if (typed === '') return { problem: 'Required' };
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(typed)) return { problem: 'A number' };
  const { by } = scaleOf(field.unit);
  const exact = clean(Number(typed) * by);
  if (field.type === 'integer' && !Number.isInteger(exact))
    return { problem: by === 1 ? 'A whole number' : `In steps of ${plain(1 / by)}` };
  const { minimum, maximum } = field;
  if ((typeof minimum === 'number' && exact < minimum) || (typeof maximum === 'number' && exact > maximum))
    return { problem: `Only ${rangeText(field)}` };
  return { value: exact };
}

const partsOf = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The value at a JSON pointer. */
export function valueAt(config: unknown, path: string): unknown {
  let here = config;
  for (const part of partsOf(path)) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[part];
  }
  return here;
}

/** A config made of its fields' values by JSON pointer. */
export function configFrom(values: readonly (readonly [path: string, value: unknown])[]): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const parts = partsOf(path);
    const last = parts.pop();
    if (last === undefined) continue;
    let here = config;
    for (const part of parts) here = (here[part] ??= {}) as Record<string, unknown>;
    here[last] = value;
  }
  return config;
}
