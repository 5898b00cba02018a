import {
  DEFAULT_LIMITS,
  PRICE_ONE,
  SIZE_ONE,
  type AccountId,
  type AccountRecord,
  type Estimate,
  type FillEntry,
  type Outcome,
  type PluginId,
  type TapeEvent,
  type WorkflowId,
  type WorkflowRecord,
} from '#core';
import { BacktestRun, HEADER_DEFAULTS } from '#engine';
import type { ModelPlugin } from '#plugin-sdk';
import { newsImpulse, newsMomentum } from '#plugins';

const ACCOUNT = 'truth' as AccountId;
const OPENING = 10_000_000_000;

export interface NewsRun {
  /** Micro-dollars, positions left at the end marked at what selling them would bring before fees. */
  readonly profit: number;
  /** The same had every trade been free of fees and at the mid: what the moves themselves brought. */
  readonly beforeCosts: number;
  readonly trades: number;
  /** What the model said, by name, in order. */
  readonly estimates: readonly Estimate[];
  /** Mid of a market over time, by id: micro-dollars. */
  readonly mids: ReadonlyMap<string, { readonly at: readonly number[]; readonly mid: readonly number[] }>;
}

/**
 * Plays a tape through the kernel with the news model and strategy; `weight` is that of sources nobody has judged, `more` what
 * other models the workflow has, each with its config.
 */
export function playNews(
  tape: readonly TapeEvent[],
  weight: number,
  more: readonly (readonly [ModelPlugin, Readonly<Record<string, unknown>>])[] = [],
): NewsRun {
  const account: AccountRecord = {
    id: ACCOUNT,
    title: 'Truth',
    openingCash: OPENING,
    limits: DEFAULT_LIMITS,
    kalshiPrecision: 'direct',
  };
  const workflow: WorkflowRecord = {
    id: 'news' as WorkflowId,
    version: 1,
    title: 'News',
    plugin: newsMomentum.manifest.id as PluginId,
    pluginVersion: newsMomentum.manifest.version,
    config: {},
    scope: { venues: [], categories: [], groups: [], markets: [], links: [], text: '' },
    account: ACCOUNT,
    mode: 'paper',
    limits: {},
    models: [
      {
        plugin: newsImpulse.manifest.id as PluginId,
        version: newsImpulse.manifest.version,
        config: withDefaults(newsImpulse.configSchema, { unknownWeight: weight }),
      },
      ...more.map(([plugin, config]) => ({
        plugin: plugin.manifest.id as PluginId,
        version: plugin.manifest.version,
        config: withDefaults(plugin.configSchema, config),
      })),
    ],
  };
  let cash = 0;
  let cashAtMids = 0;
  let trades = 0;
  const held = new Map<string, number>();
  const estimates: Estimate[] = [];
  const quotes = new Map<number, { at: number[]; mid: number[]; bid: number; ask: number }>();
  const ids = new Map<number, string>();
  const refs = new Map<string, number>();
  const run = new BacktestRun(
    {
      ...HEADER_DEFAULTS,
      title: 'news',
      lane: 1,
      fromAt: null,
      toAt: null,
      accounts: [account],
      workflows: [{ ...workflow, config: withDefaults(newsMomentum.configSchema, {}) }],
      placed: [],
      latency: { kind: 'constant', ms: { '*': 200 } },
    },
    {
      strategies: new Map([[newsMomentum.manifest.id, newsMomentum]]),
      models: new Map(
        [newsImpulse as ModelPlugin, ...more.map(([plugin]) => plugin)].map((one) => [one.manifest.id, one]),
      ),
    } as unknown as ConstructorParameters<typeof BacktestRun>[1],
    {
      journal: (entry) => {
        if (entry.kind !== 'fill') return;
        const fill: FillEntry = entry;
        cash += fill.cashDelta;
        trades++;
        const key = `${fill.market}|${fill.outcome}`;
        const bought = Number(fill.size) * (fill.action === 'buy' ? 1 : -1);
        held.set(key, (held.get(key) ?? 0) + bought);
        cashAtMids -= (bought / SIZE_ONE) * worthOf(quotes.get(refs.get(fill.market)!)!, fill.outcome);
      },
      estimate: (estimate) => estimates.push(estimate),
      quote: ({ market, at, bid, ask }) => {
        if (bid <= 0 || ask <= 0) return;
        const known = quotes.get(market) ?? { at: [], mid: [], bid, ask };
        known.at.push(at);
        known.mid.push((bid + ask) / 2);
        quotes.set(market, Object.assign(known, { bid, ask }));
      },
      heard: (event) => {
        if (event.kind !== 'market') return;
        ids.set(event.ref, event.info.id);
        refs.set(event.info.id, event.ref);
      },
    },
  );
  run.play({ rows: null, events: tape });
  run.end();
  const mids = new Map([...quotes].map(([ref, { at, mid }]) => [ids.get(ref)!, { at, mid }]));
  let left = 0;
  let leftAtMids = 0;
  for (const [ref, quote] of quotes)
    for (const outcome of ['yes', 'no'] as const) {
      const contracts = (held.get(`${ids.get(ref)}|${outcome}`) ?? 0) / SIZE_ONE;
      left += contracts * (outcome === 'yes' ? quote.bid : PRICE_ONE - quote.ask);
      leftAtMids += contracts * worthOf(quote, outcome);
    }
  return { profit: cash + left, beforeCosts: cashAtMids + leftAtMids, trades, estimates, mids };
}

/** A contract at the mid, micro-dollars. */
const worthOf = ({ bid, ask }: { readonly bid: number; readonly ask: number }, outcome: Outcome): number =>
  outcome === 'yes' ? (bid + ask) / 2 : PRICE_ONE - (bid + ask) / 2;

const withDefaults = (schema: object, own: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { properties = {} } = schema as { properties?: Record<string, { default?: unknown }> };
  return { ...Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, field.default])), ...own };
};

/** Mid at a moment or just before it; `null` before any. */
export function midAt(
  path: { readonly at: readonly number[]; readonly mid: readonly number[] } | undefined,
  at: number,
): number | null {
  if (path === undefined) return null;
  let low = 0;
  let high = path.at.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (path.at[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : path.mid[low - 1];
}
