import { describe, it } from 'vitest';
import { Simulated, type Finished, tokensOf } from './testing/simulated.js';
import { OutsideProblem } from '#core';
import { get, post, type Loose } from './testing/venue-client.js';

/** Tests wait on clocks: each has a simulator of its own, so that they run side by side. */
const started = (finished: Finished): Promise<Simulated> => Simulated.forTest(finished, ['--seed', '11']);

const act = async (venue: Simulated, body: Loose): Promise<void> => {
  const { status, body: answer } = await post(`${venue.facts.controlUrl}/control/misbehave`, body);
  if (status !== 200) throw new OutsideProblem(JSON.stringify(answer), false);
};
const kalshiMarket = async (venue: Simulated, ticker: string): Promise<Loose> =>
  (await get(`${venue.facts.kalshiRestUrl}/markets/${ticker}`)).body.market;
const gammaMarket = async (venue: Simulated, condition: string): Promise<Loose> =>
  (await get(`${venue.facts.gammaUrl}/markets?condition_ids=${condition}`)).body[0];

async function pair(venue: Simulated, part: string): Promise<{ ticker: string; condition: string }> {
  const { body } = await get(`${venue.facts.controlUrl}/control/pairs`);
  const found = body.find(({ a }: Loose) => a.includes(part));
  return { ticker: found.a.slice('kalshi:'.length), condition: found.b.slice('polymarket:'.length) };
}

describe.concurrent('a person at the control port', () => {
  it('resolves questions: yes at both venues, 50-50 and void; a restart still answers for them', async ({
    expect,
    onTestFinished,
  }) => {
    const venue = await started(onTestFinished);
    const [yes, half, gone] = [
      await pair(venue, 'HARBOURBILL'),
      await pair(venue, 'TRUCE'),
      await pair(venue, 'INFLATION'),
    ];
    const kalshi = await venue.kalshi();
    kalshi.send({ id: 1, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } });
    const polymarket = await venue.polymarket();
    const [token] = tokensOf(await gammaMarket(venue, yes.condition));
    const [other] = tokensOf((await venue.gammaMarkets()).find(({ slug }) => slug === 'album'));
    polymarket.send({ type: 'market', assets_ids: [token, other], custom_feature_enabled: true });
    await polymarket.next((frame) => Array.isArray(frame));

    await act(venue, { kind: 'resolve', outcome: 'yes', market: yes.ticker });
    await act(venue, { kind: 'resolve-5050', market: half.ticker });
    await act(venue, { kind: 'void', market: gone.condition });
    const emptied = await polymarket.next(
      ({ event_type, market }) => event_type === 'price_change' && market === yes.condition,
    );
    expect(emptied.price_changes.every(({ size }: Loose) => size === '0')).toBe(true);
    expect((await kalshiMarket(venue, yes.ticker)).status).toBe('closed');

    const life = (event: string, ticker: string) => (frame: Loose) =>
      frame.msg?.event_type === event && frame.msg.market_ticker === ticker;
    const determined = await kalshi.next(life('determined', yes.ticker));
    expect(determined.msg).toMatchObject({ result: 'yes', settlement_value: '1.0000' });
    await kalshi.next(life('settled', yes.ticker));
    const resolved = await polymarket.next(({ event_type }) => event_type === 'market_resolved');
    expect(resolved).toMatchObject({ market: yes.condition, winning_asset_id: token });
    await polymarket.wait(300);

    const check = async (of: Simulated): Promise<void> => {
      expect(await kalshiMarket(of, yes.ticker)).toMatchObject({ status: 'finalized', result: 'yes' });
      expect(await kalshiMarket(of, half.ticker)).toMatchObject({
        result: 'scalar',
        settlement_value_dollars: '0.5000',
      });
      expect(await gammaMarket(of, yes.condition)).toMatchObject({ closed: true, outcomePrices: '["1","0"]' });
      expect(await gammaMarket(of, half.condition)).toMatchObject({ closed: true, outcomePrices: '["0.5","0.5"]' });
      expect(await gammaMarket(of, gone.condition)).toMatchObject({
        umaResolutionStatus: 'resolved',
        outcomePrices: '["0","0"]',
      });
      const closed = await get(`${of.facts.gammaUrl}/markets/keyset?closed=true&limit=100`);
      expect(closed.body.markets.map(({ conditionId }: Loose) => conditionId)).toContain(yes.condition);
    };
    await check(venue);
    await venue.stop();
    await check(await Simulated.forTest(onTestFinished, [], venue.folder));
  });

  it('changes fees and ticks while people listen', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const { ticker, condition } = await pair(venue, 'COINTOP');
    const kalshi = await venue.kalshi();
    kalshi.send({ id: 1, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } });
    const polymarket = await venue.polymarket();
    polymarket.send({ type: 'market', assets_ids: tokensOf(await gammaMarket(venue, condition)) });
    await polymarket.next((frame) => Array.isArray(frame));

    await act(venue, { kind: 'fee-change', market: ticker, value: 0.5 });
    expect((await kalshi.next(({ type }) => type === 'event_fee_update')).msg.fee_multiplier_override).toBe(0.5);
    await act(venue, { kind: 'fee-change', market: condition, value: 0.02 });
    expect((await gammaMarket(venue, condition)).feeSchedule.rate).toBe(0.02);
    const changes = await get(`${venue.facts.kalshiRestUrl}/series/fee_changes`);
    expect(changes.body.series_fee_change_arr).toHaveLength(1);

    await act(venue, { kind: 'tick-size-change', market: condition });
    const tick = await polymarket.next(({ event_type }) => event_type === 'tick_size_change');
    expect(tick).toMatchObject({ market: condition, old_tick_size: '0.01', new_tick_size: '0.001' });
    await act(venue, { kind: 'tick-size-change', market: ticker });
    const grid = await kalshi.next(({ msg }) => msg?.event_type === 'price_level_structure_updated');
    expect(grid.msg.price_ranges).toHaveLength(3);
  });

  it('is told the truth, and the pairs', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    const { body } = await get(`${venue.facts.controlUrl}/control/truth`);
    const valdoria = body.questions.filter(({ group }: Loose) => group === 'valdoria');
    const sum = valdoria.reduce((total: number, { probability }: Loose) => total + probability, 0);
    expect(sum).toBeCloseTo(1, 9);
    const pairs: Loose[] = (await get(`${venue.facts.controlUrl}/control/pairs`)).body;
    expect(pairs.length).toBeGreaterThan(18);
    expect(pairs.filter(({ polarity }) => polarity === 'inverse')).toHaveLength(1);
    const tickers = new Set((await venue.tickers()).map((ticker) => `kalshi:${ticker}`));
    expect(pairs.filter(({ a }) => tickers.has(a)).length).toBeGreaterThan(15);
  });

  it('refuses to go on with another seed', async ({ expect, onTestFinished }) => {
    const venue = await started(onTestFinished);
    await venue.stop();
    await expect(Simulated.start(['--seed', '12'], venue.folder)).rejects.toThrow('seed 11');
  });
});
