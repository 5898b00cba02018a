import { describe, it } from 'vitest';
import { Simulated, type Finished, TokenBook, tokensOf } from './testing/simulated.js';
import { get, type Client, type Loose } from './testing/venue-client.js';

/** Tests wait on clocks: each has a simulator of its own, so that they run side by side. */
const started = (finished: Finished): Promise<Simulated> => Simulated.forTest(finished, ['--seed', '3', '--rate', '6']);

async function kalshiBooks(venue: Simulated): Promise<Client> {
  const client = await venue.kalshi();
  const tickers = (await venue.tickers()).slice(0, 12);
  client.send({ id: 1, cmd: 'subscribe', params: { channels: ['orderbook_delta'], market_tickers: tickers } });
  await client.next(({ type }) => type === 'orderbook_delta');
  return client;
}

async function polymarketBooks(venue: Simulated): Promise<{ client: Client; opening: Loose[]; markets: Loose[] }> {
  const markets = await venue.gammaMarkets();
  const client = await venue.polymarket();
  client.send({
    type: 'market',
    assets_ids: markets.map((market) => tokensOf(market)[0]),
    custom_feature_enabled: true,
  });
  return { client, markets, opening: await client.next((frame) => Array.isArray(frame)) };
}

const sequence = (frames: readonly Loose[]): number[] => frames.filter(({ seq }) => seq).map(({ seq }) => seq);
const steps = (numbers: readonly number[]): number[] => numbers.slice(1).map((seq, i) => seq - numbers[i]);

describe.concurrent('told to misbehave, the simulator', () => {
  it('is silent while pings and PONG go on, and speaks again', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const kalshi = await kalshiBooks(venue);
    const { client } = await polymarketBooks(venue);
    await venue.misbehave({ kind: 'silence', forMs: 60_000 });
    await client.wait(300);
    kalshi.rest();
    client.rest();
    client.send('PING');
    await client.next((frame) => frame === 'PONG');
    const before = kalshi.pings.length;
    await kalshi.until(() => kalshi.pings.length > before);
    expect(kalshi.rest()).toEqual([]);
    expect(client.rest()).toEqual([]);
    expect(kalshi.pings).toContain('heartbeat');
    await venue.behave();
    await kalshi.next(({ type }) => type === 'orderbook_delta');
  });

  it('drops frames, so that seq has holes', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const client = await kalshiBooks(venue);
    await venue.misbehave({ venue: 'kalshi', kind: 'drop', share: 0.3, forMs: 60_000 });
    await client.until((frames) => Math.max(...steps(sequence(frames))) > 1);
    expect(Math.min(...steps(sequence(client.all())))).toBe(1);
  });

  it('sends frames twice', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const client = await kalshiBooks(venue);
    await venue.misbehave({ venue: 'kalshi', kind: 'duplicate', share: 0.5, forMs: 60_000 });
    await client.until((frames) => steps(sequence(frames)).filter((each) => each === 0).length > 5);
    expect(new Set(steps(sequence(client.all())))).toEqual(new Set([0, 1]));
  });

  it('sends frames out of order and loses none', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const client = await kalshiBooks(venue);
    await venue.misbehave({ venue: 'kalshi', kind: 'reorder', share: 0.4, forMs: 60_000 });
    await client.until((frames) => steps(sequence(frames)).filter((each) => each < 0).length > 5);
    await venue.behave();
    const heard = client.all().length;
    await client.until((frames) => frames.length > heard + 20);
    const numbers = sequence(client.all()).slice(0, heard);
    const sorted = [...numbers].sort((a, b) => a - b);
    expect(sorted.filter((seq, i) => seq !== i + 1).length).toBeLessThanOrEqual(1);
  });

  it('speaks garbage in between', async ({ onTestFinished }) => {
    const venue = await started(onTestFinished);
    const { client } = await polymarketBooks(venue);
    await venue.misbehave({ venue: 'polymarket', kind: 'garbage', share: 0.9, forMs: 60_000 });
    await client.next((frame) => typeof frame === 'string' && frame !== 'PONG');
  });

  it('drips byte by byte, and every frame still arrives whole and in order', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const client = await kalshiBooks(venue);
    await venue.misbehave({ venue: 'kalshi', kind: 'slow-drip', forMs: 60_000 });
    await client.wait(300);
    client.rest();
    await client.wait(900);
    expect(client.rest().length).toBeLessThan(25);
    await venue.behave();
    await client.until((frames) => sequence(frames).length > 60);
    const numbers = sequence(client.all());
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it('cuts connections and takes none for a while', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const client = await kalshiBooks(venue);
    await venue.misbehave({ venue: 'kalshi', kind: 'disconnect', forMs: 60_000 });
    await client.until(() => client.closed !== null);
    expect(client.closed).toBe(1006);
    await expect(venue.kalshi()).rejects.toThrow(/hang up|ECONNRESET/);
    await venue.behave();
    await expect(venue.kalshi()).resolves.toBeDefined();
  });

  it('has a wrong clock in headers, frames and /time, and takes no signature of the right one', async ({
    expect,
    onTestFinished,
  }) => {
    const venue = await started(onTestFinished);
    await venue.misbehave({ kind: 'clock-skew', offsetMs: 3_600_000, forMs: 60_000 });
    const ahead = (ms: number): number => Math.round((ms - Date.now()) / 60_000);
    const time = await get(`${venue.facts.clobUrl}/time`);
    expect(ahead(time.body * 1_000)).toBe(60);
    expect(ahead(Date.parse(time.date))).toBe(60);
    const { client } = await polymarketBooks(venue);
    const change = await client.next(({ event_type }) => event_type === 'price_change');
    expect(ahead(Number(change.timestamp))).toBe(60);
    await expect(venue.kalshi()).rejects.toThrow('401');
  });

  it('states wrong hashes', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    await venue.misbehave({ venue: 'polymarket', kind: 'wrong-hash', forMs: 60_000 });
    const { opening, markets } = await polymarketBooks(venue);
    const negRisk = new Map(markets.map((market) => [tokensOf(market)[0], market.negRisk]));
    const right = opening.filter(
      (book) => new TokenBook(book, negRisk.get(book.asset_id)).hash(book.timestamp) === book.hash,
    );
    expect(right).toEqual([]);
  });

  it('fails its REST', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const url = `${venue.facts.kalshiRestUrl}/exchange/status`;
    await venue.misbehave({ venue: 'kalshi', kind: 'rest-error', status: 503, forMs: 60_000 });
    expect((await get(url)).status).toBe(503);
    await venue.behave();
    expect((await get(url)).status).toBe(200);
  });

  it('says what it does not understand', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    for (const [body, path] of [
      [{ kind: 'sulk' }, '/kind'],
      [{ kind: 'resolve' }, '/outcome'],
      [{ kind: 'silence', venue: 'nyse' }, '/venue'],
      [{ kind: 'drop', share: 'half' }, '/share'],
    ] as const) {
      expect(await venue.misbehave(body)).toMatchObject({ status: 400, body: { fields: [{ path }] } });
    }
  });
});
