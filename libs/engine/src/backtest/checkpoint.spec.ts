import { describe, expect, it } from 'vitest';
import type { JournalEntry, TapeEvent } from '#core';
import { defineStrategy } from '#plugin-sdk';
import { inChunks } from '../book-rows.spec-support.js';
import { journalLine } from '../journal-line.js';
import { testBundles, testBuyer, testPairs } from '../strategies.spec-support.js';
import { syntheticTape } from '../synthetic-tape.spec-support.js';
import { link, TapeDesk, workflowRecord } from '../tape.spec-support.js';
import { runBacktest } from './backtest.js';
import { heldCheckpoints, type Checkpoint, type Checkpoints } from './checkpoint.js';
import { plainHeader } from './header.spec-support.js';
import type { BacktestHeader } from './header.types.js';
import { tapeOf, type TapeSource } from './source.types.js';

const STRATEGIES = [testPairs, testBundles, testBuyer];
const plugins = { strategies: new Map(STRATEGIES.map((one) => [one.manifest.id, one])), models: new Map() };

async function play(tape: readonly TapeEvent[], over: Partial<BacktestHeader>, checkpoints?: Checkpoints) {
  const entries: JournalEntry[] = [];
  const header = plainHeader({ latency: { kind: 'sampled', venues: {} }, seed: 7, ...over });
  const journal = (entry: JournalEntry) => void entries.push(entry);
  const result = await runBacktest(header, tapeOf(tape), { plugins, journal, checkpoints });
  return { ...result, lines: entries.map(journalLine) };
}

const inColumns = (tape: readonly TapeEvent[]): TapeSource => ({
  chunks: async function* () {
    await Promise.resolve();
    yield* inChunks(tape);
  },
});

/** Everything that was kept, and everything that was asked for. */
const all = () => heldCheckpoints(null, { mostBytes: 1e9, apart: 0 });
const withoutSpared = (of: { readonly spared: number }) => ({ ...of, spared: 0 });

describe('a backtest that goes on from a checkpoint', () => {
  const tape = syntheticTape(3, 1_000);
  const at = (seq: number): number => tape[seq - 1].at;

  it('gives the journal and the report of one that played the whole tape', async () => {
    const checkpoints = all();
    const froms = [at(500), at(701)];
    for (const fromAt of froms) {
      const byTape = await play(tape, { fromAt });
      expect(byTape.report.spared).toBe(0);
      const first = await play(tape, { fromAt }, checkpoints);
      const second = await play(tape, { fromAt }, checkpoints);
      expect(second.report.spared).toBe(byTape.report.warmUp);
      for (const one of [first, second]) {
        expect(one.lines).toEqual(byTape.lines);
        expect(one.peek).toEqual(byTape.peek);
        expect(one.refused).toBe('');
        expect(withoutSpared(one.report)).toEqual(withoutSpared(byTape.report));
        expect(withoutSpared(one.facts)).toEqual(withoutSpared(byTape.facts));
      }
      expect(byTape.lines.length).toBeGreaterThan(20);
    }
  });

  it('takes one of before its beginning, never of a later time or of other fees', async () => {
    const checkpoints = all();
    await play(tape, { fromAt: at(600) }, checkpoints);
    const spared = async (over: Partial<BacktestHeader>) => (await play(tape, over, checkpoints)).report.spared;
    expect(await spared({ fromAt: at(450) })).toBe(0);
    expect(await spared({ fromAt: at(800) })).toBeGreaterThan(500);
    expect(await spared({ fromAt: at(800), feesPpm: 1_500_000 })).toBe(0);
    expect(await spared({ fromAt: at(800), feedMs: { kalshi: 50 } })).toBe(0);
    expect(await spared({ fromAt: null })).toBe(0);
  });

  it('goes on with the feeds late, too', async () => {
    const checkpoints = all();
    const over = { fromAt: at(600), feedMs: { kalshi: 700 } };
    const [first, second] = [await play(tape, over, checkpoints), await play(tape, over, checkpoints)];
    expect(second.report.spared).toBe(first.report.warmUp);
    expect(second.lines).toEqual(first.lines);
  });
});

