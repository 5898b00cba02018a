import type { Static, TSchema } from 'typebox';

/** One case of a reference file: `expected` was made by a library named in the file, never by us. */
export interface ReferenceCase {
  readonly id: string;
  readonly description: string;
  readonly input: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
}

/** `abs`, `rel`, `<field>_abs`, `<family>_rel` …, as the file states them; other keys belong to the model's rules. */
export type ToleranceTable = Readonly<Record<string, unknown>>;

/** A number passes when |got − want| ≤ abs + rel × |want|. */
export interface Allowance {
  readonly abs: number;
  readonly rel: number;
}

/** One expected value on its way to be compared. */
export interface ExpectedField {
  /** `steps[3].lo95` */
  readonly path: string;
  /** The path without indices: `steps.lo95`. */
  readonly name: string;
  readonly want: unknown;
  readonly of: ReferenceCase;
  readonly tolerance: ToleranceTable;
}

/** What is maximised or minimised, when a better answer than the reference's is as good as the same one. */
export interface Optimum {
  /** Path of the objective in `expected` and in what `run` returns. */
  readonly objective: string;
  readonly better: 'higher' | 'lower';
  /** What a better answer breaks, one sentence each; none when it is admissible. */
  broken(input: unknown, actual: Readonly<Record<string, unknown>>): readonly string[];
}

/** How one reference model is answered by our functions. Knows the model, never a single case. */
export interface ReferenceModel {
  /** What a file's `model` says when its `name` is this model's: the words of the reference. */
  readonly title: string;
  readonly input: TSchema;
  run(input: unknown, of: ReferenceCase): Readonly<Record<string, unknown>>;
  /** Tolerance family of a field, by its name with or without what stands before it: `{ lo95: 'quantile' }`. */
  readonly families?: Readonly<Record<string, string>>;
  /** Fields that describe the reference's own run, or an answer that need not be unique. */
  readonly ungraded?: readonly string[];
  /** Lists compared by the share of equal elements: field to the key of the tolerance that holds the least share. */
  readonly agreements?: Readonly<Record<string, string>>;
  /** Fields that may also be better than the reference's by any amount: each is an optimum of its own. */
  readonly oneSided?: Readonly<Record<string, 'higher' | 'lower'>>;
  /** A rule the file's notes state for this model; `undefined` leaves the field to the table. */
  rule?(field: ExpectedField): Allowance | 'ungraded' | undefined;
  readonly optimum?: Optimum;
}

/** Types `run` by the schema its input was checked with. */
export function referenceModel<T extends TSchema>(
  model: Omit<ReferenceModel, 'input' | 'run'> & {
    readonly input: T;
    run(input: Static<T>, of: ReferenceCase): Readonly<Record<string, unknown>>;
  },
): ReferenceModel {
  return { ...model, run: (input, of) => model.run(input as Static<T>, of) };
}
