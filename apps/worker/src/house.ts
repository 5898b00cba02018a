import { hostname } from 'node:os';
import { createInbox, createPool, createTapeStore, type Inbox, type Pool, type TapeStore } from '#data';
import { createLog, loadPlugins, openVault, type Config, type Log, type PluginRegistry, type Vault } from '#host';
import { createLiveBus, queueBackend, type LiveBus, type QueueBackend } from '#queue';
import { RunRepo } from './jobs/run.repo.js';
import type { VenueSetting } from './venues/listening.js';
import { venueSettings } from './venues/venue.settings.js';

/** The one lane there is for now; every row carries its number from the start. */
export const LANE = 1;

/** What a worker process was given at start. Only this knows the clock and chance; everything below is handed them. */
export class House {
  constructor(
    readonly config: Config,
    readonly log: Log,
    readonly pool: Pool,
    readonly store: TapeStore,
    readonly inbox: Inbox,
    readonly bus: LiveBus,
    readonly backend: QueueBackend,
    readonly runs: RunRepo,
    readonly plugins: PluginRegistry,
    readonly venues: readonly VenueSetting[],
    readonly vault: Vault,
    readonly now: () => number,
    readonly random: () => number,
  ) {}

  /** Who holds a lease, for the page: host and process. */
  get owner(): string {
    return `${hostname()}:${process.pid}`;
  }

  async close(): Promise<void> {
    await this.bus.close();
    await this.pool.end();
  }
}

/**
 * Opens what every worker stands on.
 *
 * @throws UserProblem when a venue plugin is not given what it needs, OutsideProblem when database or bus are away.
 */
export async function openHouse(config: Config, role: string): Promise<House> {
  const log = createLog(config.logLevel, { process: `worker-${role}` });
  const plugins = await loadPlugins(config.plugins);
  for (const { folder, id, reason } of plugins.refused) log.warn('a plugin was refused', { folder, id, reason });
  const venues = venueSettings(plugins.venues, config);
  const pool = createPool(config.databaseUrl);
  const bus = await createLiveBus(config);
  const now = (): number => Date.now();
  return new House(
    config,
    log,
    pool,
    createTapeStore(pool),
    createInbox(pool, bus),
    bus,
    queueBackend(config),
    new RunRepo(pool, bus, now),
    plugins,
    venues,
    openVault(config.vaultKeyFile),
    now,
    Math.random,
  );
}
