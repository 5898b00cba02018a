import { startEmbedded } from '../embedded/server.js';

/** A process that starts the server of `argv[2]`, tells its parent, and waits to be killed. */
const server = await startEmbedded({
  dataDir: process.argv[2],
  mode: 'test',
  throwaway: true,
  log: (line) => process.send?.({ line }),
});
process.send?.({ pid: server.pid, url: server.url });
setInterval(() => undefined, 1_000);
