import { randomUUID } from 'node:crypto';
import { OutsideProblem, UserProblem } from '#core';
import type { Log } from '#host';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** PostgreSQL's and the socket's ways of saying that the database is not there. */
const DATABASE_GONE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '53300',
]);

export interface ShownError {
  readonly message: string;
  readonly code: string;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
  /** Where the log tells more. */
  readonly trace?: string;
}

/** What a person is told of an error. What is not theirs to mend is logged whole and shown as code and trace id. */
export function shownError(error: unknown, log: Log): ShownError {
  if (error instanceof UserProblem) return { message: error.message, code: 'BAD_USER_INPUT', fields: error.fields };
  const code = (error as { code?: unknown } | null)?.code;
  // PostgreSQL's word for characters that no text of it can hold, such as U+0000.
  if (code === '22021') return { message: 'The text holds a character that cannot be stored.', code: 'BAD_USER_INPUT' };
  const trace = randomUUID();
  if (typeof code === 'string' && DATABASE_GONE.has(code)) {
    log.warn('the database does not answer', { trace, code });
    return { message: 'The database does not answer at the moment; nothing was changed.', code: 'OUTSIDE', trace };
  }
  if (error instanceof OutsideProblem) {
    log.warn('outside problem', { trace, error });
    return { message: error.message, code: 'OUTSIDE', trace };
  }
  log.error('unexpected error', { trace, error });
  return { message: `Something went wrong on our side; the log has it as ${trace}.`, code: 'DEFECT', trace };
}

/** The same for an error of an operation. Errors of syntax and validation are the asker's and pass as they are. */
export function shownGraphqlError(error: unknown, log: Log): GraphQLFormattedError {
  const original = error instanceof GraphQLError ? innermost(error) : error;
  if (original instanceof GraphQLError)
    return {
      message: original.message,
      locations: original.locations,
      path: original.path,
      extensions: { code: original.extensions['code'] ?? 'BAD_REQUEST' },
    };
  const { message, ...extensions } = shownError(original, log);
  return {
    message,
    ...(error instanceof GraphQLError ? { locations: error.locations, path: error.path } : {}),
    extensions,
  };
}

function innermost(error: GraphQLError): unknown {
  let inner: unknown = error;
  while (inner instanceof GraphQLError && inner.originalError) inner = inner.originalError;
  return inner;
}
