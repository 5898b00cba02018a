import type { TypedDocumentNode } from '@urql/vue';
import type { Answer, Problem } from '../../api/auth';
import { client } from '../../api/client';
import { sentence } from '../../api/live';
import { readable, words } from '../../format';

type Result = { readonly run?: string; readonly message?: string; readonly fields?: Problem['fields'] };

/** Asks for a job to run, run again or end. Resolves with the run it is about. */
export async function asking<Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Record<string, Result>, Variables>,
  variables: Variables,
): Promise<Answer<string>> {
  const result = await client.mutation(document, variables).toPromise();
  if (result.error) return { problem: { message: sentence(result.error), fields: [] } };
  const answer = Object.values(result.data ?? {}).find((value) => typeof value === 'object');
  if (answer?.run !== undefined) return { ok: answer.run };
  return { problem: { message: answer?.message ?? 'The server gave no answer', fields: [] } };
}

/** `kalshi: settlement` → `Kalshi settlement`; a title of several words keeps its own. */
export const runTitle = (run: { readonly title: string; readonly kind: string }): string =>
  words(readable((run.title || run.kind).replace(/^(\w+): /, '$1 ')));

export const runPath = (id: string): string => `/runs/${encodeURIComponent(id)}`;

export const STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
