import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { UserProblem } from '#core';
import { loadPlugins } from '#host';
import type { Plugin } from '#plugin-sdk';
import { readArguments } from '../arguments.js';
import { newPlugin } from './new-plugin.js';

const NEW = 'npm run plugin:new -- strategy|model|venue|news|enricher|notifier NAME [--into FOLDER]';
const TEST = 'npm run plugin:test -- FOLDER';

/** `npm run plugin:new`: a working plugin and its test, in `plugins/NAME` unless told otherwise. */
export async function pluginNew(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, { into: { type: 'string', default: 'plugins' } }, NEW, true);
  const [kind, name, ...more] = positionals;
  if (kind === undefined || name === undefined || more.length > 0) throw new UserProblem(`Usage: ${NEW}`);
  const folder = newPlugin({ kind, name, into: values.into });
  const shown = relative(process.cwd(), folder).startsWith('..') ? folder : relative(process.cwd(), folder);
  const { manifest } = await opened(folder);
  const grants = (manifest.permissions ?? []).map((one) => `${manifest.id}=${one}`).join(',');
  process.stdout.write(
    [
      `made the ${kind} ${name} in ${shown}`,
      `  try it   npm run plugin:test -- ${shown}`,
      `  load it  ARBINTEL_PLUGINS=${shown}${grants ? ` ARBINTEL_PLUGIN_GRANTS=${grants}` : ''} npm run demo`,
      '',
    ].join('\n'),
  );
  return 0;
}

/** `npm run plugin:test`: what the registry says of a plugin, then its own tests. Exit code 1 when either has a complaint. */
export async function pluginTest(argv: readonly string[]): Promise<number> {
  const { positionals } = readArguments(argv, {}, TEST, true);
  if (positionals.length !== 1) throw new UserProblem(`Usage: ${TEST}`);
  const folder = resolve(positionals[0]);
  const { kind, manifest } = await opened(folder);
  process.stdout.write(`${kind} ${manifest.id} ${manifest.version} is taken by the registry\n`);
  const tests = readdirSync(folder).filter((file) => file.endsWith('.test.mjs'));
  if (tests.length === 0) throw new UserProblem(`there is no *.test.mjs in ${folder}`);
  const child = spawn(process.execPath, ['--test', ...tests.map((file) => join(folder, file))], {
    cwd: folder,
    env: { ...process.env, ARBINTEL_TESTING: import.meta.resolve('#plugin-sdk/testing') },
    stdio: 'inherit',
  });
  return new Promise((done) => child.once('close', (code) => done(code ?? 1)));
}

/** The plugin of a folder, with whatever permissions it asks for: here they are tried, not used. */
async function opened(folder: string): Promise<Plugin> {
  const asked = await loadPlugins({ folders: [folder], grants: EVERYTHING });
  const [refused] = asked.refused;
  if (refused) throw new UserProblem(`the registry refuses it: ${refused.reason}`);
  const found = asked.loaded.find((one) => one.folder === folder);
  if (!found) throw new UserProblem(`${folder} holds several plugins; name one of them`);
  return found.plugin;
}

const ALL_PERMISSIONS = { has: () => true } as unknown as ReadonlySet<string>;
const EVERYTHING = { get: () => ALL_PERMISSIONS } as unknown as ReadonlyMap<string, ReadonlySet<string>>;
