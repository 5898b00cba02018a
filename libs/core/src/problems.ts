/** One complaint about one field, with what to do about it. */
export interface FieldProblem {
  /** JSON pointer of the field, `''` for the whole. */
  readonly path: string;
  readonly message: string;
}

/** Bad input from a person or a file. A value more often than an exception: it goes back to who sent it. */
export class UserProblem extends Error {
  override readonly name = 'UserProblem';
  constructor(
    message: string,
    readonly fields: readonly FieldProblem[] = [],
  ) {
    super(message);
  }
}

/** Something outside did not answer or answered wrongly; `retry` says whether trying again can help. */
export class OutsideProblem extends Error {
  override readonly name = 'OutsideProblem';
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  constructor(
    message: string,
    readonly retry: boolean,
    options?: ErrorOptions & { readonly status?: number },
  ) {
    super(message, options);
    this.status = options?.status;
  }
}

/** A mistake of ours. Logged with its stack, shown as a code. */
export class Defect extends Error {
  override readonly name = 'Defect';
}

/** Closes an exhaustive `switch`: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new Defect(`unexpected value ${JSON.stringify(value)}`);
}
