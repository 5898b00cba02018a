import { createHash, createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exchangeKey, KEY_FILE } from '../kalshi/kalshi.key.js';
import { readOptions } from '../options.js';
import { Simulator, type SimulatorFacts } from '../simulator.js';
import { connect, get, post, signed, type Client, type Loose } from './venue-client.js';

let key: string | null = null;

/** A state folder with the file's one key: making an RSA key for each test is slow. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  if (key === null) key = readFileSync(exchangeKey(folder).privateKeyFile, 'utf8');
  else writeFileSync(join(folder, KEY_FILE), key, { mode: 0o600 });
  return folder;
}

/** The test context's way to say what must be done at its end. */
export type Finished = (end: () => Promise<void>) => void;

/** A running simulator for a spec, in a folder of its own; `end` stops it and its clients. */
export class Simulated {
  #clients: Client[] = [];

  private constructor(
    readonly folder: string,
    readonly simulator: Simulator,
    readonly facts: SimulatorFacts,
  ) {}

  static async start(args: readonly string[] = [], folder = newFolder()): Promise<Simulated> {
    const { simulator, facts } = await Simulator.start(readOptions(['--state', folder, ...args], {}));
    return new Simulated(folder, simulator, facts);
  }

  /** One that ends with its test. */
  static async forTest(finished: Finished, args: readonly string[], folder?: string): Promise<Simulated> {
    const venue = await Simulated.start(args, folder);
    finished(() => venue.end());
    return venue;
  }

  async polymarket(): Promise<Client> {
    const client = await connect(this.facts.polymarketSocketUrl);
    this.#clients.push(client);
    return client;
  }

  async kalshi(): Promise<Client> {
    const key = createPrivateKey(readFileSync(this.facts.kalshiPrivateKeyFile));
    const client = await connect(
      this.facts.kalshiSocketUrl,
      signed(key, this.facts.kalshiKeyId, 'GET', '/trade-api/ws/v2', Date.now()),
    );
    this.#clients.push(client);
    return client;
  }

  /** Open markets as Gamma lists them. */
  async gammaMarkets(): Promise<Loose[]> {
    return (await get(`${this.facts.gammaUrl}/markets/keyset?limit=100&closed=false`)).body.markets;
  }

  async tickers(): Promise<string[]> {
    const { body } = await get(`${this.facts.kalshiRestUrl}/markets?status=open&limit=1000`);
    return body.markets.map(({ ticker }: Loose) => ticker);
  }

  misbehave(body: Loose): Promise<Loose> {
    return post(`${this.facts.controlUrl}/control/misbehave`, body);
  }

  async behave(): Promise<void> {
    await post(`${this.facts.controlUrl}/control/behave`, {});
  }

  /** Stops without removing the folder. */
  async stop(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.close();
    await this.simulator.stop();
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const tokensOf = (market: Loose): [string, string] => JSON.parse(market.clobTokenIds);

/** A token's book as a client keeps it, with the hash the venue should state for it: the recipe once more, by hand. */
export class TokenBook {
  readonly bids: Map<string, string>;
  readonly asks: Map<string, string>;
  tick: string;
  lastTrade: string;

  constructor(
    readonly opening: Loose,
    readonly negRisk: boolean,
  ) {
    this.bids = levelsOf(opening.bids);
    this.asks = levelsOf(opening.asks);
    this.tick = opening.tick_size;
    this.lastTrade = opening.last_trade_price;
  }

  set(row: Loose): void {
    const side = row.side === 'BUY' ? this.bids : this.asks;
    if (row.size === '0') side.delete(row.price);
    else side.set(row.price, row.size);
  }

  best(): [bid: number, ask: number] {
    return [Math.max(0, ...[...this.bids.keys()].map(Number)), Math.min(1, ...[...this.asks.keys()].map(Number))];
  }

  hash(timestamp: string): string {
    const list = (levels: Map<string, string>, order: 1 | -1): unknown =>
      [...levels].map(([price, size]) => ({ price, size })).sort((a, b) => order * (Number(a.price) - Number(b.price)));
    return createHash('sha1')
      .update(
        JSON.stringify({
          market: this.opening.market,
          asset_id: this.opening.asset_id,
          timestamp,
          hash: '',
          bids: list(this.bids, 1),
          asks: list(this.asks, -1),
          min_order_size: '5',
          tick_size: this.tick,
          neg_risk: this.negRisk,
          last_trade_price: this.lastTrade,
        }),
      )
      .digest('hex');
  }
}

const levelsOf = (levels: Loose): Map<string, string> =>
  new Map(levels.map(({ price, size }: Loose) => [price, size] as const));
