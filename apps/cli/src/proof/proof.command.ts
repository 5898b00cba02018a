import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createPool, migrate } from '#data';
import type { Difference } from '#engine';
import { buildId, loadPlugins, pluginConfig } from '#host';
import { readArguments } from '../arguments.js';
import { withStoredDatabase } from '../launch/stored-database.js';
import { agrees, prove, type LaneProof } from './prove.js';

const USAGE = 'npm run proof -- --data-dir DIR [--json OUT]';

/**
 * `npm run proof`: plays a data folder's committed tape through a fresh kernel and compares the journal with the stored one.
 * Exit code 1 on any difference.
 */
export async function proof(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(argv, { 'data-dir': { type: 'string' }, json: { type: 'string' } }, USAGE);
  const plugins = await loadPlugins(pluginConfig(process.env));
  const build = buildId(plugins.fingerprint);
  const lanes = await withStoredDatabase(values['data-dir'], async (url) => {
    await migrate(url);
    const pool = createPool(url, 2);
    try {
      return await prove(pool, build, plugins);
    } finally {
      await pool.end();
    }
  });
  const holds = lanes.every(agrees);
  if (values.json) writeFileSync(resolve(values.json), `${JSON.stringify({ build, holds, lanes }, null, 2)}\n`);
  for (const lane of lanes) process.stdout.write(`${sentences(lane, build).join('\n')}\n`);
  if (lanes.length === 0) process.stdout.write('there is no tape yet\n');
  return holds ? 0 : 1;
}

function sentences(one: LaneProof, build: string): string[] {
  if (one.refused !== null) return [`lane ${one.lane}: ${one.refused}`];
  const from = one.afterSeq === 0 ? 'from its beginning' : `after seq ${one.afterSeq}, where this build took it over`;
  const lines = [
    `lane ${one.lane}: ${one.events} events replayed ${from}; ${one.compared} journal lines are the same, byte for byte`,
    ...differenceLines(one.difference),
  ];
  if (one.wroteIt !== build)
    lines.push(
      `  build ${one.wroteIt ?? 'unknown'} wrote it and this is build ${build}: a difference is one between builds`,
    );
  if (one.recovery !== null)
    lines.push(
      `  recovered from the snapshot at ${one.recovery.fromSeq}: ${one.recovery.compared} lines are the same, the state at the end ${one.recovery.sameState ? 'too' : 'is not'}`,
      ...differenceLines(one.recovery.difference),
    );
  return lines;
}

const differenceLines = (difference: Difference | null): string[] =>
  difference === null
    ? []
    : [
        `  first difference at event ${difference.seq}:`,
        `    stored   ${difference.stored ?? 'nothing'}`,
        `    replayed ${difference.replayed ?? 'nothing'}`,
      ];
