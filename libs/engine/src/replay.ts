import type { TapeEvent } from '#core';
import type { Kernel, KernelOutput } from './kernel.types.js';

/** Plays events through a kernel in order. Returns how many. */
export async function replay(
  kernel: Kernel,
  events: Iterable<TapeEvent> | AsyncIterable<TapeEvent>,
  output: KernelOutput,
): Promise<number> {
  let count = 0;
  if (Symbol.asyncIterator in events) {
    for await (const event of events) {
      kernel.apply(event, output);
      count++;
    }
    return count;
  }
  for (const event of events) {
    kernel.apply(event, output);
    count++;
  }
  return count;
}
