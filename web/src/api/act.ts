import type { TypedDocumentNode } from '@urql/vue';
import { client } from './client';
import { sentence } from './live';
import type { Answer, Problem } from './auth';

type ActResult = { seq?: number } | { message?: string; fields?: Problem['fields'] };

/** Sends an operator's act. Resolves once the act is committed to the tape, or with the problem to show. */
export async function act<Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Record<string, ActResult>, Variables>,
  variables: Variables,
): Promise<Answer<{ seq: number }>> {
  const result = await client.mutation(document, variables).toPromise();
  if (result.error) return { problem: { message: sentence(result.error), fields: [] } };
  const answer = Object.values(result.data ?? {}).find((value) => typeof value === 'object');
  if (answer && 'seq' in answer && answer.seq !== undefined) return { ok: { seq: answer.seq } };
  if (answer && 'message' in answer && answer.message !== undefined) {
    return { problem: { message: answer.message, fields: answer.fields ?? [] } };
  }
  return { problem: { message: 'The server gave no answer', fields: [] } };
}
