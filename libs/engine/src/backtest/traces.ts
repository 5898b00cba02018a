import type {
  Estimate,
  FillEntry,
  Instant,
  JournalEntry,
  MarketId,
  Price,
  RuleVerdict,
  SettlementEntry,
  SignalEntry,
  Size,
} from '#core';
import type { KernelLook } from '../kernel.types.js';

type Levels = readonly (readonly [Price, Size])[];

/** A market's canonical YES book as it stood when a decision was made: its best levels, best first. */
export interface SeenBook {
  readonly market: MarketId;
  /** When its best prices last changed. */
  readonly quoteAt: Instant;
  readonly trusted: boolean;
  readonly bids: Levels;
  readonly asks: Levels;
}

/** What was known when a signal was let through, and what every rule of the gate found. */
export interface Decision {
  readonly signalId: string;
  readonly at: Instant;
  readonly books: readonly SeenBook[];
  /** The latest of every model and name about those markets. */
  readonly estimates: readonly Estimate[];
  /** Inputs, limit and headroom of each, in the order in which they were asked. */
  readonly rules: readonly RuleVerdict[];
}

/** A decision and what came of it. */
export interface DecisionTrace {
  /** `null` of runs of older builds, which did not keep it. */
  readonly decision: Decision | null;
  /** The journal's entries of its signal, and the settlements of what it bought. */
  readonly entries: readonly JournalEntry[];
}

const LEVELS_SEEN = 5;
const MOST_TRACES = 2_000;

interface Held {
  readonly decision: Decision;
  readonly entries: JournalEntry[];
  filled: boolean;
}

/** Keeps the whole trace of the newest decisions that were let through. Its memory is bounded. */
export class Traces {
  private readonly all = new Map<string, Held>();
  private readonly estimates = new Map<MarketId, Map<string, Estimate>>();
  /** Signals that hold what a market will pay for, by `market|outcome`. */
  private readonly holders = new Map<string, Set<string>>();

  constructor(private readonly most = MOST_TRACES) {}

  of(signalId: string): DecisionTrace | null {
    return this.all.get(signalId) ?? null;
  }

  /** Every decision that is kept, oldest first. */
  decisions(): readonly Decision[] {
    return [...this.all.values()].map(({ decision }) => decision);
  }

  estimate(estimate: Estimate): void {
    let known = this.estimates.get(estimate.market);
    if (known === undefined) this.estimates.set(estimate.market, (known = new Map()));
    known.set(`${estimate.model} ${estimate.name}`, estimate);
  }

  /** The gate has just let it through: nothing is reserved yet, so its rules still give the very numbers they were asked with. */
  signal(entry: SignalEntry, look: KernelLook): void {
    const markets = [...new Set(entry.legs.map(({ market }) => market))];
    const { account, workflow, legs } = entry;
    const decision: Decision = {
      signalId: entry.signalId,
      at: entry.at,
      books: markets.flatMap((market) => {
        const ref = look.ref(market);
        if (ref === undefined) return [];
        const { at, trusted } = look.quote(ref);
        const { bids, asks } = look.levels(ref);
        return { market, quoteAt: at, trusted, bids: bids.slice(0, LEVELS_SEEN), asks: asks.slice(0, LEVELS_SEEN) };
      }),
      estimates: markets.flatMap((market) => [...(this.estimates.get(market)?.values() ?? [])]),
      rules: look.verdict({ account, workflow, legs, as: 'opening' }).rules,
    };
    this.all.set(entry.signalId, { decision, entries: [entry], filled: false });
    if (this.all.size > this.most) this.forget();
  }

  entry(entry: JournalEntry): void {
    if (entry.kind === 'settlement') return this.settled(entry);
    if (!('signalId' in entry) || entry.signalId === null) return;
    const held = this.all.get(entry.signalId);
    if (held === undefined) return;
    held.entries.push(entry);
    if (entry.kind === 'fill') this.filled(entry, held);
    // Nothing came of it: it makes room for those of which something did.
    else if (entry.kind === 'group-state' && entry.state === 'failed' && !held.filled) this.all.delete(entry.signalId);
  }

  private filled(entry: FillEntry, held: Held): void {
    held.filled = true;
    const key = `${entry.market}|${entry.outcome}`;
    const known = this.holders.get(key);
    if (known === undefined) this.holders.set(key, new Set([entry.signalId]));
    else known.add(entry.signalId);
  }

  private settled(entry: SettlementEntry): void {
    const key = `${entry.market}|${entry.outcome}`;
    for (const signal of this.holders.get(key) ?? []) this.all.get(signal)?.entries.push(entry);
    this.holders.delete(key);
  }

  private forget(): void {
    for (const id of this.all.keys()) {
      this.all.delete(id);
      return;
    }
  }
}
