import { accountRecord, workflowRecord } from '../tape.spec-support.js';
import type { BacktestHeader } from './header.types.js';

/** One account and one workflow over a whole tape: orders take 100 ms, nothing else is out of the ordinary. */
export const plainHeader = (over: Partial<BacktestHeader> = {}): BacktestHeader => ({
  title: 'Test',
  lane: 1,
  fromAt: null,
  toAt: null,
  accounts: [accountRecord()],
  workflows: [workflowRecord()],
  placed: [],
  latency: { kind: 'constant', ms: { '*': 100 } },
  decisionMs: 0,
  feesPpm: 1_000_000,
  seed: 1,
  minCoverage: 0,
  capitalRatePpm: 0,
  ...over,
});
