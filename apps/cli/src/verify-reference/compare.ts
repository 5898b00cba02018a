import type { Allowance, ExpectedField, ReferenceCase, ReferenceModel, ToleranceTable } from './reference-model.js';

export interface Comparison {
  /** Values that were compared. */
  readonly compared: number;
  /** One sentence for each value that is wrong. */
  readonly wrong: readonly string[];
  /** Largest share of a tolerance that was used, and where; 0 when every number was exact. */
  readonly worst: number;
  readonly worstAt: string;
  /** The answer beats the reference's optimum. */
  readonly better: boolean;
}

/**
 * Compares every value of `expected` with what we returned: numbers by the table of tolerances, all else exactly, `null`
 * with `null` or nothing. What we return beyond `expected` is not looked at.
 */
export function compare(
  model: ReferenceModel,
  of: ReferenceCase,
  actual: Readonly<Record<string, unknown>>,
  tolerance: ToleranceTable,
): Comparison {
  const tally = new Tally(model, of, tolerance);
  const { optimum } = model;
  if (optimum !== undefined) {
    const want = at(of.expected, optimum.objective);
    const got = at(actual, optimum.objective);
    if (typeof want === 'number' && typeof got === 'number') {
      const gain = optimum.better === 'higher' ? got - want : want - got;
      const field = tally.field(optimum.objective, want);
      if (gain > allowed(tally.allowance(field), want))
        return { compared: 1, wrong: optimum.broken(of.input, actual), worst: 0, worstAt: '', better: true };
    }
  }
  tally.walk('', of.expected, actual);
  return { ...tally.result(), better: false };
}

class Tally {
  private compared = 0;
  private readonly wrong: string[] = [];
  private worst = 0;
  private worstAt = '';

  constructor(
    private readonly model: ReferenceModel,
    private readonly of: ReferenceCase,
    private readonly tolerance: ToleranceTable,
  ) {}

  result(): Omit<Comparison, 'better'> {
    return { compared: this.compared, wrong: this.wrong, worst: this.worst, worstAt: this.worstAt };
  }

  field(path: string, want: unknown): ExpectedField {
    return { path, name: path.replaceAll(/\[\d+\]/g, ''), want, of: this.of, tolerance: this.tolerance };
  }

  allowance(field: ExpectedField): Allowance {
    const rule = this.model.rule?.(field);
    return rule === undefined || rule === 'ungraded' ? tabled(this.model, field) : rule;
  }

  walk(path: string, want: unknown, got: unknown): void {
    const field = this.field(path, want);
    if (this.model.ungraded?.includes(field.name) || this.model.rule?.(field) === 'ungraded') return;
    if (want === null) return this.count(path, got === null || got === undefined, 'nothing', got);
    const agreement = this.model.agreements?.[field.name];
    if (agreement !== undefined && Array.isArray(want)) return this.agree(path, want, got, agreement);
    if (Array.isArray(want)) {
      if (!isList(got) || got.length !== want.length)
        return this.count(path, false, `a list of ${want.length}`, isList(got) ? `a list of ${got.length}` : got);
      for (const [i, element] of want.entries()) this.walk(`${path}[${i}]`, element, got[i]);
      return;
    }
    if (typeof want === 'object') {
      if (typeof got !== 'object' || got === null) return this.count(path, false, 'an object', got);
      for (const [key, value] of Object.entries(want))
        this.walk(path === '' ? key : `${path}.${key}`, value, (got as Record<string, unknown>)[key]);
      return;
    }
    if (typeof want === 'number') {
      const side = this.model.oneSided?.[field.name];
      const better = typeof got === 'number' && (side === 'higher' ? got > want : side === 'lower' && got < want);
      return this.number(path, want, better ? want : got, this.allowance(field));
    }
    this.count(path, got === want, JSON.stringify(want), got);
  }

  private number(path: string, want: number, got: unknown, allowance: Allowance): void {
    this.compared++;
    const off = typeof got === 'number' ? Math.abs(got - want) : NaN;
    const limit = allowed(allowance, want);
    if (!(off <= limit)) {
      this.wrong.push(`${path} is ${shown(got)}, wanted ${want}; off by ${off}, allowed ${limit}`);
      return;
    }
    const used = off === 0 ? 0 : off / limit;
    if (used > this.worst) {
      this.worst = used;
      this.worstAt = path;
    }
  }

  private agree(path: string, want: readonly unknown[], got: unknown, key: string): void {
    const least = this.tolerance[key];
    const equal = isList(got) ? want.filter((value, i) => value === got[i]).length : 0;
    const share = want.length === 0 ? 1 : equal / want.length;
    const enough = share >= (typeof least === 'number' ? least : 1);
    this.count(path, isList(got) && got.length === want.length && enough, `${key} ${shown(least ?? 1)}`, share);
  }

  private count(path: string, right: boolean, want: string, got: unknown): void {
    this.compared++;
    if (!right) this.wrong.push(`${path} is ${shown(got)}, wanted ${want}`);
  }
}

/** The table's word on a field: the longest ending of its name that names a field or a family, else `abs` and `rel`. */
function tabled(model: ReferenceModel, field: ExpectedField): Allowance {
  const parts = field.name.split('.');
  let family: string | undefined;
  for (let i = 0; i < parts.length && family === undefined; i++) {
    const name = parts.slice(i).join('.');
    family = model.families?.[name];
    if (family === undefined && (`${name}_abs` in field.tolerance || `${name}_rel` in field.tolerance)) family = name;
  }
  const of = (kind: 'abs' | 'rel'): number => {
    const own = family === undefined ? undefined : field.tolerance[`${family}_${kind}`];
    const value = own ?? field.tolerance[kind];
    return typeof value === 'number' ? value : 0;
  };
  return { abs: of('abs'), rel: of('rel') };
}

const allowed = ({ abs, rel }: Allowance, want: number): number => abs + rel * Math.abs(want);

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || value instanceof Float64Array || value instanceof Int32Array || value instanceof Uint8Array;

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
      value,
    );
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value).slice(0, 60);
}
