// `npm run check`: what to run before each commit. Format, lint, floors, types and unit tests.
import { checkNode, installPackages, say, seconds } from './prepare.mjs';

checkNode();
installPackages();
const { finish, staticSteps, vitest } = await import('./steps.mjs');
const began = Date.now();
const totals = [await staticSteps(), await vitest(['unit'])];
say(`checked in ${seconds(began)}`);
finish(totals);
