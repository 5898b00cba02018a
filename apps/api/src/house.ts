import type { Inbox, People, Pool } from '#data';
import type { Config, Log, PluginRegistry, Vault } from '#host';
import type { JobDesk, LiveBus } from '#queue';

/** What the server was given at start. Only this knows the clock; everything below takes moments as arguments. */
export class House {
  constructor(
    readonly config: Pick<Config, 'mode' | 'dataDir' | 'databaseUrl' | 'redisUrl'>,
    readonly log: Log,
    readonly pool: Pool,
    readonly people: People,
    readonly inbox: Inbox,
    readonly bus: LiveBus,
    readonly queues: JobDesk,
    readonly plugins: PluginRegistry,
    readonly vault: Vault,
    readonly now: () => number,
  ) {}
}
