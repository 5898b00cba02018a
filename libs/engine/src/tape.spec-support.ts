import {
  DEFAULT_LIMITS,
  groupId,
  marketId,
  type AccountId,
  type AccountRecord,
  type Act,
  type FeeRule,
  type GroupInfo,
  type JournalEntry,
  type JournalKind,
  type Link,
  type LinkId,
  type MarketId,
  type MarketInfo,
  type MarketRef,
  type PluginId,
  type Price,
  type ResolutionEvent,
  type Size,
  type TapeEvent,
  type TrustLoss,
  type Unstamped,
  type WorkflowId,
  type WorkflowRecord,
} from '#core';
import type { Quote, StrategyPlugin } from '#plugin-sdk';
import { createKernel } from './kernel.js';
import type { Kernel, KernelOptions, KernelOutput } from './kernel.types.js';

export const START = 1_775_000_000_000;
export const ACCOUNT = 'paper' as AccountId;

export const KALSHI_FEE: FeeRule = { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 };
export const POLYMARKET_FEE: FeeRule = { kind: 'polymarket', rate: 40_000, exponent: 1, rounding: 'floor' };
const CENTS = [{ start: 0 as Price, end: 1_000_000 as Price, step: 10_000 }];

export function marketInfo(id: string, over: Partial<MarketInfo> = {}): MarketInfo {
  const [venue, native] = id.split(':');
  const kalshi = venue === 'kalshi';
  return {
    id: marketId(venue, native),
    group: null,
    title: `Will ${native} happen?`,
    rules: '',
    category: 'politics',
    status: 'open',
    grid: CENTS,
    minSize: (kalshi ? 100 : 500) as Size,
    sizeStep: (kalshi ? 100 : 1) as Size,
    fees: [{ from: 0, rule: kalshi ? KALSHI_FEE : POLYMARKET_FEE }],
    closesAt: null,
    paysAt: null,
    venueData: {},
    ...over,
  };
}

export const accountRecord = (over: Partial<AccountRecord> = {}): AccountRecord => ({
  id: ACCOUNT,
  title: 'Paper',
  openingCash: 10_000_000_000,
  limits: DEFAULT_LIMITS,
  kalshiPrecision: 'direct',
  ...over,
});

export const workflowRecord = (over: Partial<WorkflowRecord> = {}): WorkflowRecord => ({
  id: 'w' as WorkflowId,
  version: 1,
  title: 'Pairs',
  plugin: 'test-pairs' as PluginId,
  pluginVersion: '1.0.0',
  config: { minEdge: 5_000, size: 1_000 },
  scope: { venues: [], categories: [], groups: [], markets: [], links: [], text: '' },
  account: ACCOUNT,
  mode: 'paper',
  limits: {},
  models: [],
  ...over,
});

export const link = (a: string, b: string, over: Partial<Link> = {}): Link => ({
  id: `${a}~${b}` as LinkId,
  version: 1,
  a: a as MarketId,
  b: b as MarketId,
  polarity: 'same',
  state: 'reviewed',
  mismatch: 0.01,
  differences: [],
  reviewedBy: 'someone',
  ...over,
});

export const groupInfo = (id: string, markets: readonly string[], over: Partial<GroupInfo> = {}): GroupInfo => {
  const [venue, native] = id.split(':');
  return {
    id: groupId(venue, native),
    title: native,
    markets: markets as readonly MarketId[],
    exclusive: true,
    exhaustive: true,
    augmented: false,
    ...over,
  };
};

/** Best first, in dollars and contracts. */
export type Levels = readonly (readonly [price: number, size: number])[];

/** Collects what a kernel says. */
export class Heard implements KernelOutput {
  readonly entries: JournalEntry[] = [];
  readonly quotes: Quote[] = [];
  readonly estimates: unknown[] = [];
  journal(entry: JournalEntry): void {
    this.entries.push(entry);
  }
  estimate(estimate: unknown): void {
    this.estimates.push(estimate);
  }
  quote(quote: Quote): void {
    this.quotes.push({ ...quote });
  }
  of<K extends JournalKind>(kind: K): Extract<JournalEntry, { readonly kind: K }>[] {
    return this.entries.filter((entry): entry is Extract<JournalEntry, { readonly kind: K }> => entry.kind === kind);
  }
  last<K extends JournalKind>(kind: K): Extract<JournalEntry, { readonly kind: K }> {
    return this.of(kind).at(-1)!;
  }
  clear(): void {
    this.entries.length = 0;
    this.quotes.length = 0;
  }
}

