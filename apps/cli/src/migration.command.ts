import { UserProblem } from '#core';
import { migrate, migrationState, revertMigration } from '#data';
import { readArguments } from './arguments.js';
import { withStoredDatabase } from './launch/stored-database.js';

const USAGE = 'npm run migration -- show|run|revert [--data-dir DIR]';

/**
 * `npm run migration`: what has been done to a database, what is still to do, and the newest step back. A server that
 * starts runs what is missing by itself.
 */
export async function migration(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, { 'data-dir': { type: 'string' } }, USAGE, true);
  const [what = 'show'] = positionals;
  if (what !== 'show' && what !== 'run' && what !== 'revert') throw new UserProblem(`say what to do: ${USAGE}`);
  return withStoredDatabase(values['data-dir'], async (url) => {
    if (what === 'run') await migrate(url);
    if (what === 'revert') process.stdout.write(`reverted ${await revertMigration(url)}\n`);
    for (const { name, ran } of await migrationState(url)) process.stdout.write(`[${ran ? 'x' : ' '}] ${name}\n`);
    return 0;
  });
}
