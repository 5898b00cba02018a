import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type FillEntry, type JournalEntry, type Size, type TapeEvent } from '#core';
import { defineStrategy, type StrategyView } from '#plugin-sdk';
import { mulberry32 } from '#quant';
import { Type } from 'typebox';
import { seeded } from '../rng.spec-support.js';
import { accountRecord, TapeDesk, workflowRecord } from '../tape.spec-support.js';
import { runBacktest } from './backtest.js';
import { plainHeader } from './header.spec-support.js';
import type { BacktestHeader } from './header.types.js';
import { tapeOf } from './source.types.js';

const configSchema = Type.Object({ seed: Type.Integer() });

/** Buys either outcome at any moment, by lot, at whatever is asked: what it sends depends on its seed and the clock alone. */
const gambler = defineStrategy({
  manifest: { id: 'gambler', version: '1.0.0', title: 'Gambler', summary: 'For tests.', sdk: '^1.0.0' },
  configSchema,
  scope: 'markets',
  initialState: () => ({ draws: 0 }),
  onBeat(view: StrategyView<{ seed: number }, { draws: number }>) {
    const random = mulberry32(view.config.seed * 1_000 + view.state.draws++);
    const outcome = random() < 0.5 ? 'yes' : 'no';
    const [best] = view.ladder(0 as never, outcome, 1);
    if (best === undefined || random() < 0.5) return undefined;
    // Whatever it costs by then: a limit would choose the moments that went well.
    const limit = 990_000 as typeof best.price;
    const leg = { market: 0 as never, outcome, action: 'buy', size: 500 as Size, limit } as const;
    return { kind: 'order', legs: [leg], reason: 'by lot' };
  },
});

/** A market that wanders, one step a second; `depth` contracts on every level. */
function wandering(seed: number, depth: number): readonly TapeEvent[] {
  const random = seeded(seed);
  const d = new TapeDesk();
  let mid = 50;
  const levels = (way: number) => [0, 1, 2].map((i) => [(mid + way * (1 + i)) / 100, depth] as const);
  d.ready('kalshi:x', levels(-1), levels(1));
  for (let i = 0; i < 250; i++) {
    mid = Math.min(90, Math.max(10, mid + Math.round(random() * 2 - 1)));
    d.wait(500).book('kalshi:x', levels(-1), levels(1)).pass(500);
  }
  return d.wait(60_000).yes('kalshi:x').pass(1_000).tape;
}

const MUCH = 1e12;
const NO_LIMIT = {
  maxPositionSize: MUCH,
  maxMarketCost: MUCH,
  maxGroupLoss: MUCH,
  maxClusterLoss: MUCH,
  maxGross: MUCH,
  maxVenue: MUCH,
  maxNaked: MUCH,
  maxThroughAsk: 1_000_000,
  maxDailyLoss: 1_000_000,
  maxDrawdown: 1_000_000,
  maxLosingCloses: 1_000_000,
};

const header = (seed: number, over: Partial<BacktestHeader> = {}): BacktestHeader =>
  plainHeader({
    accounts: [accountRecord({ limits: { ...DEFAULT_LIMITS, ...NO_LIMIT } })],
    workflows: [workflowRecord({ plugin: 'gambler' as never, config: { seed } })],
    seed,
    ...over,
  });

async function played(seed: number, over: Partial<BacktestHeader> = {}, depth = 1_000) {
  const entries: JournalEntry[] = [];
  const plugins = { strategies: new Map([['gambler', gambler]]), models: new Map() };
  const options = { plugins, journal: (entry: JournalEntry) => void entries.push(entry), peekEvents: 0 };
  const { report } = await runBacktest(header(seed, over), tapeOf(wandering(seed, depth)), options);
  return { report, fills: entries.filter((entry): entry is FillEntry => entry.kind === 'fill') };
}

const SEEDS = [1, 2, 3];

describe('a backtest of trades by lot', () => {
  it('fills nothing where nobody offers anything', async () => {
    const { report } = await played(1, {}, 0);
    expect(report.trades).toMatchObject({ filled: 0 });
    expect(report.profit).toBe(0);
    expect((await played(1)).report.trades.filled).toBeGreaterThan(20);
  });

  it.each(SEEDS)('never earns more when fees double (seed %i)', async (seed) => {
    const [once, twice] = [await played(seed), await played(seed, { feesPpm: 2_000_000 })];
    expect(twice.report.trades.filled).toBe(once.report.trades.filled);
    expect(twice.report.profit).toBeLessThan(once.report.profit);
    expect(twice.report.fees).toBeGreaterThan(once.report.fees);
  });

  it.each(SEEDS)(
    'keeps every micro-dollar: cash moves by what was filled and paid, and by nothing else (seed %i)',
    async (seed) => {
      const { report, fills } = await played(seed);
      const paid = report.trades.list.reduce((sum, trade) => sum + trade.received, 0);
      const spent = fills.reduce((sum, fill) => sum - fill.cashDelta, 0);
      expect(report.equity).toBe(report.openingCash - spent + paid);
      expect(fills.every(({ notional, fee, cashDelta }) => notional + fee === 0 - cashDelta)).toBe(true);
    },
  );

  it('pays no less on average the longer its orders travel', async () => {
    const worse = async (ms: number): Promise<readonly number[]> => {
      const over: number[] = [];
      for (const seed of SEEDS) {
        const { report } = await played(seed, { latency: { kind: 'constant', ms: { '*': ms } } });
        for (const { slippage, filled } of report.trades.list) over.push(slippage / filled);
      }
      return over;
    };
    const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
    expect(mean(await worse(0))).toBe(0);
    for (const ms of [2_000, 10_000]) {
      const over = await worse(ms);
      const centre = mean(over);
      const error = Math.sqrt(mean(over.map((one) => (one - centre) ** 2)) / over.length);
      // Prices that wander by chance move neither way on average; who saw them early would gain many times the error.
      expect(over.length).toBeGreaterThan(150);
      expect(centre).toBeGreaterThan(-3 * error);
    }
  });
});
