import { DEFAULT_LIMITS, type RiskLimits } from '#core';
import { testPairs } from './strategies.spec-support.js';
import { accountRecord, desk, link, workflowRecord, type TapeDesk } from './tape.spec-support.js';

export const A = 'kalshi:x';
export const B = 'polymarket:x';

/** Both legs of 100 contracts are gated: YES at A for 40¢ arrives after 100 ms, NO at B for 45¢ another 300 ms later. */
export function sent(bBid = 0.55, over: Partial<RiskLimits> = {}, openingCash = 10_000_000_000): TapeDesk {
  const limits = { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, ...over };
  return desk([testPairs])
    .act({ kind: 'account', account: accountRecord({ limits, openingCash }) })
    .market(A)
    .market(B)
    .add({ kind: 'link', link: link(A, B) })
    .act({ kind: 'workflow', workflow: workflowRecord({ config: { minEdge: 5_000, size: 10_000 } }) })
    .book(A, [[0.38, 500]], [[0.4, 100]])
    .book(B, [[bBid, 100]], [[0.6, 100]])
    .trust(A)
    .trust(B);
}
export const states = (d: TapeDesk) => d.heard.of('group-state').map((entry) => entry.state);
export const account = (d: TapeDesk) => d.kernel!.look.accounts()[0];
export const holds = (d: TapeDesk) => account(d).positions.map(({ market, outcome, size }) => [market, outcome, size]);
