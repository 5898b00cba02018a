import { resolve } from 'node:path';
import { UserProblem, type FieldProblem } from '#core';
import { readConfig, type Config } from '#host';
import { readArguments, wholeNumber } from './arguments.js';
import { announce, hearEnd, say, waitForEnd } from './launch/console.js';
import { choosePort, openDataFolder } from './launch/data-folder.js';
import { launch, root } from './launch/launcher.js';

const USAGE = 'npm start -- [--port N] [--host ADDRESS] [--data-dir DIR]';

/** `npm start`: the same server on the live venues. Keys come from the environment; without them it says what is missing. */
export async function start(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(
    argv,
    { port: { type: 'string' }, host: { type: 'string' }, 'data-dir': { type: 'string' } },
    USAGE,
  );
  const problems: FieldProblem[] = [];
  // Complaints about arguments and environment come together, before anything is started; the address stands in for the
  // embedded database's.
  const config = readConfigOr(problems, {
    ...process.env,
    DATABASE_URL: process.env['DATABASE_URL'] || 'postgres://embedded',
  });
  const port = wholeNumber(values.port, 'port', { min: 0, max: 65_535, fallback: config?.port ?? 0 }, problems);
  if (!config || problems.length > 0) throw new UserProblem('the server cannot start', problems);
  const host = values.host ?? config.host;
  const dataDir = resolve(root, values['data-dir'] ?? process.env['ARBINTEL_DATA_DIR'] ?? '.data/live');

  const release = openDataFolder(dataDir, 'live');
  const asked = hearEnd();
  try {
    const launched = await launch({
      mode: 'live',
      dataDir,
      host,
      port: await choosePort(host, port, values.port !== undefined),
      simulator: null,
      externalDatabase: process.env['DATABASE_URL'] || null,
      say,
    });
    announce(launched);
    say(
      config.kalshi.keyId
        ? 'Kalshi streams with your key; Polymarket streams without one'
        : 'Kalshi is polled by REST (no KALSHI_KEY_ID); Polymarket streams without a key',
    );
    const lost = await waitForEnd(launched, asked, null);
    if (lost) say(lost);
    say('· stopping');
    const clean = await launched.stop();
    say(clean && !lost ? 'stopped cleanly' : 'stopped with a problem');
    return clean && !lost ? 0 : 1;
  } finally {
    release();
  }
}

function readConfigOr(problems: FieldProblem[], env: NodeJS.ProcessEnv): Config | null {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof UserProblem)) throw error;
    problems.push(...error.fields);
    return null;
  }
}
