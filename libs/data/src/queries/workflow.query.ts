import type { WorkflowRecord } from '#core';
import type { Pool } from 'pg';

/** A saved version of a workflow: who saved it, when, and where that is on the tape. */
export interface WorkflowVersionRow {
  readonly lane: number;
  readonly seq: number;
  readonly at: number;
  /** `''` when nobody noted it. */
  readonly by: string;
  readonly record: WorkflowRecord;
}

/** Newest first. */
export async function workflowVersions(pool: Pool, workflow: string): Promise<readonly WorkflowVersionRow[]> {
  const { rows } = await pool.query<WorkflowVersionRow>(
    'select lane, seq, at, "by", record from workflow_version where workflow = $1 order by version desc limit 1000',
    [workflow],
  );
  return rows;
}

/** The newest version of a workflow, and whether it was archived since. */
export async function workflowNow(
  pool: Pool,
  workflow: string,
): Promise<(WorkflowVersionRow & { readonly archived: boolean }) | null> {
  const { rows } = await pool.query<WorkflowVersionRow & { archived: boolean }>(
    `select v.lane, v.seq, v.at, v."by", v.record, coalesce(a.seq > v.seq, false) as archived
     from workflow_version v left join workflow_archived a on a.workflow = v.workflow
     where v.workflow = $1 order by v.version desc limit 1`,
    [workflow],
  );
  return rows[0] ?? null;
}

/** Ids of the workflows that rest in the archive. */
export async function archivedWorkflows(pool: Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ workflow: string }>(
    'select a.workflow from workflow_archived a where a.seq > (select max(v.seq) from workflow_version v where v.workflow = a.workflow)',
  );
  return new Set(rows.map(({ workflow }) => workflow));
}

export async function knownWorkflows(pool: Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ workflow: string }>('select distinct workflow from workflow_version');
  return new Set(rows.map(({ workflow }) => workflow));
}

/** When a workflow last did something; `null` never. */
export interface WorkflowActivity {
  readonly signalAt: number | null;
  readonly fillAt: number | null;
}

/** By workflow. Each moment is the newest row of an index, however long the journal is. */
export async function workflowActivity(
  pool: Pool,
  workflows: readonly string[],
): Promise<ReadonlyMap<string, WorkflowActivity>> {
  const last = (kind: 'signal' | 'fill'): string =>
    `(select at from journal j where j.workflow = w.id and j.kind = '${kind}' order by at desc limit 1)`;
  const { rows } = await pool.query<WorkflowActivity & { id: string }>(
    `select w.id, ${last('signal')} as "signalAt", ${last('fill')} as "fillAt" from unnest($1::text[]) as w(id)`,
    [workflows],
  );
  return new Map(rows.map(({ id, ...activity }) => [id, activity]));
}
