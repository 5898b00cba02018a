import type { ActEvent, EnablementRecord, TapeEvent } from '#core';
import { recordset, type Columns } from './recordset.js';

const PLACE: Columns = [
  ['seq', 'bigint'],
  ['at', 'bigint'],
  ['by', 'text'],
].map(([name, type]) => [`"${name}"`, type] as const);

const placeOf = ({ seq, at, by }: ActEvent) => ({ seq, at, by });

/** The rows of what people have set, as the acts of a batch leave them: in the same commit as the acts. */
export function actStatements(lane: number, events: readonly TapeEvent[]): readonly string[] {
  const acts = events.filter((event) => event.kind === 'act');
  if (acts.length === 0) return [];
  const versions = new Map<string, object>();
  const archived = new Map<string, object>();
  const settings = new Map<string, { event: ActEvent; record: EnablementRecord }>();
  for (const event of acts) {
    const { act } = event;
    if (act.kind === 'workflow') {
      const { id, version } = act.workflow;
      versions.set(`${id}#${version}`, { workflow: id, version, record: act.workflow, ...placeOf(event) });
    } else if (act.kind === 'workflow-archived')
      archived.set(act.workflow, { workflow: act.workflow, ...placeOf(event) });
    else if (act.kind === 'enablement')
      for (const record of act.settings)
        settings.set(`${record.plugin}|${record.target.kind}|${record.target.id}`, { event, record });
  }
  return [
    ...versionStatements(lane, [...versions.values()]),
    ...archiveStatements(lane, [...archived.values()]),
    ...settingStatements(lane, [...settings.values()]),
  ];
}

function versionStatements(lane: number, rows: readonly object[]): string[] {
  if (rows.length === 0) return [];
  const columns: Columns = [['workflow', 'text'], ['version', 'int'], ['record', 'jsonb'], ...PLACE];
  // The same version again is the same workflow in another mode.
  return [
    `INSERT INTO workflow_version (lane, workflow, version, record, seq, at, "by") SELECT ${lane}, row.* FROM ${recordset(rows, columns)}
      ON CONFLICT (workflow, version) DO UPDATE SET record = excluded.record, seq = excluded.seq, at = excluded.at, "by" = excluded."by"`,
  ];
}

function archiveStatements(lane: number, rows: readonly object[]): string[] {
  if (rows.length === 0) return [];
  return [
    `INSERT INTO workflow_archived (lane, workflow, seq, at, "by") SELECT ${lane}, row.* FROM ${recordset(rows, [['workflow', 'text'], ...PLACE])}
      ON CONFLICT (workflow) DO UPDATE SET lane = excluded.lane, seq = excluded.seq, at = excluded.at, "by" = excluded."by"`,
  ];
}

function settingStatements(lane: number, settings: readonly { event: ActEvent; record: EnablementRecord }[]): string[] {
  const rowOf = ({ event, record: { plugin, target, mode } }: (typeof settings)[number]) => ({
    plugin,
    kind: target.kind,
    target: target.id,
    mode,
    ...placeOf(event),
  });
  const key: Columns = [
    ['plugin', 'text'],
    ['kind', 'text'],
    ['target', 'text'],
  ];
  const set = settings.filter(({ record }) => record.mode !== null).map(rowOf);
  const cleared = settings.filter(({ record }) => record.mode === null).map(rowOf);
  const statements: string[] = [];
  if (cleared.length > 0)
    statements.push(
      `DELETE FROM enablement_setting USING ${recordset(cleared, key)}
        WHERE enablement_setting.plugin = row.plugin AND enablement_setting.kind = row.kind AND enablement_setting.target = row.target`,
    );
  if (set.length > 0)
    statements.push(
      `INSERT INTO enablement_setting (lane, plugin, kind, target, mode, seq, at, "by") SELECT ${lane}, row.* FROM ${recordset(set, [...key, ['mode', 'text'], ...PLACE])}
        ON CONFLICT (plugin, kind, target) DO UPDATE SET mode = excluded.mode, lane = excluded.lane, seq = excluded.seq, at = excluded.at, "by" = excluded."by"`,
    );
  return statements;
}
