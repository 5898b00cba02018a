export * from './header.types.js';
export * from './source.types.js';
export { runBacktest, checkHeader, type BacktestOptions, type BacktestResult, type PeekFacts } from './backtest.js';
export { BacktestRun, type BacktestListener, type RunFacts } from './run.js';
export type { BacktestReport, Interval, ProfitLine } from './report.js';
export type { Calibration } from './calibration.js';
export type { CoverageFacts, MarketCoverage } from './coverage.js';
export type { EquityPoint } from './collector.js';
export type { TradeFacts } from './trades.js';
