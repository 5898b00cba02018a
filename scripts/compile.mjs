// TypeScript → JavaScript for the servers: every source below apps, libs and migrations to its place in dist, with a
// source map. Each file by itself, types taken away and not looked at: `npm run check` and `npm test` look at them, and
// who wants to see the demo need not wait for it. Vitest runs the sources through the same transform.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transform } from '@swc/core';
import { fail, root } from './prepare.mjs';

const OPTIONS = {
  swcrc: false,
  configFile: false,
  sourceMaps: true,
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: true,
      verbatimModuleSyntax: true,
    },
  },
};

const below = (folder, of) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && of(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

/** Left alone when it says the same, so that its time tells when it changed. */
function write(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const dist = join(root, 'dist');
const made = new Set();

async function compile(source) {
  const target = join(dist, relative(root, source)).replace(/\.ts$/, '.js');
  const name = target.split(/[\\/]/).at(-1);
  const { code, map } = await transform(readFileSync(source, 'utf8'), {
    ...OPTIONS,
    filename: source,
    sourceFileName: relative(dirname(target), source),
  });
  write(target, `${code}//# sourceMappingURL=${name}.map\n`);
  write(`${target}.map`, map);
  made.add(target).add(`${target}.map`);
}

const sources = ['apps', 'libs', 'migrations'].flatMap((folder) =>
  below(join(root, folder), (name) => name.endsWith('.ts') && !/\.(spec|d)\.ts$/.test(name)),
);
const outcomes = await Promise.allSettled(sources.map(compile));
const refused = outcomes.filter(({ status }) => status === 'rejected');
if (refused.length > 0) fail(refused.map(({ reason }) => String(reason.message ?? reason)).join('\n'));
// What is left of a source that is gone would still be found, by name or by a hash over the whole folder.
for (const old of ['apps', 'libs', 'migrations'].flatMap((folder) => below(join(dist, folder), () => true)))
  if (!made.has(old)) rmSync(old);
