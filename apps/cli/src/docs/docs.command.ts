import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInPlugins } from '#host';
import { readArguments } from '../arguments.js';
import { pluginPages } from './plugin-page.js';

const USAGE = 'npm run docs';
export const PLUGIN_DOCS = join('docs', 'plugins');

/** `npm run docs`: a page for every built-in plugin, from its manifest and schema; pages of plugins that are gone go. */
export async function docs(argv: readonly string[]): Promise<number> {
  readArguments(argv, {}, USAGE);
  const said = writePluginDocs(PLUGIN_DOCS);
  process.stdout.write(`${said}\n`);
  return 0;
}

/** Writes what differs and answers a sentence about it. */
export function writePluginDocs(folder: string): string {
  const pages = pluginPages(builtInPlugins().loaded.map(({ plugin }) => plugin));
  mkdirSync(folder, { recursive: true });
  const before = readPluginDocs(folder);
  let changed = 0;
  for (const [name, text] of pages) {
    if (before.get(name) === text) continue;
    writeFileSync(join(folder, name), text);
    changed += 1;
  }
  const gone = [...before.keys()].filter((name) => !pages.has(name));
  for (const name of gone) rmSync(join(folder, name));
  return `${pages.size} pages in ${folder}: ${changed} written, ${gone.length} removed`;
}

/** Pages as they lie there, by file name. */
export function readPluginDocs(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
