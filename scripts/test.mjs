// `npm test`: everything. Static checks, build, then every project of vitest.config.ts, the browser's story among them.
import { build, checkNode, installPackages, say, seconds } from './prepare.mjs';

checkNode();
const began = Date.now();
installPackages();
const { finish, staticSteps, vitest } = await import('./steps.mjs');
const totals = [await staticSteps()];
build();
totals.push(await vitest(['unit', 'slow', 'database', 'api', 'system'], { FORCE_COLOR: '0' }));
say(`all of it took ${seconds(began)}`);
finish(totals);
