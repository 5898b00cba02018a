import { describe, expect, it } from 'vitest';
import { lastLines, Mailbox, newest, newestBy } from './mailbox.js';

describe('a mailbox', () => {
  it('gives one merged value to a reader that was away', async () => {
    const box = new Mailbox<readonly { id: string; n: number }[]>(
      newestBy(
        (row) => row.id,
        (row) => row.n,
      ),
    );
    box.put([{ id: 'a', n: 1 }]);
    box.put([
      { id: 'b', n: 2 },
      { id: 'a', n: 3 },
    ]);
    expect((await box.next()).value).toEqual([
      { id: 'a', n: 3 },
      { id: 'b', n: 2 },
    ]);
  });

  it('wakes a reader that waits', async () => {
    const box = new Mailbox<number>(newest);
    const reading = box.next();
    box.put(7);
    expect(await reading).toEqual({ done: false, value: 7 });
  });

  it('keeps the newest lines when nobody reads', async () => {
    const box = new Mailbox<readonly number[]>(lastLines(3));
    box.put([1, 2]);
    box.put([3, 4]);
    expect((await box.next()).value).toEqual([2, 3, 4]);
  });

  it('ends for a waiting reader and says once that it left', async () => {
    let left = 0;
    const box = new Mailbox<number>(newest, () => left++);
    const reading = box.next();
    await box.return();
    await box.return();
    expect(await reading).toEqual({ done: true, value: undefined });
    box.put(1);
    expect((await box.next()).done).toBe(true);
    expect(left).toBe(1);
  });
});
