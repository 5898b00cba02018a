import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Defect } from '#core';
import { ORDER_LATENCY_MS } from './order-latency.js';

/** Everything a decision is made of. */
const DECIDING = ['core', 'quant', 'engine', 'plugin-sdk', 'plugins'];

/**
 * Names the build that writes a tape and its snapshots: a hash over the code that decides, the versions of the packages
 * beside it, the plugins from folders, and the Node and V8 that run it. One committed tape gives one journal within one of
 * these. `plugins` is the fingerprint of the registry (`''` without plugins from folders).
 */
export function buildId(plugins = ''): string {
  const file = fileURLToPath(import.meta.url);
  const here = dirname(file);
  const { dependencies } = JSON.parse(readFileSync(join(above(here, 'package.json'), 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  // Beside this file lie the sources of its own kind: compiled ones below `dist`, the others when run from them.
  return buildIdOf(join(above(here, 'libs'), 'libs'), extname(file), dependencies, plugins);
}

/** The same for a folder of libraries whose files end in `kind`. */
export function buildIdOf(
  libs: string,
  kind: string,
  dependencies: Readonly<Record<string, string>>,
  plugins = '',
): string {
  const hash = createHash('sha256')
    .update(plugins)
    .update(
      JSON.stringify([dependencies, ORDER_LATENCY_MS, process.versions.node.split('.', 1)[0], process.versions.v8]),
    );
  for (const library of DECIDING)
    for (const file of filesOf(join(libs, library), kind))
      hash.update(file.slice(libs.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex').slice(0, 16);
}

function filesOf(folder: string, kind: string): readonly string[] {
  const found = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'testing' ? [] : filesOf(path, kind);
    return entry.name.endsWith(kind) && !/\.(spec|spec-support|d)\.[jt]s$/.test(entry.name) ? [path] : [];
  });
  return found.sort((a, b) => (a < b ? -1 : 1));
}

/** The nearest folder above that holds `name`. */
function above(from: string, name: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return folder;
    if (folder === dirname(folder)) throw new Defect(`${name} was not found above ${from}`);
  }
}
