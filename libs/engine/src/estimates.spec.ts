import { describe, expect, it } from 'vitest';
import type { Estimate, MarketRef } from '#core';
import { Estimates } from './estimates.js';

const X = 0 as MarketRef;
const said = (model: string, value: number, name = 'fair') => ({ model, name, value }) as Estimate;

describe('the estimates of a session', () => {
  it('are the last word of anybody, or of the model that is asked for', () => {
    const estimates = new Estimates();
    estimates.set(X, said('one', 0.4));
    estimates.set(X, said('two', 0.6));
    expect(estimates.get(X, 'fair')?.value).toBe(0.6);
    expect(estimates.get(X, 'fair', 'one')?.value).toBe(0.4);
    expect(estimates.get(X, 'fair', 'three')).toBeNull();
    expect(estimates.get(1 as MarketRef, 'fair')).toBeNull();
  });

  it('come back from a snapshot as they were, whoever spoke last', () => {
    const estimates = new Estimates();
    estimates.set(X, said('two', 0.6));
    estimates.set(X, said('one', 0.4));
    estimates.set(X, said('one', 1, 'regime'));
    const back = Estimates.of(structuredClone(estimates.save()));
    for (const model of [undefined, 'one', 'two'])
      for (const name of ['fair', 'regime']) expect(back.get(X, name, model)).toEqual(estimates.get(X, name, model));
    estimates.clear();
    expect([estimates.get(X, 'fair'), estimates.get(X, 'fair', 'one')]).toEqual([null, null]);
  });
});
