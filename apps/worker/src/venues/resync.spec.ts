import { describe, expect, it } from 'vitest';
import type { MarketRef } from '#core';
import { LIVE_PACE } from './feed.types.js';
import { Resync } from './resync.js';

const PACE = { ...LIVE_PACE, refreshMs: 10, resubscribeMs: 20, reconnectMs: 30, retryMs: 100 };
const A = 0 as MarketRef;
const B = 1 as MarketRef;

function bench(socketCanRefresh: boolean) {
  const done: string[] = [];
  const trusted = new Set<MarketRef>();
  const resync = new Resync(
    {
      settled: (ref) => trusted.has(ref),
      refresh: (refs) => {
        if (socketCanRefresh) done.push(`refresh ${refs.join()}`);
        return socketCanRefresh ? [] : refs;
      },
      fetch: (refs) => done.push(`fetch ${refs.join()}`),
      resubscribe: (refs) => done.push(`resubscribe ${refs.join()}`),
      reconnect: (refs) => done.push(`reconnect ${refs.join()}`),
    },
    PACE,
  );
  const run = (until: number): void => {
    for (let now = 0; now <= until; now++) resync.tick(now);
  };
  return { resync, done, trusted, run };
}

describe('resync', () => {
  it('goes from refresh to resubscribe to reconnect and then asks by REST', () => {
    const { resync, done, run } = bench(true);
    resync.want([A], 0);
    run(300);
    expect(done.slice(0, 4)).toEqual(['refresh 0', 'resubscribe 0', 'reconnect 0', 'fetch 0']);
  });

  it('tries all of it again when REST does not help either, with growing patience', () => {
    const { resync, done, run } = bench(true);
    resync.want([A], 0);
    run(1_500);
    const round = ['refresh 0', 'resubscribe 0', 'reconnect 0'];
    expect(done.filter((one) => one.startsWith('reconnect')).length).toBe(4);
    expect(done.filter((one) => !one.startsWith('fetch')).slice(0, 6)).toEqual([...round, ...round]);
    const fetches = done
      .join(' ')
      .split('reconnect 0')
      .slice(1)
      .map((between) => between.split('fetch').length - 1);
    // REST is asked as often as before meanwhile.
    expect(fetches.slice(0, 3)).toEqual([1, 2, 4]);
  });

  it('starts by REST where the socket cannot be asked', () => {
    const { resync, done } = bench(false);
    resync.want([A, B], 0);
    expect(done).toEqual(['fetch 0,1']);
  });

  it('keeps one case per market however often a gap is reported', () => {
    const { resync, done } = bench(true);
    resync.want([A], 0);
    resync.want([A, B], 1);
    resync.want([A, B], 2);
    expect(done).toEqual(['refresh 0', 'refresh 1']);
    expect(resync.count).toBe(2);
  });

  it('ends with the case as soon as the book is trusted again', () => {
    const { resync, done, trusted, run } = bench(true);
    resync.want([A], 0);
    trusted.add(A);
    run(200);
    expect(done).toEqual(['refresh 0']);
    expect(resync.open).toBe(0);
  });
});
