import 'reflect-metadata';
import { UserProblem } from '#core';
import { createLog, loadPlugins, onStop, openVault, readConfig, reportReady } from '#host';
import { startApi } from './server.js';

try {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel, { process: 'api' });
  const plugins = await loadPlugins(config.plugins);
  for (const { folder, id, reason } of plugins.refused) log.warn('a plugin was refused', { folder, id, reason });
  const api = await startApi({ config, log, plugins, vault: openVault(config.vaultKeyFile) });
  onStop(async (why) => {
    log.info('stopping', { why });
    await api.stop();
  });
  log.info('ready', { url: api.url, pid: process.pid });
  reportReady('api', { url: api.url, setupUrl: api.setupUrl });
} catch (error) {
  const complaints = error instanceof UserProblem ? error.fields.map(({ message }) => `  ${message}`) : [];
  process.stderr.write(
    `${[error instanceof UserProblem ? error.message : String(error instanceof Error ? error.stack : error), ...complaints].join('\n')}\n`,
  );
  process.exit(1);
}