describe('what is before a backtest’s beginning', () => {
  const desk = (): TapeDesk =>
    new TapeDesk()
      .ready('kalshi:x', [[0.4, 100]], [[0.42, 100]])
      .ready('polymarket:x', [[0.55, 100]], [[0.57, 100]])
      .add({ kind: 'link', link: link('kalshi:x', 'polymarket:x') });

  it('stands in its journal all the same, and its own entries are counted by event', async () => {
    const d = desk().change('kalshi:x', [[0.5, 100]], []);
    // No beat between: an event that nobody hears must not go on counting where the crossed book's entry left off.
    for (let i = 0; i < 20; i++) d.wait(1_000).change('kalshi:x', [], [[0.42, 100 + i]]);
    const checkpoints = all();
    const fromAt = d.tape.at(-3)!.at;
    const byTape = await play(d.tape, { fromAt });
    expect(byTape.lines[0]).toContain('integrity');
    await play(d.tape, { fromAt }, checkpoints);
    const again = await play(d.tape, { fromAt }, checkpoints);
    expect(again.report.spared).toBeGreaterThan(10);
    expect(again.lines).toEqual(byTape.lines);
    expect(again.report.journal).toEqual(byTape.report.journal);
    const lines: string[] = [];
    const journal = (entry: JournalEntry) => void lines.push(journalLine(entry));
    await runBacktest(plainHeader({ seed: 7, fromAt }), inColumns(d.tape), { plugins, journal });
    expect(lines[1]).toBe(byTape.lines[1]);
  });

  it('does not count as time in which books could be trusted', async () => {
    const d = desk().wait(10_000).distrust('kalshi:x').wait(1_000).trust('kalshi:x').pass(1_000).distrust('kalshi:x');
    const fromAt = d.tape.at(-1)!.at;
    d.pass(1_000);
    const { facts } = await play(d.tape, { fromAt });
    expect(facts.coverage.markets[0]).toMatchObject({ market: 'kalshi:x', trustedMs: 0, openMs: 1_000 });
  });

  it('does not hide what looks into the future after it', async () => {
    let runs = 0;
    const peeking = defineStrategy({
      ...testBuyer,
      initialState: () => ({ open: new Set<string>(), fills: runs++ }),
      onQuote: (view, quote) =>
        (view.state as { fills: number }).fills > 0 ? undefined : testBuyer.onQuote!(view as never, quote),
    });
    const d = desk();
    for (let i = 0; i < 200; i++) d.pass(1_000).change('kalshi:x', [], [[0.42, 100 + i]]);
    const workflow = workflowRecord({ plugin: 'test-buyer' as never, config: { minEdge: 0, size: 1_000 } });
    const header = plainHeader({ workflows: [workflow], fromAt: d.tape.at(-100)!.at });
    const result = await runBacktest(header, tapeOf(d.tape), {
      plugins: { strategies: new Map([['test-buyer', peeking]]), models: new Map() },
      peekEvents: 50,
    });
    expect(result.refused).toContain('looks into the future');
  });
});

describe('checkpoints in memory', () => {
  const one = (seq: number, bytes = 10): Checkpoint => ({ seq, at: seq * 10, state: new Uint8Array(bytes) });

  it('are of one world, and strictly before the time asked for', async () => {
    const held = all();
    await held.keep('a', one(5));
    await held.keep('a', one(7));
    expect(await held.newest('a', 70)).toMatchObject({ seq: 5 });
    expect(await held.newest('a', 71)).toMatchObject({ seq: 7 });
    expect(await held.newest('a', 50)).toBeNull();
    expect(await held.newest('b', 100)).toBeNull();
  });

  it('make room for newer ones, and ask who stands behind', async () => {
    const behind = all();
    const held = heldCheckpoints(behind, { mostBytes: 25, apart: 2 });
    for (const seq of [2, 3, 4, 6]) await held.keep('a', one(seq));
    expect(await behind.newest('a', 40)).toMatchObject({ seq: 2 });
    const forgetful = heldCheckpoints(null, { mostBytes: 25, apart: 2 });
    for (const seq of [2, 4, 6]) await forgetful.keep('a', one(seq));
    expect(await forgetful.newest('a', 40)).toBeNull();
    expect(await held.newest('a', 40)).toMatchObject({ seq: 2 });
  });
});
