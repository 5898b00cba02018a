import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { UserProblem } from '#core';
import { onStop, readConfig } from '#host';
import { openHouse } from './house.js';
import { sentenceOf } from './venues/rest.io.js';
import { ROLES, WorkerModule, type Role } from './worker.module.js';

/** `node main.js live|jobs`: everything else comes from the environment (libs/host/src/config.ts). */
async function main(): Promise<void> {
  const role = ROLES.find((one): one is Role => one === process.argv[2]);
  if (!role) throw new UserProblem(`say which role this worker has: ${ROLES.join(' or ')}`);
  const house = await openHouse(readConfig(process.env), role);
  const app = await NestFactory.createApplicationContext(WorkerModule.for(role, house), { logger: false });
  process.on('unhandledRejection', (error) => house.log.error('a promise was rejected and nobody listened', { error }));
  onStop(async (why) => {
    house.log.info('stopping', { why });
    await app.close();
    await house.close();
  });
}

main().catch((error: unknown) => {
  const lines =
    error instanceof UserProblem
      ? [error.message, ...error.fields.map((field) => `  ${field.message}`)]
      : [sentenceOf(error)];
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
});
