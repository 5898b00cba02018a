import { describe, expect, it } from 'vitest';
import { size, type FeeRule } from '#core';
import { strategyBench, strategyConformance, type BenchLink, type BenchOptions } from '#plugin-sdk/testing';
import { crossVenueArbitrage } from './cross-venue-arbitrage.strategy.js';

const KALSHI: FeeRule = { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 };
const POLYMARKET: FeeRule = { kind: 'polymarket', rate: 40_000, exponent: 1, rounding: 'floor' };
const NO_FEE: FeeRule = { kind: 'none' };
const DAY = 86_400_000;

/** One question on both venues. Kalshi trades whole contracts, Polymarket hundredths of at least five. */
function linked(link: Partial<BenchLink> = {}, options: Partial<BenchOptions> = {}) {
  return strategyBench(crossVenueArbitrage, {
    markets: [
      { id: 'kalshi:K', fee: KALSHI, minSize: size(100), sizeStep: size(100) },
      { id: 'polymarket:P', fee: POLYMARKET, minSize: size(500), sizeStep: size(1) },
    ],
    links: [{ a: 'kalshi:K', b: 'polymarket:P', id: 'L', ...link }],
    ...options,
  });
}

describe('cross-venue arbitrage', () => {
  it.each(strategyConformance(crossVenueArbitrage))('$name', ({ run }) => expect(run).not.toThrow());

  it('buys YES where it is cheap and NO where YES is dear', () => {
    const bench = linked();
    expect(bench.book('kalshi:K', { bids: [['0.42', 300]], asks: [['0.44', 100]] }).said).toEqual([]);
    const reaction = bench.book('polymarket:P', { bids: [['0.53', 200]], asks: [['0.55', 200]] });
    expect(reaction.said).toEqual(['buy 100 yes kalshi:K at 0.44 + buy 100 no polymarket:P at 0.47']);
    // 9 cents gross; 0.07 × 0.44 × 0.56 and 0.04 × 0.53 × 0.47 a contract go to the venues.
    expect(reaction.sighting).toMatchObject({
      link: 'L',
      direction: 'yes-no',
      gross: 90_000,
      size: 10_000,
      reason: '',
    });
    expect(reaction.sighting.waterfall).toEqual([
      { label: 'Gross', amount: 9_000_000 },
      { label: 'Fees kalshi', amount: -1_724_800 },
      { label: 'Fees polymarket', amount: -996_400 },
      { label: 'Net', amount: 6_278_800 },
    ]);
  });

  it('goes the other way round too', () => {
    const bench = linked();
    bench.book('polymarket:P', { asks: [['0.40', 100]] });
    const { order } = bench.book('kalshi:K', { bids: [['0.52', 100]], asks: [['0.53', 100]] });
    expect(order.sighting?.direction).toBe('no-yes');
    expect(order.legs.map((leg) => leg.outcome).toSorted()).toEqual(['no', 'yes']);
  });

  it('respects a link between opposite questions', () => {
    const bench = linked({ polarity: 'inverse' });
    bench.book('kalshi:K', { bids: [['0.42', 100]], asks: [['0.44', 100]] });
    expect(bench.book('polymarket:P', { bids: [['0.43', 90]], asks: [['0.46', 100]] }).said).toEqual([
      'buy 100 yes kalshi:K at 0.44 + buy 100 yes polymarket:P at 0.46',
    ]);
    bench.wait(10_000);
    bench.book('kalshi:K', { bids: [['0.56', 100]], asks: [['0.58', 100]] });
    expect(bench.book('polymarket:P', { bids: [['0.55', 90]], asks: [['0.57', 100]] }).said).toEqual([
      'buy 90 no polymarket:P at 0.45 + buy 90 no kalshi:K at 0.44',
    ]);
  });

  it('sees no edge between opposite questions that look alike', () => {
    const bench = linked({ polarity: 'inverse' });
    bench.book('kalshi:K', { bids: [['0.42', 300]], asks: [['0.60', 100]] });
    expect(bench.book('polymarket:P', { bids: [['0.45', 200]], asks: [['0.65', 200]] }).said).toEqual([]);
  });

  it('walks both ladders up to where a further contract no longer pays', () => {
    const bench = linked();
    bench.book('kalshi:K', {
      asks: [
        ['0.44', 50],
        ['0.45', 60],
        ['0.52', 500],
      ],
    });
    const { order } = bench.book('polymarket:P', {
      bids: [
        ['0.53', 70],
        ['0.52', 1_000],
      ],
    });
    expect(order.legs).toMatchObject([
      { outcome: 'yes', size: 11_000, limit: 450_000 },
      { outcome: 'no', size: 11_000, limit: 480_000 },
    ]);
  });

  it('sends the leg with less to spare first', () => {
    const bench = linked();
    bench.book('kalshi:K', { asks: [['0.44', 1_000]] });
    expect(bench.book('polymarket:P', { bids: [['0.53', 40]] }).said).toEqual([
      'buy 40 no polymarket:P at 0.47 + buy 40 yes kalshi:K at 0.44',
    ]);
  });

  it('trades whole contracts where one venue knows nothing smaller', () => {
    const bench = linked();
    bench.book('kalshi:K', { asks: [['0.44', 1_000]] });
    expect(bench.book('polymarket:P', { bids: [['0.53', 40.73]] }).order.legs[0].size).toBe(4_000);
  });

  it('pays the cent rounding of a broker account', () => {
    const bench = linked({}, { kalshiPrecision: 'cent' });
    bench.book('kalshi:K', { asks: [['0.44', 7]] });
    const { sighting } = bench.book('polymarket:P', { bids: [['0.53', 10]] });
    expect(sighting.waterfall.find((step) => step.label === 'Fees kalshi')?.amount).toBe(-130_000);
  });

  it('keeps a refused edge as a sighting with its reason', () => {
    const bench = linked();
    bench.book('kalshi:K', { asks: [['0.49', 100]] });
    const reaction = bench.book('polymarket:P', { bids: [['0.51', 100]] });
    expect(reaction.said).toEqual(['saw yes-no: fees and costs eat the edge: net -$0.007489 a contract']);
    expect(reaction.sighting).toMatchObject({ gross: 20_000, net: -7_489 });
    expect(reaction.sighting.waterfall.at(-1)).toEqual({ label: 'Net', amount: -748_900 });
  });

  it('says a thing once, and again when it changes', () => {
    const bench = linked();
    bench.book('kalshi:K', { asks: [['0.49', 100]] });
    bench.book('polymarket:P', { bids: [['0.51', 100]] });
    expect(bench.again('polymarket:P').said).toEqual([]);
    bench.wait(5_000);
    expect(bench.again('polymarket:P').said).toEqual([]);
    expect(bench.book('polymarket:P', { bids: [['0.52', 100]] }).said).toHaveLength(1);
  });

  it('says when the edge is gone, once, and only if it had been there', () => {
    const bench = linked();
    expect(bench.book('kalshi:K', { asks: [['0.49', 100]] }).said).toEqual([]);
    bench.book('polymarket:P', { bids: [['0.51', 100]] });
    expect(bench.book('polymarket:P', { bids: [['0.49', 100]] }).said).toEqual(['gone yes-no']);
    expect(bench.book('polymarket:P', { bids: [['0.48', 100]] }).said).toEqual([]);
    bench.book('polymarket:P', { bids: [['0.51', 100]] });
    expect(bench.book('kalshi:K', { asks: [] }).said).toEqual(['gone yes-no']);
  });

  it('rests after a signal, and while its orders are at work', () => {
    const bench = linked();
    bench.book('kalshi:K', { asks: [['0.44', 100]] });
    expect(bench.book('polymarket:P', { bids: [['0.53', 200]] }).said).toHaveLength(1);
    expect(bench.again('kalshi:K').said).toEqual([]);
    bench.wait(5_000);
    bench.working('polymarket:P');
    expect(bench.again('kalshi:K').said).toEqual([]);
    bench.working('polymarket:P', false);
    expect(bench.again('kalshi:K').said).toHaveLength(1);
  });

  describe('refuses', () => {
    const books = (bench: ReturnType<typeof linked>) => {
      bench.book('kalshi:K', { asks: [['0.44', 100]] });
      return bench.book('polymarket:P', { bids: [['0.53', 200]] });
    };

    it('a link whose mismatch nobody knows', () => {
      expect(books(linked({ mismatch: null })).said).toEqual(['saw yes-no: mismatch probability unknown']);
    });

    it('a link that nobody reviewed, without a word', () => {
      expect(books(linked({ state: 'proposed' })).said).toEqual([]);
      expect(books(linked({ state: 'rejected' })).said).toEqual([]);
    });

    it('an unknown fee, showing no net', () => {
      const { said, sighting } = books(linked().fee('kalshi:K', null));
      expect(said).toEqual(['saw yes-no: the fee of kalshi:K is unknown']);
      expect(sighting).toMatchObject({ net: 0, waterfall: [] });
    });

    it('a book it cannot trust, and trades once it can', () => {
      const bench = linked();
      bench.trust('kalshi:K', false);
      expect(books(bench).said).toEqual(['saw yes-no: the book of kalshi:K cannot be trusted']);
      expect(bench.trust('kalshi:K', true).order.legs).toHaveLength(2);
    });

    it('a market that is not open', () => {
      expect(books(linked().market('polymarket:P', { status: 'paused' })).said).toEqual([
        'saw yes-no: polymarket:P is paused',
      ]);
    });

    it('a depth below the least order', () => {
      const bench = linked();
      bench.book('kalshi:K', { asks: [['0.44', 4]] });
      expect(bench.book('polymarket:P', { bids: [['0.53', 200]] }).said).toEqual([
        'saw yes-no: 4 contracts on offer, the least order is 5',
      ]);
    });

    it('to spend more than there is', () => {
      expect(books(linked().cash(4_000_000)).said).toEqual([
        'saw yes-no: the least order costs $4.68612, the budget is $4',
      ]);
      const bench = linked().cash(46_000_000);
      expect(books(bench).order.legs[0].size).toBe(4_900);
    });

    it('what a likely mismatch of the rules eats', () => {
      const some = books(linked({ mismatch: 0.01 }));
      expect(some.sighting.waterfall.find((step) => step.label === 'Rule mismatch')?.amount).toBe(-1_000_000);
      const { said, sighting } = books(linked({ mismatch: 0.1 }));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(/^saw yes-no: fees and costs eat the edge/);
      expect(sighting.net).toBeLessThan(0);
    });

    it('an edge that selling a naked leg again would cost more than, given how often legs part', () => {
      // Nobody bids for the first leg: naked, it would be worth nothing.
      const risky = linked();
      risky.book('kalshi:K', { asks: [['0.47', 50]] });
      const { said, sighting } = risky.book('polymarket:P', { bids: [['0.53', 200]], asks: [['0.55', 200]] });
      expect(said).toEqual([
        'saw yes-no: the legs may part: selling a naked one again costs more than the edge is worth, -$0.845207 expected',
      ]);
      expect(sighting.net).toBeGreaterThan(5_000);
      // With a bid just below the ask there is little to lose.
      expect(risky.wait(1_000).said).toEqual([]);
      const safe = risky.book('kalshi:K', { bids: [['0.46', 500]], asks: [['0.47', 50]] });
      expect(safe.order.legs[0].size).toBe(5_000);
    });

    it('sizes that an old book shows: half of them after half a minute', () => {
      const size = (ageMs: number): number => {
        const bench = linked();
        bench.book('kalshi:K', { bids: [['0.43', 100]], asks: [['0.44', 100]] });
        bench.wait(ageMs);
        return bench.book('polymarket:P', { bids: [['0.55', 500]], asks: [['0.56', 500]] }).order.legs[0].size;
      };
      expect(size(900)).toBe(10_000);
      expect(size(30_000)).toBe(5_000);
    });

    it('an edge that a wild market may take back before the second leg is there', () => {
      const said = (volatility: number): string => {
        const bench = linked();
        bench.believe('kalshi:K', 'volatility', volatility, volatility, volatility);
        bench.book('kalshi:K', { bids: [['0.43', 500]], asks: [['0.47', 50]] });
        return bench.book('polymarket:P', { bids: [['0.51', 200]], asks: [['0.53', 200]] }).said[0];
      };
      expect(said(3)).toMatch(/^buy/);
      expect(said(99)).toMatch(/^saw yes-no: the legs may part/);
    });

    it('to bet more on two rule texts agreeing than their likely difference is worth', () => {
      const cash = 100_000_000;
      const bench = linked({ mismatch: 0.04 }, { cash });
      bench.book('kalshi:K', { bids: [['0.43', 500]], asks: [['0.44', 500]] });
      const { order } = bench.book('polymarket:P', { bids: [['0.53', 500]], asks: [['0.54', 500]] });
      // A set costs 93.7¢ with its fees: ((1 − 0.04) − 0.937) / (1 − 0.937) of the cash, about 36 %.
      const spent = (order.legs[0].size * 0.9373) / 100;
      expect(spent).toBeLessThan(37);
      expect(spent).toBeGreaterThan(34);
      const sure = linked({ mismatch: 0 }, { cash });
      sure.book('kalshi:K', { bids: [['0.43', 500]], asks: [['0.44', 500]] });
      const all = sure.book('polymarket:P', { bids: [['0.53', 500]], asks: [['0.54', 500]] });
      expect(all.order.legs[0].size).toBe(10_600);
    });

    it('an edge below the least one', () => {
      const bench = linked({}, { config: { minEdge: 70_000 } });
      expect(books(bench).said).toEqual(['saw yes-no: net $0.062788 a contract, the least edge is $0.07']);
    });

    it('money locked up for too little a year', () => {
      const bench = linked();
      const far = bench.view.now + 500 * DAY;
      bench.market('kalshi:K', { paysAt: bench.view.now + DAY }).market('polymarket:P', { paysAt: far });
      expect(books(bench).said).toEqual(['saw yes-no: 4.9 % a year, the hurdle is 9.0 %']);
    });

    it('the same by the usual lock-up where a venue does not say when it pays', () => {
      const bench = linked({}, { config: { defaultLockUpDays: 500 } });
      bench.market('kalshi:K', { paysAt: null });
      expect(books(bench).said[0]).toMatch(/a year, the hurdle is/);
      expect(books(linked().market('kalshi:K', { paysAt: null })).said[0]).toMatch(/^buy/);
    });
  });

  it('never goes deeper than the gate lets a limit exceed the best ask', () => {
    const bench = linked({}, { limits: { maxThroughAsk: 20_000 } });
    bench.fee('kalshi:K', NO_FEE).fee('polymarket:P', NO_FEE);
    bench.book('kalshi:K', {
      asks: [
        ['0.30', 20],
        ['0.32', 20],
        ['0.33', 200],
      ],
    });
    expect(bench.book('polymarket:P', { bids: [['0.53', 200]] }).order.legs).toMatchObject([
      { size: 4_000, limit: 320_000 },
      { size: 4_000 },
    ]);
  });
});
