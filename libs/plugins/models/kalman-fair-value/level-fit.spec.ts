import { describe, expect, it } from 'vitest';
import { mulberry32, sigmoid } from '#quant';
import { categoryLevel, fitMids, isLevel, levelOf } from './level-fit.js';

/** Mids of a walk of the log-odds, `q` a second, read through noise `r`, every ten seconds. */
function record(n: number, q: number, r: number, seed = 1) {
  const random = mulberry32(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let x = 0;
  const at = Array.from({ length: n }, (_, i) => i * 10_000);
  const middles = at.map(() => {
    x += Math.sqrt(q * 10) * normal();
    return Math.round(sigmoid(x + Math.sqrt(r) * normal()) * 1e6);
  });
  return {
    at,
    bid: middles.map((middle) => middle - 5_000),
    ask: middles.map((middle) => middle + 5_000),
    bidSize: at.map(() => 1_000),
    askSize: at.map(() => 1_000),
    trusted: at.map(() => true),
  };
}

describe('the fit of a market’s volatility', () => {
  it('finds the pace its quotes were made with, through the noise their book lets expect', () => {
    const fit = fitMids(record(4_000, 4e-5, 0.02))!;
    expect(fit.q / 4e-5).toBeGreaterThan(0.7);
    expect(fit.q / 4e-5).toBeLessThan(1.4);
    expect(fit.r).toBeGreaterThan(0.02);
    expect(fit.r).toBeLessThan(0.021);
  });

  it('does not take makers who waver for minutes for a market that moves', () => {
    const still = record(2_000, 4e-6, 0);
    // All of a thin book leans the same way for a minute, then another.
    const lean = (i: number): number => (mulberry32(Math.floor(i / 6))() - 0.5) * 0.04 * 1e6;
    const wavering = { ...still, bid: still.bid.map((b, i) => b + lean(i)), ask: still.ask.map((a, i) => a + lean(i)) };
    expect(fitMids(wavering)!.q).toBeLessThan(8 * fitMids(still)!.q);
  });

  it('knows nothing of a short record, of quotes that cannot be trusted or of a market that never moved', () => {
    expect(fitMids(record(199, 4e-5, 1e-3))).toBeNull();
    const shaky = record(300, 4e-5, 1e-3);
    expect(fitMids({ ...shaky, trusted: shaky.trusted.map(() => false) })).toBeNull();
    expect(fitMids(record(300, 0, 0))).toBeNull();
  });

  it('reads one quote in ten seconds, however many there are', () => {
    const slow = record(400, 4e-5, 1e-3);
    const twice = <T>(column: readonly T[]): T[] => column.flatMap((value) => [value, value]);
    const busy = {
      at: slow.at.flatMap((at) => [at, at + 3_000]),
      bid: twice(slow.bid),
      ask: twice(slow.ask),
      bidSize: twice(slow.bidSize),
      askSize: twice(slow.askSize),
      trusted: twice(slow.trusted),
    };
    expect(fitMids(busy)!.q).toBeCloseTo(fitMids(slow)!.q, 12);
  });

  it('pulls a short history towards its category', () => {
    const [quick, slow] = [fitMids(record(300, 4e-4, 1e-3, 2))!, fitMids(record(300, 4e-6, 1e-3, 3))!];
    const category = categoryLevel([quick, slow])!;
    expect(category.q).toBeCloseTo(Math.sqrt(quick.q * slow.q), 12);
    const value = levelOf(quick, category, 7)!;
    expect(value.q).toBeLessThan(quick.q);
    expect(value.q).toBeGreaterThan(category.q);
    expect(isLevel(value)).toBe(true);
    expect(levelOf(quick, null, 7)!.q).toBe(quick.q);
  });

  it('is none that the model would use when it makes no sense', () => {
    for (const wrong of [null, 3, { q: 1 }, { fittedTo: 1, q: -1, r: 0, observations: 9 }])
      expect(isLevel(wrong)).toBe(false);
  });
});
