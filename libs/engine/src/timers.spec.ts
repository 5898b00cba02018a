import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timers } from './timers.js';

describe('timers', () => {
  it('come out by due time, and in the order they were set when due together', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 50 }), (dues) => {
        const timers = new Timers();
        for (const [i, due] of dues.entries()) timers.add(due, 'arrival', String(i));
        const out: { due: number; id: number }[] = [];
        for (let timer = timers.take(20); timer !== null; timer = timers.take(20)) out.push(timer);
        expect(out).toHaveLength(dues.length);
        expect(out).toEqual(out.toSorted((a, b) => a.due - b.due || a.id - b.id));
      }),
    );
  });

  it('stay until they are due', () => {
    const timers = new Timers();
    timers.add(10, 'arrival', 'a');
    expect(timers.take(9)).toBeNull();
    expect(timers.take(10)?.key).toBe('a');
    expect(timers.take(99)).toBeNull();
  });
});
