import type { TypedDocumentNode } from '@urql/vue';
import { client } from '../../api/client';
import type { Answer, Problem } from '../../api/auth';
import { sentence } from '../../api/live';
import { ExportWorkflowDocument } from '../../generated/graphql';

interface Saved {
  readonly id: string;
  readonly version: number;
}
type Result = Partial<Saved> & { readonly message?: string; readonly fields?: Problem['fields'] };

/** Saves, copies, restores…: resolves with the version that was committed, or with the problem to show. */
export async function saving<Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Record<string, Result>, Variables>,
  variables: Variables,
): Promise<Answer<Saved>> {
  const result = await client.mutation(document, variables).toPromise();
  if (result.error) return { problem: { message: sentence(result.error), fields: fieldsOf(result.error) } };
  const answer = Object.values(result.data ?? {}).find((value) => typeof value === 'object');
  if (answer?.id !== undefined && answer.version !== undefined)
    return { ok: { id: answer.id, version: answer.version } };
  return { problem: { message: answer?.message ?? 'The server gave no answer', fields: answer?.fields ?? [] } };
}

function fieldsOf(error: {
  readonly graphQLErrors: readonly { readonly extensions?: Record<string, unknown> }[];
}): Problem['fields'] {
  const fields = error.graphQLErrors[0]?.extensions?.['fields'];
  return Array.isArray(fields) ? (fields as Problem['fields']) : [];
}

/** Hands a workflow to the person as a file. Resolves with what went wrong, or with nothing. */
export async function download(id: string, version?: number): Promise<string> {
  const result = await client.query(ExportWorkflowDocument, { id, version: version ?? null }).toPromise();
  if (result.error) return sentence(result.error);
  const text = `${JSON.stringify(result.data?.exportWorkflow, null, 2)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${id}.workflow.json`;
  link.click();
  URL.revokeObjectURL(address);
  return '';
}

export const workflowPath = (id: string): string => `/workflows/${encodeURIComponent(id)}`;
