import type { BacktestHeader } from './header.types.js';
import type { BacktestReport } from './report.js';

/** A worse world than the header's, to see what is left of the profit (math.md 12.7). */
export interface StressCase {
  readonly label: string;
  readonly header: BacktestHeader;
}

export interface StressResult {
  readonly label: string;
  readonly profit: number;
  readonly fees: number;
  readonly fills: number;
  readonly drawdown: number;
  readonly sharpeAnnual: number | null;
}

const LATENCIES_MS = [0, 1_000, 5_000];

export const stressCases = (header: BacktestHeader): readonly StressCase[] => [
  ...LATENCIES_MS.map((ms) => ({
    label: `Latency ${ms / 1_000} s`,
    header: {
      ...header,
      decisionMs: 0,
      decisionMsOf: {},
      latency: { kind: 'constant', ms: { '*': ms } },
    } as const,
  })),
  {
    label: 'Fees × 1.5',
    header: { ...header, feesPpm: Math.round(header.feesPpm * 1.5) },
  },
];

export const stressResult = (label: string, report: BacktestReport): StressResult => ({
  label,
  profit: report.profit,
  fees: report.fees,
  fills: report.trades.filled,
  drawdown: report.drawdown.share,
  sharpeAnnual: report.returns.sharpeAnnual.value,
});
