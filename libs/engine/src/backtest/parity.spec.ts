import { describe, expect, it } from 'vitest';
import type { JournalEntry, TapeEvent } from '#core';
import { journalLine } from '../journal-line.js';
import { testBundles, testPairs } from '../strategies.spec-support.js';
import { syntheticTape } from '../synthetic-tape.spec-support.js';
import { runBacktest } from './backtest.js';
import { plainHeader } from './header.spec-support.js';
import type { BacktestHeader } from './header.types.js';
import { parityOf } from './parity.js';
import { tapeOf } from './source.types.js';

const STRATEGIES = [testPairs, testBundles];
const plugins = { strategies: new Map(STRATEGIES.map((one) => [one.manifest.id, one])), models: new Map() };

/** The tape of a session that nobody disturbed, and its header. */
const all = syntheticTape(2, 1_500);
const isStart = (event: TapeEvent): boolean =>
  event.kind === 'act' &&
  (event.act.kind === 'account' || (event.act.kind === 'workflow' && event.act.workflow.version === 1));
const tape = all.map((event): TapeEvent => {
  const { lane, seq, at } = event;
  return (event.kind === 'act' && !isStart(event)) || event.kind === 'paused' ? { kind: 'beat', lane, seq, at } : event;
});
const header = plainHeader({
  accounts: [],
  workflows: [],
  placed: tape.flatMap((event) => (event.kind === 'act' ? [{ seq: event.seq, act: event.act }] : [])),
  latency: { kind: 'constant', ms: { kalshi: 100, polymarket: 300 } },
});

async function journal(over: Partial<BacktestHeader> = {}): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  const options = { plugins, journal: (entry: JournalEntry) => void entries.push(entry), peekEvents: 0 };
  await runBacktest({ ...header, ...over }, tapeOf(tape), options);
  return entries;
}

describe('a paper session against a backtest', () => {
  it('differs in nothing when both decide by the same', async () => {
    const [paper, again] = [await journal(), await journal()];
    const report = parityOf(paper, again, journalLine);
    expect(report).toMatchObject({ onlyPaper: 0, onlyBacktest: 0, difference: 0, residual: 0 });
    expect(report.same).toBe(paper.length);
    expect(report.paper).not.toBe(0);
  });

  it('puts every micro-dollar of a difference down to something', async () => {
    const paper = await journal();
    for (const over of [
      { latency: { kind: 'constant', ms: { '*': 1_500 } } } as const,
      { feesPpm: 3_000_000 },
      { latency: { kind: 'constant', ms: { '*': 5 } } } as const,
    ]) {
      const report = parityOf(paper, await journal(over), journalLine);
      expect(report.difference).not.toBe(0);
      expect(report.residual).toBe(0);
    }
  });

  it('calls dearer fills latency, other charges fees, and fewer contracts queue', async () => {
    const paper = await journal();
    const fill = paper.find((entry) => entry.kind === 'fill' && entry.action === 'buy');
    if (fill?.kind !== 'fill') throw new TypeError('the tape has no fill');
    const changed = (over: object) =>
      parityOf(
        paper,
        paper.map((entry) => (entry === fill ? ({ ...fill, ...over } as JournalEntry) : entry)),
        journalLine,
      );
    const { notional, fee, cashDelta, size } = fill;
    expect(changed({ fee: fee + 50, cashDelta: cashDelta - 50 }).parts).toMatchObject({
      fee: -50,
      latency: 0,
      queue: 0,
    });
    const dearer = changed({ notional: notional + 700, cashDelta: cashDelta - 700 });
    expect(dearer.parts).toMatchObject({ fee: 0, latency: -700, queue: 0 });
    const half = changed({ size: size / 2, notional: notional / 2, fee: fee / 2, cashDelta: cashDelta / 2 });
    expect(half.parts).toMatchObject({ fee: 0, latency: 0, queue: 0 - cashDelta / 2 });
    expect([dearer.residual, half.residual]).toEqual([0, 0]);
  });
});
