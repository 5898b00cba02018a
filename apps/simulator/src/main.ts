import { UserProblem } from '#core';
import { onStop, reportReady } from '#host';
import { readOptions } from './options.js';
import { Simulator } from './simulator.js';

try {
  const options = readOptions(process.argv.slice(2), process.env);
  const { simulator, facts } = await Simulator.start(options);
  onStop(() => simulator.stop());
  reportReady('simulator', { ...facts });
  if (options.print) process.stdout.write(`${JSON.stringify(facts)}\n`);
} catch (error) {
  if (!(error instanceof UserProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
