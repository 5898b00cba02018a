import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type MarketId } from '#core';
import { testPairs } from './strategies.spec-support.js';
import { accountRecord, desk, link, workflowRecord, type TapeDesk } from './tape.spec-support.js';

const A = 'kalshi:x';
const B = 'polymarket:x';

/** Sees 5¢ gross and wants 10¢. */
function choosy(): TapeDesk {
  return desk([testPairs])
    .act({ kind: 'account', account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000 } }) })
    .market(A)
    .market(B)
    .add({ kind: 'link', link: link(A, B) })
    .act({ kind: 'workflow', workflow: workflowRecord({ config: { minEdge: 100_000, size: 1_000 } }) })
    .book(A, [[0.38, 100]], [[0.4, 100]])
    .trust(A)
    .trust(B)
    .book(B, [[0.45, 100]], [[0.6, 100]]);
}
const phases = (d: TapeDesk) => d.heard.of('opportunity').map(({ phase, verdict }) => `${phase} ${verdict}`);

describe('an opportunity', () => {
  it('is opened when it is seen and closed when its edge is gone, with the best there was', () => {
    const d = choosy()
      .change(B, [[0.47, 50]], [])
      .change(B, [[0.47, 0]], []);
    expect(phases(d)).toEqual(['opened net-negative']);
    d.change(
      A,
      [],
      [
        [0.4, 0],
        [0.5, 10],
      ],
    );
    expect(phases(d)).toEqual(['opened net-negative', 'closed net-negative']);
    const [opened, closed] = d.heard.of('opportunity');
    expect(opened).toMatchObject({
      opportunityId: `w|${A}~${B}|yes|${opened.seq}`,
      link: `${A}~${B}`,
      markets: [A, B],
      bestGross: 50_000,
      reason: 'not worth it',
    });
    expect(closed).toMatchObject({
      opportunityId: opened.opportunityId,
      openedAt: opened.at,
      bestGross: 70_000,
      bestNet: 50_000,
    });
  });

  it('rises to accepted, and does not fall back when our own fill uses it up', () => {
    const d = choosy().change(B, [[0.55, 100]], []);
    expect(phases(d)).toEqual(['opened net-negative', 'changed accepted']);
    expect(d.heard.last('opportunity')).toMatchObject({ signalId: d.heard.last('signal').signalId, reason: '' });
    d.change(B, [[0.55, 1]], []);
    expect(phases(d)).toHaveLength(2);
  });

  it('ends when the book of one of its legs is lost, and is nothing while it is', () => {
    const d = choosy().distrust(B);
    expect(phases(d)).toEqual(['opened net-negative', 'closed net-negative']);
    d.change(B, [[0.46, 20]], []);
    expect(phases(d)).toHaveLength(2);
    d.trust(B);
    expect(phases(d).at(-1)).toBe('opened net-negative');
  });

  it('ends with a result, with a market that closes and with its session', () => {
    expect(phases(choosy().yes(A)).at(-1)).toBe('closed net-negative');
    expect(phases(choosy().market(A, { status: 'paused' })).at(-1)).toBe('closed net-negative');
    const archived = choosy().act({ kind: 'workflow-archived', workflow: workflowRecord().id });
    expect(phases(archived).at(-1)).toBe('closed net-negative');
  });
});

describe('an opportunity on a link', () => {
  const relink = (d: TapeDesk, over: Parameters<typeof link>[2]) =>
    d.add({ kind: 'link', link: link(A, B, { version: 2, ...over }) });

  it.each([
    ['turns over', { polarity: 'inverse' }, 'The link was turned over: it is inverse now.'],
    ['is rejected', { state: 'rejected' }, 'The link is rejected now.'],
    ['is proposed anew', { state: 'proposed' }, 'The link is proposed now.'],
    ['loses its mismatch', { mismatch: null }, 'Nobody says any more how likely the link is to resolve differently.'],
    ['joins other markets', { b: 'polymarket:y' as MarketId }, 'The link joins other markets now.'],
  ] as const)('ends with that reason when the link %s', (_what, over, ended) => {
    const d = relink(choosy(), over);
    expect(phases(d)).toEqual(['opened net-negative', 'closed net-negative']);
    // What was thought of it stays; why it ended is said beside.
    expect(d.heard.last('opportunity')).toMatchObject({ reason: 'not worth it', ended });
  });

  it('goes on when only words of the link change', () => {
    expect(phases(relink(choosy(), { differences: ['one says midnight'] }))).toEqual(['opened net-negative']);
  });

  it('says why it ended in every other case too', () => {
    const ended = (d: TapeDesk) => d.heard.last('opportunity').ended;
    expect(ended(choosy().distrust(B))).toBe(`The book of ${B} cannot be trusted: gap.`);
    expect(ended(choosy().yes(A))).toBe(`${A} has its result.`);
    expect(ended(choosy().market(A, { status: 'paused' }))).toBe(`${A} is paused.`);
    expect(ended(choosy().change(A, [[0.41, 10]], []))).toBe(`The book of ${A} is crossed.`);
    expect(ended(choosy().change(B, [[0.45, 0]], []))).toBe('The edge is gone.');
    expect(ended(choosy().act({ kind: 'workflow-archived', workflow: workflowRecord().id }))).toBe(
      'The workflow was archived.',
    );
    expect(choosy().heard.last('opportunity').ended).toBe('');
  });
});

describe('denials of an opportunity', () => {
  it('are counted over its life and not forgotten when it is accepted after all', () => {
    const d = choosy().act({ kind: 'kill-switch', on: true, account: null, reason: 'drill' });
    d.change(B, [[0.55, 100]], []).change(B, [[0.55, 101]], []);
    expect(d.heard.last('opportunity')).toMatchObject({ verdict: 'denied', denials: 1 });
    d.act({ kind: 'kill-switch', on: false, account: null, reason: '' }).change(B, [[0.55, 100]], []);
    expect(d.heard.last('opportunity')).toMatchObject({ phase: 'changed', verdict: 'accepted', denials: 2 });
    d.distrust(B);
    expect(d.heard.last('opportunity')).toMatchObject({ phase: 'closed', verdict: 'accepted', denials: 2 });
  });
});

describe('the integrity monitor', () => {
  it('reports a crossed book once an episode, and nobody may trade on it', () => {
    const d = choosy()
      .change(A, [[0.41, 10]], [])
      .change(A, [[0.42, 10]], []);
    expect(d.heard.of('integrity')).toMatchObject([
      { market: A, message: 'Best bid 41¢ is above best ask 40¢: YES and NO together cost 99¢, less than $1.' },
    ]);
    expect(d.kernel!.look.quote(d.ref(A)).trusted).toBe(false);
    d.change(
      A,
      [
        [0.41, 0],
        [0.42, 0],
      ],
      [],
    );
    expect(d.kernel!.look.quote(d.ref(A)).trusted).toBe(true);
    d.change(A, [[0.41, 10]], []);
    expect(d.heard.of('integrity')).toHaveLength(2);
  });

  it('lets a locked book be', () => {
    const d = choosy().change(A, [[0.4, 10]], []);
    expect(d.heard.of('integrity')).toEqual([]);
  });
});
