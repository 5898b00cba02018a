// `npm run demo | start | bench | capture:check | …`: makes the machine ready, then hands over to the compiled command line.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, checkNode, installPackages, root } from './prepare.mjs';

checkNode();
const [command, what] = process.argv.slice(2);
installPackages();
build({ web: command === 'demo' || command === 'start' || (command === 'bench' && what === 'api') });
const { main } = await import(pathToFileURL(join(root, 'dist', 'apps', 'cli', 'src', 'main.js')).href);
process.exitCode = await main(process.argv.slice(2));
