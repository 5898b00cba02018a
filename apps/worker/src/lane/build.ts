import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Defect } from '#core';

/**
 * Names the build that writes snapshots: one committed tape gives one journal within one build on one Node major, and
 * a snapshot is the serialised state of exactly this build.
 */
export function buildId(): string {
  const { version } = JSON.parse(readFileSync(packageFile(dirname(fileURLToPath(import.meta.url))), 'utf8')) as {
    version: string;
  };
  const major = process.versions.node.split('.', 1)[0];
  return createHash('sha256')
    .update(`arbintel ${version} node ${major} v8 ${process.versions.v8}`)
    .digest('hex')
    .slice(0, 16);
}

/** The same file from the sources and from `dist`, which lie at different depths. */
function packageFile(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    try {
      readFileSync(file);
      return file;
    } catch {
      if (folder === dirname(folder)) throw new Defect('package.json was not found above the worker');
    }
  }
}
