import { describe, expect, it } from 'vitest';
import { modelBench } from '#plugin-sdk/testing';
import { mulberry32, normals } from '#quant';
import { hmmRegime } from './hmm-regime.model.js';
import { REGIME_WIDTH } from './regime-bars.js';
import { readRegimeParameters, regimeKey } from './regime-fit.js';
import { fitSharedRegime, LEAST_BORROWING_BARS } from './shared-fit.js';

const BAR_MS = 5_000;

/** Bars of a market that is calm and then wild, or only calm: changes, their variance, spread and volume. */
function bars(seed: number, count: number, wildFrom = Infinity, spread = 0): Float64Array {
  const z = normals(count * 2, mulberry32(seed));
  const values = new Float64Array(count * REGIME_WIDTH);
  for (let n = 0; n < count; n++) {
    const pace = n >= wildFrom ? 0.08 : 0.01;
    values.set([pace * z[n], 2 * Math.log(pace) + 0.3 * z[count + n], spread, 1], n * REGIME_WIDTH);
  }
  return values;
}
const shared = (markets: readonly Float64Array[]) =>
  fitSharedRegime(
    markets.map((values) => ({ values, fittedTo: 1_000 })),
    BAR_MS,
    mulberry32(3),
  );

describe('regimes that young markets borrow', () => {
  it('are there after half an hour of bars each, though nobody has enough for its own', () => {
    const fits = shared([
      bars(1, 60, 40),
      bars(2, 60),
      bars(3, 60, 20),
      bars(4, 60),
      bars(5, LEAST_BORROWING_BARS - 1),
    ]);
    expect(fits.map((fit) => fit?.bars ?? null)).toEqual([60, 60, 60, 60, null]);
    for (const fit of fits.slice(0, 4)) {
      expect(readRegimeParameters(fit)).not.toBeNull();
      expect(fit!.model).toEqual(fits[0]!.model);
      expect(fit).toMatchObject({ barMs: BAR_MS, fittedTo: 1_000 });
    }
    expect(fits[0]!.model.startprob.length).toBeGreaterThan(1);
  });

  it('are none while all together know too little', () => {
    expect(shared([bars(1, 60, 40), bars(2, 60), bars(3, 60)])).toEqual([null, null, null]);
    expect(shared([])).toEqual([]);
  });

  it('are read in units that are the more a market’s own, the longer it is known', () => {
    const wide = 3;
    const others = [bars(1, 150, 100), bars(2, 150), bars(3, 150)];
    const [young, old] = [30, 190].map((count) => shared([bars(9, count, Infinity, wide), ...others])[0]!.centres[2]);
    expect(young).toBeGreaterThan(0);
    expect(old).toBeGreaterThan(young);
    expect(old).toBeLessThan(wide);
  });

  it('name a market at once that has been heard for long enough to tell', () => {
    const X = 'kalshi:X';
    const story = modelBench(hmmRegime, { markets: [{ id: X }], config: { barSeconds: 5 } });
    const hear = (i: number) =>
      story.book(X, { bids: [[i % 2 === 0 ? '0.49' : '0.48', 100]], asks: [[i % 2 === 0 ? '0.50' : '0.49', 100]] });
    for (let i = 0; i < 40; i++) {
      hear(i);
      story.later(BAR_MS);
    }
    expect(hear(1).map(({ name }) => name)).toEqual(['volatility']);
    const fits = shared([bars(1, 100, 60), bars(2, 100, 30), bars(3, 100)]);
    story.fitted(regimeKey(X, BAR_MS), fits[0]);
    story.later(BAR_MS);
    expect(hear(2).map(({ name }) => name)).toContain('regime');
  });
});
