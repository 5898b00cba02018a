import { describe, expect, it } from 'vitest';
import { UserProblem, type FeeRule } from '#core';
import { strategyBench, strategyConformance, type BenchGroup } from '#plugin-sdk/testing';
import { exclusiveBundle } from './exclusive-bundle.strategy.js';

const POLYMARKET: FeeRule = { kind: 'polymarket', rate: 40_000, exponent: 1, rounding: 'floor' };
const NAMES = ['Ann', 'Bob', 'Cid'];

/** A race of three at one venue. */
function race(group: Partial<BenchGroup> = {}, fee: FeeRule | null = { kind: 'none' }, config = {}) {
  const markets = NAMES.map((name) => `polymarket:${name}`);
  return strategyBench(exclusiveBundle, {
    markets: markets.map((id) => ({ id, fee })),
    groups: [{ id: 'polymarket:race', markets, ...group }],
    config,
  });
}

/** Books of the three around their bids and asks, in cents. */
function books(
  bench: ReturnType<typeof race>,
  bids: readonly number[],
  asks: readonly number[],
  contracts = [100, 100, 100],
) {
  const reactions = NAMES.map((name, i) =>
    bench.book(`polymarket:${name}`, {
      bids: [[(bids[i] / 100).toFixed(2), contracts[i]]],
      asks: [[(asks[i] / 100).toFixed(2), contracts[i]]],
    }),
  );
  return reactions[NAMES.length - 1];
}

