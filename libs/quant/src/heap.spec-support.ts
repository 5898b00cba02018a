import { getHeapStatistics } from 'node:v8';

/**
 * Bytes that `run` leaves on the heap, at best of several goes: the compiler allocates when it likes, on a slow machine
 * also during a go, but what allocates itself does so in each one. Goes in which the heap shrank were collected and say
 * nothing; `Infinity` when all were, which only much garbage brings about. A go below `enough` is the last.
 */
export function heapGrowth(run: () => void, enough: number): number {
  for (let i = 0; i < 5; i++) run();
  let least = Infinity;
  for (let i = 0; i < 10 && least >= enough; i++) {
    const before = getHeapStatistics().used_heap_size;
    run();
    const grown = getHeapStatistics().used_heap_size - before;
    if (grown >= 0) least = Math.min(least, grown);
  }
  return least;
}
