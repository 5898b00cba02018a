import { deserialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { TapeEvent } from '#core';
import { inChunks } from './book-rows.spec-support.js';
import { journalLine } from './journal-line.js';
import type { KernelOutput } from './kernel.types.js';
import { testBundles, testBuyer, testPairs } from './strategies.spec-support.js';
import { syntheticTape } from './synthetic-tape.spec-support.js';
import { link, START, TapeDesk, testKernel } from './tape.spec-support.js';

const STRATEGIES = [testPairs, testBundles, testBuyer];
const ONE_PAIR = link('kalshi:alpha', 'polymarket:alpha').id;

/** A tape whose workflows hear so much. */
function scoped(tape: readonly TapeEvent[], hears: 'everything' | 'one pair' | 'nothing'): readonly TapeEvent[] {
  return tape.map((event): TapeEvent => {
    if (event.kind !== 'act' || event.act.kind !== 'workflow' || hears === 'everything') return event;
    const { lane, seq, at } = event;
    if (hears === 'nothing') return { kind: 'beat', lane, seq, at };
    const { workflow } = event.act;
    return {
      ...event,
      act: { kind: 'workflow', workflow: { ...workflow, scope: { ...workflow.scope, links: [ONE_PAIR] } } },
    };
  });
}

function played(play: (kernel: ReturnType<typeof testKernel>, output: KernelOutput) => void) {
  const kernel = testKernel(STRATEGIES);
  const lines: string[] = [];
  play(kernel, { journal: (entry) => void lines.push(journalLine(entry)), estimate: () => undefined });
  return { lines, state: deserialize(kernel.snapshot()) as unknown };
}

const oneByOne = (tape: readonly TapeEvent[]) =>
  played((kernel, output) => {
    for (const event of tape) kernel.apply(event, output);
  });

const byRows = (tape: readonly TapeEvent[]) =>
  played((kernel, output) => {
    for (const { rows, events } of inChunks(tape, 70)) {
      let row = 0;
      for (const event of events) {
        if (rows !== null) row = kernel.applyRows(rows, row, event.seq, output);
        kernel.apply(event, output);
      }
      if (rows !== null) expect(kernel.applyRows(rows, row, Infinity, output)).toBe(rows.rows);
    }
  });

describe('rows of books', () => {
  for (const hears of ['everything', 'one pair', 'nothing'] as const)
    it(`leave journal and state as their events do when its workflows hear ${hears}`, () => {
      for (const seed of [1, 3]) {
        const tape = scoped(syntheticTape(seed, 700), hears);
        const one = oneByOne(tape);
        expect(byRows(tape)).toEqual(one);
        expect(one.lines.length).toBeGreaterThan(hears === 'nothing' ? 0 : 50);
      }
    });

  it('of a book that nobody hears still tell when it is crossed, once each time', () => {
    const desk = new TapeDesk().market('kalshi:a');
    desk.book('kalshi:a', [[0.4, 10]], [[0.5, 10]]).trust('kalshi:a');
    for (let i = 0; i < 3; i++) {
      desk.change('kalshi:a', [[0.6, 5]], []).change('kalshi:a', [[0.61, 5]], []);
      desk.change(
        'kalshi:a',
        [
          [0.6, 0],
          [0.61, 0],
        ],
        [],
      );
    }
    desk.book('kalshi:a', [], []);
    const { lines, state } = byRows(desk.tape);
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(Array(3).fill('integrity'));
    expect({ lines, state }).toEqual(oneByOne(desk.tape));
  });

  it('with a hole, a step back in time or an unknown market are refused', () => {
    const desk = new TapeDesk().market('kalshi:a');
    desk
      .book('kalshi:a', [[0.4, 10]], [])
      .wait(5)
      .change('kalshi:a', [[0.3, 10]], []);
    const [market, first, second] = desk.tape;
    const playing =
      (...tape: readonly TapeEvent[]) =>
      () =>
        byRows(tape);
    expect(playing(market, second)).toThrow('event 3 does not follow 1');
    expect(playing(market, first, { ...second, at: START - 1 } as TapeEvent)).toThrow('goes back in time');
    expect(playing(market, { ...first, market: 7 } as TapeEvent)).toThrow('market 7 was never announced');
  });
});
