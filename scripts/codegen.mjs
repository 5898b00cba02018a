// Types of the page's GraphQL documents, from schema.graphql. Leaves no diff when nothing changed.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkNode, installPackages, root } from './prepare.mjs';

checkNode();
installPackages();
const run = spawnSync(
  process.execPath,
  [join(root, 'node_modules/@graphql-codegen/cli/cjs/bin.js'), '--config', 'web/codegen.ts'],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = run.status ?? 1;
