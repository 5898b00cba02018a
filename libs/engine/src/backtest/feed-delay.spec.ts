import { describe, expect, it } from 'vitest';
import type { BookEvent, FillEntry, JournalEntry, TapeEvent } from '#core';
import { bookEvents, inRows } from '../book-rows.spec-support.js';
import { testPairs } from '../strategies.spec-support.js';
import { syntheticTape } from '../synthetic-tape.spec-support.js';
import { accountRecord, link, START, TapeDesk } from '../tape.spec-support.js';
import { runBacktest } from './backtest.js';
import { heardLater, type FeedDelays } from './feed-delay.js';
import { plainHeader } from './header.spec-support.js';
import type { BacktestHeader } from './header.types.js';
import { tapeOf } from './source.types.js';

const heard = async (tape: readonly TapeEvent[], delays: Readonly<Record<string, number>>) => {
  const events: TapeEvent[] = [];
  for await (const chunk of heardLater(tapeOf(tape), delays).chunks()) events.push(...chunk.events);
  return events;
};

/** A pair that is worth buying from the tenth second on, until Kalshi's ask rises `goneAfter` ms later. */
function pairTape(goneAfter: number): readonly TapeEvent[] {
  const d = new TapeDesk()
    .ready('kalshi:x', [[0.4, 100]], [[0.6, 100]])
    .ready('polymarket:x', [[0.55, 100]], [[0.57, 100]])
    .add({ kind: 'link', link: link('kalshi:x', 'polymarket:x') });
  d.wait(10_000).change('kalshi:x', [], [[0.42, 100]]);
  d.wait(goneAfter).book('kalshi:x', [[0.4, 100]], [[0.6, 100]]);
  return d.pass(20_000).tape;
}

async function fillsOf(tape: readonly TapeEvent[], over: Partial<BacktestHeader>): Promise<readonly FillEntry[]> {
  const entries: JournalEntry[] = [];
  const plugins = { strategies: new Map([['test-pairs', testPairs]]), models: new Map() };
  const { refused } = await runBacktest(plainHeader(over), tapeOf(tape), {
    plugins,
    journal: (e) => void entries.push(e),
  });
  expect(refused).toBe('');
  return entries.filter((entry): entry is FillEntry => entry.kind === 'fill');
}

describe('a tape that was stamped at the venues', () => {
  const two = new TapeDesk()
    .ready('kalshi:x', [[0.4, 100]], [[0.42, 100]])
    .ready('polymarket:x', [[0.55, 100]], [[0.57, 100]])
    .wait(10)
    .change('kalshi:x', [], [[0.42, 200]])
    .wait(10)
    .change('polymarket:x', [], [[0.57, 200]]).tape;

  it('is heard each venue by its own delay, numbered without a hole and in order of time', async () => {
    const events = await heard(two, { kalshi: 30, '*': 5 });
    expect(events).toHaveLength(two.length);
    expect(events.map(({ seq }) => seq)).toEqual(two.map((_, i) => i + 1));
    expect(events.every(({ at }, i) => i === 0 || at >= events[i - 1].at)).toBe(true);
    const books = events.filter((event) => event.kind === 'book' && !event.snapshot);
    expect(books.map((event) => 'market' in event && [event.market, event.at - START])).toEqual([
      [1, 25],
      [0, 40],
    ]);
  });

  it('stays as it is without a delay', async () => {
    expect(await heard(two, { '*': 0 })).toEqual(two);
  });

  it('is heard the same from rows as from events, whatever the chunks', async () => {
    const line = ({ seq, at, market, snapshot, levels }: BookEvent): string =>
      JSON.stringify({ seq, at, market, snapshot, levels: [...levels] });
    const tape = syntheticTape(5, 600);
    const several: readonly FeedDelays[] = [{ kalshi: 700 }, { kalshi: 90, polymarket: 40 }, { '*': 1 }];
    for (const delays of several) {
      const expected = (await heard(tape, delays)).map((event) => (event.kind === 'book' ? line(event) : event));
      for (const size of [1, 37, 1_000]) {
        const all: (readonly [number, string | TapeEvent])[] = [];
        for await (const { rows, events } of heardLater(inRows(tape, size), delays).chunks()) {
          for (const event of events) all.push([event.seq, event]);
          for (const event of rows === null ? [] : bookEvents(rows)) all.push([event.seq, line(event)]);
        }
        expect(all.sort(([a], [b]) => a - b).map(([, event]) => event)).toEqual(expected);
      }
    }
  });

  it('is decided on later, while orders meet the book that is at the venue by then', async () => {
    // The order takes 100 ms: in time for what lasts 300 ms, unless it was heard of 250 ms late.
    expect((await fillsOf(pairTape(300), {})).length).toBeGreaterThan(0);
    expect(await fillsOf(pairTape(300), { feedMs: { kalshi: 250 } })).toHaveLength(0);
    expect((await fillsOf(pairTape(400), { feedMs: { kalshi: 250 } })).length).toBeGreaterThan(0);
  });

  it('takes no acts at places, which would be others', async () => {
    await expect(
      fillsOf(two, { feedMs: { '*': 1 }, placed: [{ seq: 1, act: { kind: 'account', account: accountRecord() } }] }),
    ).rejects.toMatchObject({ fields: [{ path: '/feedMs' }] });
  });
});

it('a venue may have its own time to decide', async () => {
  expect((await fillsOf(pairTape(300), { decisionMsOf: { polymarket: 5_000 } })).length).toBeGreaterThan(0);
  expect(await fillsOf(pairTape(300), { decisionMsOf: { kalshi: 250 } })).toHaveLength(0);
});
