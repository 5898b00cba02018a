import type { AnyVariables, TypedDocumentNode } from '@urql/vue';
import type { Answer, Problem } from './auth';
import { client } from './client';
import { sentence } from './live';

/** What a mutation answers when it did what was asked. */
type Done<Result> = Exclude<Result, { readonly message: string }>;

/** For an answer that was lost on its way: what was asked may have been done. */
export const NO_ANSWER = 'The server gave no answer. Look whether it was done before you try again.';

/**
 * Sends a mutation and reads its answer: what was done, or the problem to show with the fields it is about. An act on the
 * tape is answered once it is committed.
 */
export async function send<Result extends object, Variables extends AnyVariables>(
  document: TypedDocumentNode<Record<string, Result>, Variables>,
  variables: Variables,
): Promise<Answer<Done<Result>>> {
  const result = await client.mutation(document, variables).toPromise();
  if (result.error) return { problem: { message: sentence(result.error), fields: fieldsOf(result.error) } };
  const [answer] = Object.values(result.data ?? {}) as (Done<Result> | Partial<Problem> | null)[];
  if (answer === undefined || answer === null) return { problem: { message: NO_ANSWER, fields: [] } };
  if (typeof answer === 'object' && 'message' in answer && answer.message !== undefined)
    return { problem: { message: answer.message, fields: answer.fields ?? [] } };
  return { ok: answer as Done<Result> };
}

/** A complaint about what was sent names its fields beside the error. */
function fieldsOf(error: {
  readonly graphQLErrors: readonly { readonly extensions?: Record<string, unknown> }[];
}): Problem['fields'] {
  const fields = error.graphQLErrors[0]?.extensions?.['fields'];
  return Array.isArray(fields) ? (fields as Problem['fields']) : [];
}
