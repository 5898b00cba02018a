import { describe, it } from 'vitest';
import { Simulated, tokensOf } from './testing/simulated.js';
import { post } from './testing/venue-client.js';

describe('in load mode', () => {
  it('time stands still until a blast, whose frames arrive whole and in sequence', async ({
    expect,
    onTestFinished,
  }) => {
    const venue = await Simulated.forTest(onTestFinished, ['--load', '--rate', '50']);
    const kalshi = await venue.kalshi();
    const tickers = await venue.tickers();
    kalshi.send({ id: 1, cmd: 'subscribe', params: { channels: ['orderbook_delta'], market_tickers: tickers } });
    await kalshi.until((frames) => frames.length === tickers.length + 1);
    const polymarket = await venue.polymarket();
    const assets = (await venue.gammaMarkets()).map((market) => tokensOf(market)[0]);
    polymarket.send({ type: 'market', assets_ids: assets });
    await polymarket.next((frame) => Array.isArray(frame));
    await polymarket.wait(300);
    expect(polymarket.rest()).toEqual([]);

    const { body } = await post(`${venue.facts.controlUrl}/control/blast`, { events: 3_000 });
    expect(body.frames.kalshi + body.frames.polymarket).toBeGreaterThan(3_000);
    await polymarket.until((frames) => frames.length === body.frames.polymarket + 1);
    await kalshi.until((frames) => frames.length === body.frames.kalshi + tickers.length + 1);
    const numbers = kalshi.all().flatMap(({ seq }) => seq ?? []);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it('a simulator that was not asked for it refuses a blast', async ({ expect, onTestFinished }) => {
    const venue = await Simulated.forTest(onTestFinished, []);
    const { status, body } = await post(`${venue.facts.controlUrl}/control/blast`, {});
    expect([status, body.error]).toEqual([400, 'the simulator was not started with --load']);
  });
});
