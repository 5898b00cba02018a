import type { JournalEntry, SettlementEntry, TitleOf } from '#core';
import type { BacktestLine, BacktestRepo } from '#data';
import type { Decision, DecisionTrace } from '#engine';
import type { BacktestDecision } from './backtest.types.js';

const read = ({ line }: BacktestLine): JournalEntry => JSON.parse(line) as JournalEntry;

/** By signal, out of a run's rows: what it was decided by, its journal, and the settlements of what it bought. */
export async function tracesOf(
  repo: BacktestRepo,
  id: string,
  signals: readonly string[],
): Promise<ReadonlyMap<string, DecisionTrace>> {
  const decisions = new Map((await repo.decisionsOf(id, signals)).map((one) => [one.signalId, one]));
  const entries = new Map<string, JournalEntry[]>(signals.map((signal) => [signal, []]));
  for (const line of await repo.linesOf(id, signals)) entries.get(line.signal ?? '')?.push(read(line));
  const settled = (await repo.settlementsOf(id)).map(read).filter((entry) => entry.kind === 'settlement');
  return new Map(
    signals.map((signal) => {
      const own = entries.get(signal) ?? [];
      const whole = [...own, ...paidFor(own, settled)].sort((a, b) => a.seq - b.seq || a.ordinal - b.ordinal);
      return [signal, { decision: decisions.get(signal) ?? null, entries: whole }];
    }),
  );
}

/** The first settlement of each outcome it filled, after its last fill. */
function paidFor(own: readonly JournalEntry[], settled: readonly SettlementEntry[]): readonly SettlementEntry[] {
  const fills = own.filter((entry) => entry.kind === 'fill');
  const last = fills.at(-1);
  if (last === undefined) return [];
  const held = new Set(fills.map(({ market, outcome }) => `${market} ${outcome}`));
  return settled.filter((entry) => entry.seq >= last.seq && held.delete(`${entry.market} ${entry.outcome}`));
}

export function shownDecision({ at, books, estimates, rules }: Decision, title: TitleOf): BacktestDecision {
  const named = (id: string): { readonly id: string; readonly title: string } => ({ id, title: title(id) });
  const levels = (side: Decision['books'][number]['bids']) => side.map(([price, size]) => ({ price, size }));
  return {
    at,
    books: books.map((book) => ({
      ...book,
      market: named(book.market),
      bids: levels(book.bids),
      asks: levels(book.asks),
    })),
    estimates: estimates.map((one) => ({ ...one, market: named(one.market) })),
    rules,
  };
}
