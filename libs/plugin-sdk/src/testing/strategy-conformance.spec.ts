import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { Defect, UserProblem } from '#core';
import { defineStrategy, type Quote, type Signal, type StrategyPlugin, type StrategyView } from '../strategy.js';
import { strategyBench } from './strategy-bench.js';
import { strategyConformance } from './strategy-conformance.js';

interface Counter {
  quotes: number;
  last: Map<number, number>;
}

const schema = Type.Object({
  every: Type.Integer({
    title: 'Every',
    description: 'Buys on every so many quotes.',
    unit: 'quotes',
    minimum: 1,
    maximum: 1_000,
    default: 5,
  }),
});

const buy = (quote: Quote): Signal => ({
  kind: 'order',
  legs: [{ market: quote.market, outcome: 'yes', action: 'buy', size: quote.askSize, limit: quote.ask }],
  reason: 'it is time',
});

/** A strategy that behaves: buys the ask on every fifth quote that has one. */
const patient = {
  manifest: { id: 'patient', version: '1.0.0', title: 'Patient', summary: 'Buys now and then.', sdk: '^1.0.0' },
  configSchema: schema,
  scope: 'markets' as const,
  initialState: (): Counter => ({ quotes: 0, last: new Map() }),
  onQuote(view: StrategyView<{ every: number }, Counter>, quote: Quote) {
    view.state.last.set(quote.market, quote.ask);
    if (quote.ask < 0 || ++view.state.quotes % view.config.every !== 0) return undefined;
    return buy(quote);
  },
};

function failures(plugin: StrategyPlugin): string[] {
  return strategyConformance(plugin).flatMap(({ name, run }) => {
    try {
      run();
      return [];
    } catch (error) {
      if (error instanceof Defect || error instanceof TypeError) return [name];
      throw error;
    }
  });
}

describe('strategyConformance', () => {
  it('passes a strategy that behaves', () => {
    expect(failures(defineStrategy(patient))).toEqual([]);
  });

  it('catches memory kept outside the state', () => {
    let quotes = 0;
    const leaky = defineStrategy({
      ...patient,
      onQuote: (_view: StrategyView, quote: Quote) => (quote.ask > 0 && ++quotes % 7 === 0 ? buy(quote) : undefined),
    });
    expect(failures(leaky)).toContain('says the same on the same tape');
  });

  it('catches state that does not survive a restart', () => {
    class Ticker {
      count = 0;
      tick(): number {
        return ++this.count;
      }
    }
    const classy = defineStrategy({
      ...patient,
      initialState: () => ({ ticker: new Ticker() }),
      onQuote: ({ state }: StrategyView<unknown, { ticker: Ticker }>, quote: Quote) =>
        quote.ask > 0 && state.ticker.tick() % 5 === 0 ? buy(quote) : undefined,
    });
    expect(failures(classy)).toContain('goes on the same after a snapshot and restart');
  });

  it('catches a state shared between sessions', () => {
    const shared: Counter = { quotes: 0, last: new Map() };
    expect(failures(defineStrategy({ ...patient, initialState: () => shared }))).toContain(
      'starts from a fresh state each time',
    );
  });

  it('catches a write to what was handed in', () => {
    const greedy = defineStrategy({
      ...patient,
      onQuote: (view: StrategyView, quote: Quote) => {
        Object.assign(quote, { ask: 1 });
        return view.quote(quote.market).ask > 0 ? buy(quote) : undefined;
      },
    });
    expect(failures(greedy)).toContain('leaves its inputs alone');
  });

  it('catches a form that would be unlabelled, and a bad manifest', () => {
    const bare = defineStrategy({ ...patient, configSchema: Type.Object({ every: Type.Integer({ default: 5 }) }) });
    expect(failures(bare)).toEqual(['describes its config as a form needs it']);
    const odd = defineStrategy({ ...patient, manifest: { ...patient.manifest, version: '1', sdk: '^2.0.0' } });
    expect(failures(odd)).toEqual(['has a valid manifest']);
  });

  it('catches a strategy that is never heard of, and orders that make no sense', () => {
    expect(failures(defineStrategy({ ...patient, onQuote: () => undefined }))).toEqual([
      'has something to say on the tape',
    ]);
    const hasty = defineStrategy({ ...patient, onQuote: (_view: StrategyView, quote: Quote) => buy(quote) });
    expect(failures(hasty)).toEqual(['asks for sound orders']);
  });
});

describe('strategyBench', () => {
  it('lays the config over the defaults and refuses what the schema does not allow', () => {
    const plugin = defineStrategy(patient);
    expect(strategyBench(plugin, { markets: [] }).view.config).toEqual({ every: 5 });
    expect(() => strategyBench(plugin, { markets: [], config: { every: 0 } })).toThrow(UserProblem);
  });

  it('tells a story in words', () => {
    const bench = strategyBench(defineStrategy(patient), { markets: [{ id: 'kalshi:X' }], config: { every: 2 } });
    expect(bench.book('kalshi:X', { asks: [['0.45', 100]] }).said).toEqual([]);
    expect(bench.book('kalshi:X', { asks: [['0.44', 12.5]] }).said).toEqual(['buy 12.5 yes kalshi:X at 0.44']);
    expect(() => bench.again('kalshi:X').order).toThrow('the strategy said: nothing');
  });
});
