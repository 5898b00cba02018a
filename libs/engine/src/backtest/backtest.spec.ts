import { describe, expect, it } from 'vitest';
import { type Act, type JournalEntry, type Price, type TapeEvent } from '#core';
import { defineStrategy } from '#plugin-sdk';
import { inRows } from '../book-rows.spec-support.js';
import { journalLine } from '../journal-line.js';
import { testBundles, testBuyer, testPairs } from '../strategies.spec-support.js';
import { syntheticTape } from '../synthetic-tape.spec-support.js';
import { ACCOUNT, link, START, TapeDesk, testKernel, workflowRecord } from '../tape.spec-support.js';
import { runBacktest } from './backtest.js';
import { plainHeader } from './header.spec-support.js';
import type { BacktestHeader } from './header.types.js';
import { tapeOf, type TapeSource } from './source.types.js';

const STRATEGIES = [testPairs, testBundles, testBuyer];
const plugins = {
  strategies: new Map(STRATEGIES.map((one) => [one.manifest.id, one])),
  models: new Map(),
};
const LATENCY = { kalshi: 100, polymarket: 300 };
const SEEDS = [1, 3];
const LENGTH = 2_200;
const BEGINNING: readonly Act['kind'][] = ['account', 'workflow'];

const header = (over: Partial<BacktestHeader> = {}): BacktestHeader =>
  plainHeader({ latency: { kind: 'recorded', ms: LATENCY }, seed: 7, capitalRatePpm: 50_000, ...over });

function live(tape: readonly TapeEvent[]): readonly string[] {
  const lines: string[] = [];
  const kernel = testKernel(STRATEGIES);
  for (const event of tape)
    kernel.apply(event, {
      journal: (entry) => void lines.push(journalLine(entry)),
      estimate: () => undefined,
    });
  return lines;
}

async function play(source: TapeSource, over: Partial<BacktestHeader> = {}) {
  const entries: JournalEntry[] = [];
  const result = await runBacktest(header(over), source, {
    plugins,
    journal: (entry) => void entries.push(entry),
  });
  return { ...result, entries, lines: entries.map(journalLine) };
}

/** The paper session's own beginning as a header; what a person did later stays out of it. */
function headerOf(tape: readonly TapeEvent[]): Partial<BacktestHeader> {
  const placed = tape.flatMap((event) =>
    event.kind === 'act' &&
    BEGINNING.includes(event.act.kind) &&
    !(event.act.kind === 'workflow' && event.act.workflow.version > 1)
      ? [{ seq: event.seq, act: event.act }]
      : [],
  );
  return { accounts: [], workflows: [], placed };
}

/** A tape on which nobody did anything after the start: those acts become beats. */
const undisturbed = (tape: readonly TapeEvent[]): readonly TapeEvent[] => {
  const kept = new Set(headerOf(tape).placed!.map(({ seq }) => seq));
  return tape.map((event) =>
    event.kind === 'act' && !kept.has(event.seq)
      ? ({
          kind: 'beat',
          lane: event.lane,
          seq: event.seq,
          at: event.at,
        } as const)
      : event,
  );
};

describe.each(SEEDS)('a backtest of a paper session (seed %i)', (seed) => {
  const tape = undisturbed(syntheticTape(seed, LENGTH));
  const session = live(tape);

  it('gives its journal byte for byte when the header is that of the session', async () => {
    const { lines, refused, peek } = await play(tapeOf(tape), headerOf(tape));
    expect(lines).toEqual(session);
    expect(session.length).toBeGreaterThan(300);
    expect(refused).toBe('');
    expect(peek.lines).toBeGreaterThan(0);
  });

  it('gives it from rows that are never made into events, too', async () => {
    expect((await play(inRows(tape), headerOf(tape))).lines).toEqual(session);
  });

  it('gives the same again, and another journal with another latency', async () => {
    const first = await play(inRows(tape), {
      latency: { kind: 'sampled', venues: {} },
      fromAt: tape[100].at,
    });
    expect(
      (
        await play(tapeOf(tape), {
          latency: { kind: 'sampled', venues: {} },
          fromAt: tape[100].at,
        })
      ).lines,
    ).toEqual(first.lines);
    expect((await play(tapeOf(tape), { decisionMs: 2_000, fromAt: tape[100].at })).lines).not.toEqual(first.lines);
  });

  it('begins its own workflows where it is told to, and ends there', async () => {
    const [from, to] = [tape[1_000].at, tape[2_000].at];
    const { entries, facts } = await play(inRows(tape), {
      fromAt: from,
      toAt: to,
    });
    expect(entries.filter(({ kind }) => kind === 'session')).toHaveLength(1);
    for (const entry of entries.filter(({ session: of }) => of !== '')) {
      expect(entry.at).toBeGreaterThanOrEqual(from);
      expect(entry.at).toBeLessThan(to);
    }
    expect(facts.startedAt).toBeGreaterThanOrEqual(from);
    expect(facts.warmUp).toBeGreaterThan(500);
  });

  it('accounts for every micro-dollar: what its lines say adds up to the change of equity', async () => {
    const { report } = await play(tapeOf(tape), { ...headerOf(tape) });
    for (const lines of [report.byVenue, report.byReason])
      expect(lines.reduce((sum, line) => sum + line.profit, 0)).toBe(report.profit);
    const traded = report.trades.list.reduce((sum, trade) => sum + trade.received - trade.paid, 0);
    expect(traded).toBe(report.profit);
  });
});