/** Writes a tape event by event; with a kernel attached it is applied at once. */
export class TapeDesk {
  readonly tape: TapeEvent[] = [];
  readonly heard = new Heard();
  readonly refs = new Map<string, MarketRef>();
  readonly infos = new Map<string, MarketInfo>();
  at = START;
  private acts = 0;

  constructor(readonly kernel: Kernel | null = null) {}

  add(event: Unstamped<TapeEvent>): this {
    const stamped = { lane: 1, seq: this.tape.length + 1, at: this.at, ...event } as TapeEvent;
    this.tape.push(stamped);
    this.kernel?.apply(stamped, this.heard);
    return this;
  }

  wait(ms: number): this {
    this.at += ms;
    return this;
  }

  /** Time passes with a beat at its end, so that due timers fire. */
  pass(ms: number): this {
    return this.wait(ms).add({ kind: 'beat' });
  }

  market(id: string, over: Partial<MarketInfo> = {}): this {
    const info = { ...(this.infos.get(id) ?? marketInfo(id)), ...over };
    const ref = this.refs.get(id) ?? (this.refs.size as MarketRef);
    this.refs.set(id, ref);
    this.infos.set(id, info);
    return this.add({ kind: 'market', ref, info });
  }

  ref(id: string): MarketRef {
    const ref = this.refs.get(id);
    return ref ?? (-1 as MarketRef);
  }

  act(act: Act): this {
    return this.add({ kind: 'act', id: `a${++this.acts}`, by: 'someone', act });
  }

  levels(id: string, levels: Float64Array, snapshot: boolean): this {
    return this.add({
      kind: 'book',
      market: this.ref(id),
      snapshot,
      levels,
      merged: 1,
      venueAt: null,
      connection: 1,
      venueSeq: null,
    });
  }

  /** The whole YES book. */
  book(id: string, bids: Levels, asks: Levels): this {
    return this.levels(id, flat(bids, asks), true);
  }

  /** Changes of some levels; size 0 removes one. */
  change(id: string, bids: Levels, asks: Levels): this {
    return this.levels(id, flat(bids, asks), false);
  }

  trust(id: string): this {
    return this.add({ kind: 'continuity', market: this.ref(id), trusted: true, reason: 'snapshot', detail: '' });
  }

  distrust(id: string, reason: TrustLoss = 'gap'): this {
    return this.add({ kind: 'continuity', market: this.ref(id), trusted: false, reason, detail: '' });
  }

  /** A market with a book one can trust. */
  ready(id: string, bids: Levels, asks: Levels, over: Partial<MarketInfo> = {}): this {
    return this.market(id, over).book(id, bids, asks).trust(id);
  }

  resolve(id: string, outcome: ResolutionEvent['outcome'], final = true): this {
    return this.add({ kind: 'resolution', market: this.ref(id), outcome, final });
  }

  yes(id: string): this {
    return this.resolve(id, { kind: 'value', yesPays: 1_000_000 as Price });
  }
}

export function flat(bids: Levels, asks: Levels): Float64Array {
  const triples: number[] = [];
  for (const [price, size] of bids) triples.push(0, Math.round(price * 1e6), Math.round(size * 100));
  for (const [price, size] of asks) triples.push(1, Math.round(price * 1e6), Math.round(size * 100));
  return Float64Array.from(triples);
}

export function testKernel(strategies: readonly StrategyPlugin[], over: Partial<KernelOptions> = {}): Kernel {
  return createKernel({
    lane: 1,
    plugins: {
      strategies: new Map(strategies.map((strategy) => [strategy.manifest.id, strategy])),
      models: new Map(),
    },
    orderLatencyMs: { kalshi: 100, polymarket: 300 },
    ...over,
  });
}

export const desk = (strategies: readonly StrategyPlugin[], over: Partial<KernelOptions> = {}): TapeDesk =>
  new TapeDesk(testKernel(strategies, over));
