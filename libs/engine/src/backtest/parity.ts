import type { FillEntry, JournalEntry, SignalEntry } from '#core';

/** What a part of the difference in cash between two runs of one window is put down to. Micro-dollars, backtest less paper. */
export interface ParityReport {
  /** Entries that both journals have, byte for byte. */
  readonly same: number;
  readonly onlyPaper: number;
  readonly onlyBacktest: number;
  /** Cash moved by fills and settlements in each. */
  readonly paper: number;
  readonly backtest: number;
  readonly difference: number;
  readonly parts: {
    /** The same contracts at the same price, charged otherwise. */
    readonly fee: number;
    /** The same contracts at another price: the order met another book. */
    readonly latency: number;
    /** Fewer or more contracts of the same order: depth or queue. */
    readonly queue: number;
    /** Orders that one of the two could not send for a book that was not trusted. */
    readonly gap: number;
    /** Decisions that only one of the two made. */
    readonly signal: number;
    /** Results paid on other holdings. */
    readonly settlement: number;
  };
  /** What none of them explains. */
  readonly residual: number;
  readonly signals: { readonly both: number; readonly onlyPaper: number; readonly onlyBacktest: number };
}

interface Side {
  readonly signals: ReadonlyMap<string, SignalEntry>;
  readonly fills: ReadonlyMap<string, readonly FillEntry[]>;
  /** Signals with an order that a book without trust turned away. */
  readonly gapped: ReadonlySet<string>;
  readonly settled: number;
  readonly cash: number;
}

const UNTRUSTED = /cannot be trusted|is crossed|last confirmed/;

/**
 * A paper session against a backtest of the same window. Signals are matched by their id (the event they were made on);
 * fills of matched ones by order. `line` gives the canonical text of an entry.
 */
export function parityOf(
  paper: readonly JournalEntry[],
  backtest: readonly JournalEntry[],
  line: (entry: JournalEntry) => string,
): ParityReport {
  const [p, b] = [sideOf(paper), sideOf(backtest)];
  const lines = new Map<string, number>();
  for (const entry of paper) lines.set(line(entry), (lines.get(line(entry)) ?? 0) + 1);
  let same = 0;
  for (const entry of backtest) {
    const left = lines.get(line(entry)) ?? 0;
    if (left === 0) continue;
    lines.set(line(entry), left - 1);
    same++;
  }
  const parts = { fee: 0, latency: 0, queue: 0, gap: 0, signal: 0, settlement: b.settled - p.settled };
  const count = { both: 0, onlyPaper: 0, onlyBacktest: 0 };
  for (const id of new Set([...p.signals.keys(), ...b.signals.keys()])) {
    const [ours, theirs] = [cashOf(b.fills.get(id)), cashOf(p.fills.get(id))];
    if (p.signals.has(id) && b.signals.has(id)) {
      count.both++;
      if (p.gapped.has(id) !== b.gapped.has(id)) parts.gap += ours - theirs;
      else matched(p.fills.get(id) ?? [], b.fills.get(id) ?? [], parts);
      continue;
    }
    if (p.signals.has(id)) count.onlyPaper++;
    else count.onlyBacktest++;
    parts.signal += ours - theirs;
  }
  const explained = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const difference = b.cash - p.cash;
  return {
    same,
    onlyPaper: paper.length - same,
    onlyBacktest: backtest.length - same,
    paper: p.cash,
    backtest: b.cash,
    difference,
    parts,
    residual: difference - explained,
    signals: count,
  };
}

/** Splits the difference of one signal's fills, order by order. */
function matched(
  paper: readonly FillEntry[],
  backtest: readonly FillEntry[],
  parts: { fee: number; latency: number; queue: number },
): void {
  const orders = new Set([...paper, ...backtest].map((fill) => fill.orderId));
  for (const order of orders) {
    const [p, b] = [totalOf(paper, order), totalOf(backtest, order)];
    const way = p.buys || b.buys ? -1 : 1;
    // Contracts that both have are valued at each one's own price; the rest is another number of contracts.
    const common = Math.min(p.size, b.size);
    const price = common === 0 ? 0 : Math.round((b.notional * common) / b.size - (p.notional * common) / p.size);
    const notional = b.notional - p.notional;
    const fee = b.fee - p.fee;
    const share = p.size === 0 ? 0 : Math.round((p.fee * b.size) / p.size) - p.fee;
    const ofSize = p.size === b.size ? 0 : p.size === 0 ? b.fee : share;
    parts.latency += way * price;
    parts.fee -= fee - ofSize;
    parts.queue += way * (notional - price) - ofSize;
  }
}

function totalOf(fills: readonly FillEntry[], order: string) {
  const total = { size: 0, notional: 0, fee: 0, buys: false };
  for (const fill of fills) {
    if (fill.orderId !== order) continue;
    total.size += fill.size;
    total.notional += fill.notional;
    total.fee += fill.fee;
    total.buys = fill.action === 'buy';
  }
  return total;
}

const cashOf = (fills: readonly FillEntry[] = []): number => fills.reduce((sum, fill) => sum + fill.cashDelta, 0);

function sideOf(entries: readonly JournalEntry[]): Side {
  const signals = new Map<string, SignalEntry>();
  const fills = new Map<string, FillEntry[]>();
  const gapped = new Set<string>();
  let settled = 0;
  let cash = 0;
  for (const entry of entries) {
    if (entry.kind === 'signal') signals.set(entry.signalId, entry);
    else if (entry.kind === 'order' && entry.state === 'rejected' && UNTRUSTED.test(entry.reason))
      gapped.add(entry.signalId);
    else if (entry.kind === 'settlement') {
      settled += entry.payout;
      cash += entry.payout;
    } else if (entry.kind === 'fill') {
      cash += entry.cashDelta;
      const known = fills.get(entry.signalId);
      if (known === undefined) fills.set(entry.signalId, [entry]);
      else known.push(entry);
    }
  }
  return { signals, fills, gapped, settled, cash };
}