describe('a backtest', () => {
  const market = (d: TapeDesk): TapeDesk =>
    d
      .ready('kalshi:x', [[0.4, 100]], [[0.42, 100]])
      .ready('polymarket:x', [[0.55, 100]], [[0.57, 100]])
      .add({ kind: 'link', link: link('kalshi:x', 'polymarket:x') });

  it('leaves out what operators did on the tape', async () => {
    const d = market(new TapeDesk()).act({
      kind: 'kill-switch',
      on: true,
      account: null,
      reason: 'drill',
    });
    for (let i = 0; i < 20; i++) d.pass(1_000).change('kalshi:x', [], [[0.42, 100 + i]]);
    const { report } = await play(tapeOf(d.tape));
    expect(report.trades.filled).toBeGreaterThan(0);
  });

  it('is refused when something remembers the future', async () => {
    let runs = 0;
    const peeking = defineStrategy({
      ...testBuyer,
      initialState: () => ({ open: new Set<string>(), fills: runs++ }),
      onQuote: (view, quote) =>
        (view.state as { fills: number }).fills > 0 ? undefined : testBuyer.onQuote!(view as never, quote),
    });
    const d = market(new TapeDesk());
    for (let i = 0; i < 40; i++) d.pass(1_000).change('kalshi:x', [], [[0.42, 100 + i]]);
    const workflow = workflowRecord({
      plugin: 'test-buyer' as never,
      config: { minEdge: 0, size: 1_000 },
    });
    const result = await runBacktest(header({ workflows: [workflow] }), tapeOf(d.tape), {
      plugins: {
        strategies: new Map([['test-buyer', peeking]]),
        models: new Map(),
      },
    });
    expect(result.refused).toContain('looks into the future');
    expect(result.peek.difference).not.toBeNull();
  });

  it('pauses a workflow whose hook throws, at once', async () => {
    const throwing = defineStrategy({
      ...testBuyer,
      onQuote: () => {
        throw new TypeError('no');
      },
    });
    const d = market(new TapeDesk());
    for (let i = 0; i < 5; i++) d.change('kalshi:x', [], [[0.42, 100 + i]]);
    const workflow = workflowRecord({ plugin: 'test-buyer' as never });
    const states: string[] = [];
    await runBacktest(header({ workflows: [workflow], fromAt: START }), inRows(d.tape), {
      plugins: {
        strategies: new Map([['test-buyer', throwing]]),
        models: new Map(),
      },
      journal: (entry) => entry.kind === 'session' && states.push(entry.state),
    });
    expect(states).toEqual(['started', 'paused']);
  });

  it('tells how much of the time books could be trusted, and is refused below what is asked', async () => {
    const d = market(new TapeDesk()).wait(1_000).distrust('kalshi:x').wait(1_000).trust('kalshi:x').pass(1_000);
    const { facts, refused } = await play(tapeOf(d.tape), { minCoverage: 0.9 });
    expect(facts.coverage).toMatchObject({ gaps: 1, share: 5 / 6 });
    expect(facts.coverage.markets[0]).toMatchObject({
      market: 'kalshi:x',
      openMs: 3_000,
      trustedMs: 2_000,
    });
    expect(refused).toContain('83.3 %');
  });

  it('is refused where nothing of the tape lies in its span: no trades would look like a result', async () => {
    const d = market(new TapeDesk()).pass(1_000);
    const { refused, report } = await play(tapeOf(d.tape), { fromAt: d.at + 1 });
    expect(report.trades.count).toBe(0);
    expect(refused).toContain('Nothing of the tape');
  });

  it('names every mistake of a header', async () => {
    await expect(play(tapeOf([]), { accounts: [], feesPpm: -1, fromAt: 2, toAt: 1 })).rejects.toMatchObject({
      fields: [{ path: '/toAt' }, { path: '/workflows/0/account' }, { path: '/feesPpm' }],
    });
  });

  it('pays fees by the header, and cash in positions costs what it could have earned', async () => {
    const d = market(new TapeDesk());
    for (let i = 0; i < 20; i++) d.pass(1_000).change('kalshi:x', [], [[0.42, 100 + i]]);
    d.pass(86_400_000).yes('kalshi:x').yes('polymarket:x').pass(1_000);
    const plain = (await play(tapeOf(d.tape))).report;
    const dear = (await play(tapeOf(d.tape), { feesPpm: 1_500_000 })).report;
    expect(dear.fees).toBeGreaterThan(plain.fees);
    expect(dear.profit).toBeLessThan(plain.profit);
    expect(plain.capitalCost).toBeGreaterThan(0);
    expect(plain.byMarket.map(({ key }) => key).sort()).toEqual(['kalshi:x', 'polymarket:x']);
  });

  it('calls half-paid and void markets by what they pay', async () => {
    const d = market(new TapeDesk());
    for (let i = 0; i < 5; i++) d.pass(1_000).change('kalshi:x', [], [[0.42, 100 + i]]);
    d.resolve('kalshi:x', { kind: 'value', yesPays: 500_000 as Price }, false)
      .pass(1_000)
      .resolve('kalshi:x', { kind: 'value', yesPays: 500_000 as Price })
      .resolve('polymarket:x', { kind: 'void' });
    const { entries, report } = await play(tapeOf(d.tape));
    const settled = entries.filter((entry) => entry.kind === 'settlement');
    expect(settled.map(({ how }) => how)).toEqual(['value', 'void']);
    expect(report.profit).toBe(settled.reduce((sum, { realised }) => sum + realised, 0));
    expect(entries.every(({ account }) => account === ACCOUNT || account === '')).toBe(true);
  });
});
