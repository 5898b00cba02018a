import type { TypedDocumentNode } from '@urql/vue';
import type { Answer, Problem } from './auth';
import { client } from './client';
import { sentence } from './live';

type DoneAnswer = { id?: string } | { message?: string; fields?: Problem['fields'] };

/** Sends a mutation that needs no place on the tape. Resolves with the id of what it was done to, or with the problem to show. */
export async function done<Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Record<string, unknown>, Variables>,
  variables: Variables,
): Promise<Answer<{ id: string }>> {
  const result = await client.mutation(document, variables).toPromise();
  if (result.error) return { problem: { message: sentence(result.error), fields: [] } };
  const answer = Object.values(result.data ?? {}).find((value) => typeof value === 'object') as DoneAnswer | undefined;
  if (answer && 'id' in answer && answer.id !== undefined) return { ok: { id: answer.id } };
  if (answer && 'message' in answer && answer.message !== undefined)
    return { problem: { message: answer.message, fields: answer.fields ?? [] } };
  return { problem: { message: 'The server gave no answer', fields: [] } };
}
