import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file of a plugin folder whose default export makes the plugin. */
export const ENTRY = 'plugin.mjs';

/**
 * Folders of plugins within a configured one, by name: itself when it holds an entry file, else those of its children that
 * do. A sentence when there is none.
 */
export function pluginFolders(folder: string): readonly string[] | string {
  if (!existsSync(folder)) return 'there is no such folder';
  if (existsSync(join(folder, ENTRY))) return [folder];
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, ENTRY)))
    .map((entry) => join(folder, entry.name))
    .sort();
  return found.length > 0 ? found : `neither it nor a folder in it holds a ${ENTRY}`;
}

/** A hash over every file of a plugin that may decide something: its code and what lies beside it, tests and packages apart. */
export function folderFingerprint(folder: string): string {
  const hash = createHash('sha256');
  for (const file of filesOf(folder))
    hash.update(file.slice(folder.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : filesOf(path);
      return /\.(m?js|cjs|json|wasm)$/.test(entry.name) && !/\.(spec|test)\.m?js$/.test(entry.name) ? [path] : [];
    })
    .sort();
}
