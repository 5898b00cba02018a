// What every command needs before anything can be imported: Node's version, the packages, the build.
// Plain JavaScript without packages, because it runs in a fresh clone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Ends with a sentence instead of a stack: these are things a person can mend. */
export function fail(sentence) {
  say(sentence);
  process.exit(1);
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(
      `ArbIntel needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node and run the command again.`,
    );
  }
}

const hashOf = (...files) => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(root, file)));
  hash.update(`${process.platform}-${process.arch}-${process.versions.modules}`);
  return hash.digest('hex');
};

/**
 * Installs what the lock file pins when the packages are missing or the lock file changed since. `npm install
 * --no-save` rather than `npm ci`: the latter refuses a lock file that lacks a binary for some other platform, and not
 * every registry mirror carries them all.
 */
export function installPackages() {
  const stamp = join(root, 'node_modules', '.arbintel-installed');
  const wanted = hashOf('package-lock.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  const began = Date.now();
  say('· installing packages');
  // The npm that runs us, whichever version it is.
  const npm =
    process.env.npm_execpath && process.env.npm_execpath.endsWith('npm-cli.js')
      ? [process.execPath, process.env.npm_execpath]
      : ['npm'];
  const run = spawnSync(
    npm[0],
    [...npm.slice(1), 'install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32' && npm[0] === 'npm',
      env: { ...process.env, NODE_ENV: 'development' },
    },
  );
  if (run.status !== 0)
    fail('`npm install` failed (see above). Check that the npm registry can be reached, then run the command again.');
  writeFileSync(stamp, wanted);
  say(`  packages installed in ${seconds(began)}`);
  return true;
}

export const seconds = (began) => `${((Date.now() - began) / 1000).toFixed(1)} s`;

function newest(folder, extensions, skip) {
  let latest = 0;
  const path = join(root, folder);
  if (!existsSync(path)) return 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (skip.has(entry.name)) continue;
    const inner = join(folder, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, newest(inner, extensions, skip));
    else if (extensions.some((end) => entry.name.endsWith(end)))
      latest = Math.max(latest, statSync(join(root, inner)).mtimeMs);
  }
  return latest;
}

const stampTime = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);
const mark = (file) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${new Date().toISOString()}\n`);
};

function runTool(script, args, what) {
  const run = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (run.status !== 0) fail(`${what} failed (see above).`);
}

const NOT_SOURCE = new Set(['node_modules', 'dist', '.git', '.data']);

/** Compiles the server and bundles the page when a source is newer than the last build. */
export function build({ web = true, force = false } = {}) {
  const began = Date.now();
  const serverStamp = join(root, 'dist', '.server-built');
  const serverSource = Math.max(
    ...['apps', 'libs', 'migrations'].map((folder) => newest(folder, ['.ts'], NOT_SOURCE)),
    ...['package.json', 'scripts/compile.mjs'].map((file) => stampTime(join(root, file))),
  );
  if (force || serverSource > stampTime(serverStamp)) {
    say('· compiling the server');
    runTool('scripts/compile.mjs', [], 'Compiling the server');
    mark(serverStamp);
    say(`  compiled in ${seconds(began)}`);
  }
  if (!web) return;
  const webBegan = Date.now();
  const webStamp = join(root, 'web', 'dist', '.built');
  const webSource = Math.max(
    newest('web', ['.ts', '.vue', '.html', '.css', '.svg'], NOT_SOURCE),
    stampTime(join(root, 'package.json')),
  );
  if (force || webSource > stampTime(webStamp)) {
    say('· building the page');
    runTool(
      'node_modules/vite/bin/vite.js',
      ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'],
      'Building the page',
    );
    mark(webStamp);
    say(`  page built in ${seconds(webBegan)}`);
  }
}
