import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Defect } from '#core';
import { mulberry32, normals } from '../random.js';
import { filterLevel, fitErrors, fitLevel, fitWalk, levelLogLikelihood, shrunk } from './index.js';

function walk(n: number, q: number, r: number, seed: number): Float64Array {
  const steps = normals(n, mulberry32(seed));
  const noise = normals(n, mulberry32(seed + 1));
  let x = 0.5;
  return Float64Array.from({ length: n }, (_, t) => {
    x += Math.sqrt(q) * steps[t];
    return x + Math.sqrt(r) * noise[t];
  });
}

describe('the pace of a walk whose noise is known', () => {
  it('is what the free fit finds where that noise is the likeliest, and no less likely than any other', () => {
    const noise = normals(3_000, mulberry32(8));
    let x = 0;
    const y = Array.from({ length: 1_500 }, (_, i) => (x += 0.02 * noise[i]) + 0.1 * noise[1_500 + i]);
    const free = fitLevel(y)!;
    const known = fitWalk(y, null, free.r)!;
    expect(known.q / free.q).toBeCloseTo(1, 3);
    expect(known.logLikelihood).toBeCloseTo(free.logLikelihood, 6);
    for (const factor of [0.5, 2])
      expect(levelLogLikelihood(y, null, known.q * factor, free.r)).toBeLessThan(known.logLikelihood);
  });

  it('is none where nothing moves, and 0 where the noise explains it all', () => {
    expect(fitWalk([1, 1, 1, 1], null, 0.1)).toBeNull();
    expect(fitWalk([1, 1.001, 0.999, 1], null, 1)!.q).toBeLessThan(1e-6);
    expect(() => fitWalk([1, 2, 3], null, 0)).toThrow(Defect);
  });
});

describe('the likelihood of a level', () => {
  it('is the filter’s', () => {
    const y = walk(100, 1e-4, 1e-3, 1);
    y[0] = NaN;
    y[40] = NaN;
    const dt = Float64Array.from(y, (_, t) => 1 + (t % 3));
    const { totalLogLikelihood } = filterLevel({ y, dt, q: 1e-4, r: 1e-3 }, { kind: 'diffuse' });
    expect(levelLogLikelihood(y, dt, 1e-4, 1e-3)).toBeCloseTo(totalLogLikelihood, 9);
  });

  it('refuses variances that are none and columns that do not match', () => {
    expect(() => levelLogLikelihood([1, 2], null, -1, 1)).toThrow(Defect);
    expect(() => levelLogLikelihood([1, 2], null, 0, 0)).toThrow(Defect);
    expect(() => levelLogLikelihood([1, 2], [1], 1, 1)).toThrow(Defect);
    expect(() => fitLevel([1, 2, 3], [1, -1, 1])).toThrow(Defect);
  });
});

describe('fitting a level', () => {
  it('is beaten by no other variances', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (seed, u, v) => {
          const y = walk(120, 1e-4, 1e-3, seed);
          const fit = fitLevel(y)!;
          const other = levelLogLikelihood(y, null, 1e-4 * Math.exp(u), 1e-3 * Math.exp(v));
          expect(fit.logLikelihood).toBeGreaterThanOrEqual(other - 1e-9);
          if (fit.at === 'interior')
            expect(levelLogLikelihood(y, null, fit.q, fit.r)).toBeCloseTo(fit.logLikelihood, 7);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('finds what made the series, within its standard errors', () => {
    const y = walk(4_000, 1e-5, 1e-3, 11);
    const fit = fitLevel(y)!;
    const errors = fitErrors(y, null, fit)!;
    expect(Math.abs(Math.log(fit.q / 1e-5)) / errors.lnQ).toBeLessThan(3);
    expect(Math.abs(Math.log(fit.r / 1e-3)) / errors.lnR).toBeLessThan(3);
    expect(fit).toMatchObject({ at: 'interior', converged: true, observations: 4_000 });
  });

  it('measures time: seconds twice as long halve q', () => {
    const y = walk(300, 1e-4, 1e-3, 3);
    const [one, two] = [1, 2].map((gap) => fitLevel(y, new Float64Array(300).fill(gap))!);
    expect(two.q).toBeCloseTo(one.q / 2, 9);
    expect(two.r).toBeCloseTo(one.r, 9);
  });

  it('knows a constant behind noise and a walk seen clearly', () => {
    const constant = fitLevel(walk(200, 0, 1e-3, 3))!;
    expect(constant).toMatchObject({ q: 0, at: 'q=0' });
    expect(fitErrors(walk(200, 0, 1e-3, 3), null, constant)).toBeNull();
    // Steps that go on in their direction: noise would make them turn back.
    let at = 0;
    const trend = Float64Array.from({ length: 200 }, (_, t) => (at += Math.sin(t / 5)));
    const clear = fitLevel(trend)!;
    expect(clear).toMatchObject({ r: 0, at: 'r=0' });
    expect(levelLogLikelihood(trend, null, clear.q, 0)).toBeCloseTo(clear.logLikelihood, 8);
  });

  it('says nothing about too little and about what never moved', () => {
    expect(fitLevel([])).toBeNull();
    expect(fitLevel([1, NaN, 2])).toBeNull();
    expect(fitLevel([0.5, 0.5, 0.5, 0.5])).toBeNull();
    expect(fitLevel([0.5, 0.6, 0.7], [0, 0, 0])).toMatchObject({ at: 'q=0' });
  });

  it('needs a few dozen passes', () => {
    expect(fitLevel(walk(500, 1e-5, 1e-3, 5))!.passes).toBeLessThan(60);
  });
});

describe('pulling a fit towards its category', () => {
  it('goes half the way, in logarithms, at 200 values', () => {
    const fit = { ...fitLevel(walk(200, 1e-4, 1e-3, 5))!, q: 1e-4, r: 1e-2 };
    expect(shrunk(fit, { q: 1e-6, r: 1e-4 }).q).toBeCloseTo(1e-5, 12);
    expect(shrunk(fit, { q: 1e-6, r: 1e-4 }).r).toBeCloseTo(1e-3, 12);
    expect(shrunk({ ...fit, q: 0 }, { q: 1e-6, r: 1e-4 }).q).toBeGreaterThan(0);
  });
});
