import { describe, expect, it } from 'vitest';
import { mulberry32, normals } from '../random.js';
import { filterLevel, judgeInnovations, standardised } from './index.js';

/** A walk of known variances, filtered with others. */
function report(q: number, r: number, trueQ = 1e-4, trueR = 1e-3) {
  const n = 2_000;
  const steps = normals(n, mulberry32(1));
  const noise = normals(n, mulberry32(2));
  let x = 0;
  const y = Float64Array.from({ length: n }, (_, t) => {
    x += Math.sqrt(trueQ) * steps[t];
    return x + Math.sqrt(trueR) * noise[t];
  });
  return judgeInnovations(standardised(filterLevel({ y, q, r }, { kind: 'diffuse' })))!;
}

describe('judging a filter by its innovations', () => {
  it('finds nothing wrong with the right one', () => {
    const right = report(1e-4, 1e-3);
    expect(right.count).toBe(1_999);
    expect(Math.abs(right.mean)).toBeLessThan(0.1);
    expect(right.variance).toBeCloseTo(1, 1);
    expect(right.ljungBoxP).toBeGreaterThan(0.01);
    expect(right.alarm).toBe(false);
  });

  it('raises the alarm for one that is far too sure', () => {
    expect(report(1e-5, 1e-4).alarm).toBe(true);
  });

  it('sees the memory of one that follows too slowly', () => {
    expect(report(1e-6, 1e-3).ljungBoxP).toBeLessThan(1e-6);
  });

  it('says nothing about too few, and nothing odd about what never moves', () => {
    expect(judgeInnovations([1, 2, 3])).toBeNull();
    expect(judgeInnovations([...Array(15).fill(1), ...Array(15).fill(NaN)])).toBeNull();
    expect(judgeInnovations(new Float64Array(300))).toMatchObject({
      variance: 0,
      ljungBox: 0,
      ljungBoxP: 1,
      alarm: true,
    });
  });
});