describe('exclusive bundles', () => {
  it.each(strategyConformance(exclusiveBundle))('$name', ({ run }) => expect(run).not.toThrow());

  it('buys NO on all when the bids add up to more than one winner', () => {
    const { said, sighting } = books(race(), [50, 35, 20], [52, 37, 22], [100, 60, 80]);
    expect(said).toEqual([
      'buy 60 no polymarket:Bob at 0.65 + buy 60 no polymarket:Cid at 0.8 + buy 60 no polymarket:Ann at 0.5',
    ]);
    expect(sighting).toMatchObject({
      link: null,
      group: 'polymarket:race',
      direction: 'no-all',
      gross: 50_000,
      net: 50_000,
    });
    expect(sighting.waterfall).toEqual([
      { label: 'Gross', amount: 3_000_000 },
      { label: 'Fees polymarket', amount: 0 },
      { label: 'Net', amount: 3_000_000 },
    ]);
  });

  it('buys YES on all when the asks add up to less than one winner', () => {
    expect(books(race(), [45, 30, 15], [47, 31, 17]).said).toEqual([
      'buy 100 yes polymarket:Ann at 0.47 + buy 100 yes polymarket:Bob at 0.31 + buy 100 yes polymarket:Cid at 0.17',
    ]);
  });

  it.each([
    ['while the venue may add outcomes', { augmented: true }],
    ['while someone unnamed may win', { exhaustive: false }],
    ['while both are so', { exhaustive: false, augmented: true }],
  ])('never trades a set %s, whatever it costs', (_, group) => {
    expect(books(race(group), [45, 30, 15], [47, 31, 17]).said).toEqual([]);
    expect(books(race(group), [50, 35, 20], [52, 37, 22]).said).toEqual([]);
  });

  it('has no setting that would make it trade one', () => {
    expect(Object.keys(exclusiveBundle.configSchema.properties)).not.toContain('openSets');
    expect(() => race({ exhaustive: false }, { kind: 'none' }, { openSets: true })).toThrow(UserProblem);
  });

  it('leaves a set alone whose outcomes do not exclude each other, or of one', () => {
    expect(books(race({ exclusive: false }), [50, 35, 20], [52, 37, 22]).said).toEqual([]);
    const alone = race({ markets: ['polymarket:Ann'] });
    expect(alone.book('polymarket:Ann', { asks: [['0.40', 100]] }).said).toEqual([]);
  });

  it('buys YES on all only where all are heard; NO on those that are, for at most one of them can win', () => {
    const markets = ['polymarket:Ann', 'polymarket:Bob', 'polymarket:Cid', 'polymarket:Dee'];
    expect(books(race({ markets }), [45, 30, 15], [47, 31, 17]).said).toEqual([]);
    const { said, sighting } = books(race({ markets }), [50, 35, 30], [52, 37, 32]);
    expect(said).toHaveLength(1);
    expect(sighting).toMatchObject({ direction: 'no-all', gross: 150_000 });
  });

  it('buys NO on those that are offered, and YES once every outcome is', () => {
    const bench = race();
    bench.book('polymarket:Ann', { bids: [['0.60', 100]] });
    const { said, sighting } = bench.book('polymarket:Bob', { bids: [['0.60', 100]] });
    expect(said).toEqual(['buy 100 no polymarket:Ann at 0.4 + buy 100 no polymarket:Bob at 0.4']);
    expect(sighting).toMatchObject({
      gross: 200_000,
      markets: [bench.ref('polymarket:Ann'), bench.ref('polymarket:Bob')],
    });
    const cheap = race();
    cheap.book('polymarket:Ann', { asks: [['0.20', 100]] });
    expect(cheap.book('polymarket:Bob', { asks: [['0.20', 100]] }).said).toEqual([]);
    expect(cheap.book('polymarket:Cid', { asks: [['0.20', 100]] }).said).toHaveLength(1);
  });

  it('leaves out an outcome that nobody can trade, or whose few contracts would bound all the others', () => {
    const pair = ['buy 100 no polymarket:Ann at 0.4 + buy 100 no polymarket:Bob at 0.45'];
    const withCid = (bench: ReturnType<typeof race>, bids: readonly (readonly [string, number])[]) => {
      bench.book('polymarket:Cid', { bids });
      bench.book('polymarket:Ann', { bids: [['0.60', 100]] });
      return bench.book('polymarket:Bob', { bids: [['0.55', 100]] }).said;
    };
    expect(withCid(race().market('polymarket:Cid', { status: 'settled' }), [['0.20', 100]])).toEqual(pair);
    expect(withCid(race().fee('polymarket:Cid', null), [['0.20', 100]])).toEqual(pair);
    expect(withCid(race(), [['0.02', 1]])).toEqual(pair);
    expect(withCid(race(), [['0.02', 100]])[0]).toContain('no polymarket:Cid at 0.98');
  });

  describe('at Kalshi', () => {
    const KALSHI: FeeRule = { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 };
    const ids = ['kalshi:EV-A', 'kalshi:EV-B', 'kalshi:EV-C'];
    const event = (exhaustive: boolean) =>
      strategyBench(exclusiveBundle, {
        markets: ids.map((id) => ({ id, fee: KALSHI })),
        groups: [{ id: 'kalshi:EV', markets: ids, exclusive: true, exhaustive }],
      });
    const dear = (bench: ReturnType<typeof event>) =>
      [55, 40, 20].map((bid, i) => bench.book(ids[i], { bids: [[`0.${bid}`, 40]], asks: [[`0.${bid + 1}`, 40]] }))[2];

    it('pays the fee of each leg, rounded up', () => {
      const { said, sighting } = dear(event(true));
      expect(said).toEqual([
        'buy 40 no kalshi:EV-A at 0.45 + buy 40 no kalshi:EV-B at 0.6 + buy 40 no kalshi:EV-C at 0.8',
      ]);
      // 15¢ gross; 0.07 × (0.55 × 0.45 + 0.4 × 0.6 + 0.2 × 0.8) × 40 = 1.813, each leg rounded up to $0.0001.
      expect(sighting.waterfall).toEqual([
        { label: 'Gross', amount: 6_000_000 },
        { label: 'Fees kalshi', amount: -1_813_000 },
        { label: 'Net', amount: 4_187_000 },
      ]);
    });

    it('leaves an event alone that the venue calls exclusive but never complete', () => {
      const bench = event(false);
      expect(dear(bench).said).toEqual([]);
      expect(ids.flatMap((id) => bench.book(id, { asks: [['0.20', 40]] }).said)).toEqual([]);
    });
  });

  it('keeps what the fees of all legs eat as a sighting', () => {
    const { said, sighting } = books(race({}, POLYMARKET), [50, 33, 18], [52, 35, 20]);
    expect(said[0]).toMatch(/^saw no-all: fees and costs eat the edge/);
    expect(sighting.gross).toBe(10_000);
    expect(sighting.net).toBeLessThan(0);
  });

  it('refuses when one book cannot be trusted, one market is not open or one fee is unknown', () => {
    const shaky = race();
    shaky.trust('polymarket:Bob', false);
    expect(books(shaky, [50, 35, 20], [52, 37, 22]).said).toEqual([
      'saw no-all: the book of polymarket:Bob cannot be trusted',
    ]);
    const paused = race().market('polymarket:Cid', { status: 'paused' });
    expect(books(paused, [50, 35, 20], [52, 37, 22]).said).toEqual(['saw no-all: polymarket:Cid is paused']);
    const unknown = race().fee('polymarket:Ann', null);
    expect(books(unknown, [50, 35, 20], [52, 37, 22]).said).toEqual([
      'saw no-all: the fee of polymarket:Ann is unknown',
    ]);
  });

  it('rests after a signal and tells when the edge is gone', () => {
    const bench = race();
    expect(books(bench, [50, 35, 20], [52, 37, 22]).said).toHaveLength(1);
    expect(bench.again('polymarket:Ann').said).toEqual([]);
    expect(bench.book('polymarket:Ann', { bids: [['0.40', 100]], asks: [['0.42', 100]] }).said).toEqual([
      'gone no-all',
    ]);
    expect(bench.again('polymarket:Ann').said).toEqual([]);
  });
});
