import { PRICE_ONE, type FillEntry, type MarketRef, type Outcome, type Price, type Size } from '#core';
import { defineStrategy, type Sighting, type Signal, type SignalLeg, type StrategyView } from '#plugin-sdk';
import { Type } from 'typebox';

const configSchema = Type.Object({ minEdge: Type.Integer(), size: Type.Integer() });
interface Config {
  readonly minEdge: number;
  readonly size: number;
}

const manifest = (id: string) => ({ id, version: '1.0.0', title: id, summary: 'For tests.', sdk: '^1.0.0' });

interface Seen {
  readonly open: Set<string>;
  fills: number;
}

/** Buys YES and NO of a link when both together cost less than 1, at the best prices, in whole contracts. */
export const testPairs = defineStrategy({
  manifest: manifest('test-pairs'),
  configSchema,
  scope: 'links',
  initialState: (): Seen => ({ open: new Set(), fills: 0 }),
  onQuote(view: StrategyView<Config, Seen>, quote) {
    const signals: Signal[] = [];
    for (const { link, a, b } of view.links(quote.market)) {
      for (const outcome of ['yes', 'no'] as const) {
        const other = link.polarity === 'same' ? opposite(outcome) : outcome;
        const legs = [leg(view, a, outcome), leg(view, b, other)];
        signals.push(...judge(view, legs, { link: link.id, group: null, direction: outcome, pays: PRICE_ONE }));
      }
    }
    return signals;
  },
  onFill: countFill,
});

/** Buys NO on every market of an exclusive group. */
export const testBundles = defineStrategy({
  manifest: manifest('test-bundles'),
  configSchema,
  scope: 'groups',
  initialState: (): Seen => ({ open: new Set(), fills: 0 }),
  onQuote(view: StrategyView<Config, Seen>, quote) {
    const group = view.group(quote.market);
    if (group === null || group.markets.some((ref) => ref < 0)) return undefined;
    const legs = group.markets.map((ref) => leg(view, ref, 'no'));
    return judge(view, legs, {
      link: null,
      group: group.group.id,
      direction: 'no',
      pays: PRICE_ONE * (legs.length - 1),
    });
  },
  onFill: countFill,
});

/** Buys what it is told: `size` of YES of every market it hears of, at the best ask, whenever nothing is working. */
export const testBuyer = defineStrategy({
  manifest: manifest('test-buyer'),
  configSchema,
  scope: 'markets',
  initialState: (): Seen => ({ open: new Set(), fills: 0 }),
  onQuote(view: StrategyView<Config, Seen>, quote) {
    if (quote.ask < 0 || view.working(quote.market)) return undefined;
    return {
      kind: 'order',
      legs: [{ market: quote.market, outcome: 'yes', action: 'buy', size: view.config.size as Size, limit: quote.ask }],
      reason: 'told to',
    };
  },
  onFill: countFill,
});

function countFill({ state }: StrategyView<Config, Seen>, _fill: FillEntry): undefined {
  state.fills++;
  return undefined;
}

const opposite = (outcome: Outcome): Outcome => (outcome === 'yes' ? 'no' : 'yes');

function leg(view: StrategyView, market: MarketRef, outcome: Outcome): SignalLeg & { readonly depth: number } {
  const [best] = view.ladder(market, outcome, 1);
  return {
    market,
    outcome,
    action: 'buy',
    size: 0 as Size,
    limit: (best?.price ?? PRICE_ONE) as Price,
    depth: best?.size ?? 0,
  };
}

function judge(
  view: StrategyView<Config, Seen>,
  legs: readonly (SignalLeg & { readonly depth: number })[],
  of: Pick<Sighting, 'link' | 'group' | 'direction'> & { readonly pays: number },
): readonly Signal[] {
  const key = `${of.link ?? of.group}|${of.direction}`;
  const gross = of.pays - legs.reduce((sum, one) => sum + one.limit, 0);
  if (gross <= 0) return view.state.open.delete(key) ? [{ kind: 'gone', ...of }] : [];
  view.state.open.add(key);
  const size = Math.min(view.config.size, ...legs.map((one) => one.depth));
  const whole = (size - (size % 100)) as Size;
  const sighting: Sighting = {
    link: of.link,
    group: of.group,
    direction: of.direction,
    markets: legs.map((one) => one.market),
    gross: gross as Price,
    net: (gross - 20_000) as Price,
    size: whole,
    waterfall: [],
    reason: '',
  };
  if (gross < view.config.minEdge || whole < 500 || legs.some((one) => view.working(one.market)))
    return [{ kind: 'sighting', sighting: { ...sighting, reason: 'not worth it' } }];
  return [
    {
      kind: 'order',
      legs: legs.map(({ depth: _depth, ...one }) => ({ ...one, size: whole })),
      reason: `gross ${gross}`,
      sighting,
    },
  ];
}
