import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `web/dist` of the project a file belongs to: the nearest folder above that has a package.json, from source or build. */
export function webRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'web', 'dist');
}

/** Files whose name holds a hash of their content never change. */
export const cacheControl = (path: string): string =>
  /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';

export const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>ArbIntel</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}code{background:#8883;padding:.1em .3em;border-radius:.2em}</style>
<h1>The page is not built</h1><p>The server runs, but there is no page to show. Build it with <code>npm run build</code> and start again.</p></html>`;
