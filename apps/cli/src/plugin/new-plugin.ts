import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Defect, UserProblem, type FieldProblem } from '#core';
import { PLUGIN_KINDS, type PluginKind } from '#plugin-sdk';

export interface NewPlugin {
  readonly kind: string;
  /** Becomes the plugin's id and the name of its folder. */
  readonly name: string;
  /** Folder that will hold the plugin's own. */
  readonly into: string;
}

/**
 * Writes a working plugin of a kind with its test and returns its folder. Throws `UserProblem` when the kind is unknown, the
 * name is no id, or something lies there already.
 */
export function newPlugin({ kind, name, into }: NewPlugin): string {
  const problems: FieldProblem[] = [];
  if (!PLUGIN_KINDS.includes(kind as PluginKind))
    problems.push({
      path: '/kind',
      message: `${JSON.stringify(kind)} is no kind; there are ${PLUGIN_KINDS.join(', ')}`,
    });
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    problems.push({ path: '/name', message: `${JSON.stringify(name)} is not of lower-case words joined by hyphens` });
  if (problems.length > 0) throw new UserProblem('no plugin was made', problems);
  const folder = join(resolve(into), name);
  if (existsSync(folder)) throw new UserProblem(`${folder} is there already; nothing was written`);
  const template = join(templates(), kind);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(template))
    writeFileSync(
      join(folder, file),
      readFileSync(join(template, file), 'utf8').replaceAll('__ID__', name).replaceAll('__TITLE__', titleOf(name)),
    );
  return folder;
}

const titleOf = (name: string): string => name[0].toUpperCase() + name.slice(1).replaceAll('-', ' ');

/** They lie beside the sources and are not compiled. */
function templates(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const found = join(folder, 'apps', 'cli', 'templates');
    if (existsSync(found)) return found;
    if (folder === dirname(folder)) throw new Defect('the templates of plugins were not found');
  }
}
