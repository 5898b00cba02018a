import {
  runBacktest,
  type BacktestHeader,
  type BacktestReport,
  type Checkpoints,
  type KernelPlugins,
  type TapeSource,
} from '#engine';

/** What is kept of one backtest of a sweep. Profit in micro-dollars, drawdown as a share. */
export interface SweepCell {
  readonly refused: string;
  readonly profit: number;
  readonly drawdown: number;
  readonly trades: number;
  readonly moments: BacktestReport['returns']['moments'];
  readonly curve: readonly { readonly at: number; readonly equity: number }[];
}

/** Plays one of them, as a job of the server does: with the second look at the tape, without stress. */
export async function playCell(
  header: BacktestHeader,
  tape: TapeSource,
  plugins: KernelPlugins,
  checkpoints: Checkpoints,
): Promise<SweepCell> {
  const { report, refused } = await runBacktest(header, tape, { plugins, checkpoints });
  const { profit, drawdown, trades, returns, curve } = report;
  return {
    refused,
    profit,
    drawdown: drawdown.share,
    trades: trades.filled,
    moments: returns.moments,
    curve: curve.map(({ at, equity }) => ({ at, equity })),
  };
}
