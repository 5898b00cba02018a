import { client } from '../../api/client';
import { sentence } from '../../api/live';
import { ExportWorkflowDocument } from '../../generated/graphql';

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
