import { Session, type HeapProfiler } from 'node:inspector';
import type { Estimate, LinkId, MarketId, MarketInfo, MarketRef, Price, Size, TradeEvent } from '#core';
import { bayesFairValue, hmmRegime, kalmanFairValue, pooledFairValue } from '#plugins';
import type { BookView, LinkView, ModelPlugin, ModelView, Quote } from '#plugin-sdk';
import { Value } from 'typebox/value';
import type { ModelTask } from './models.tasks.js';

const UPDATES = 100_000;
const INFO = { id: 'kalshi:X', category: '', closesAt: null } as unknown as MarketInfo;
const BOOK: BookView = { count: () => 0, price: () => 0 as Price, size: () => 0 as Size, best: () => -1 as Price };
const NOW = 1_790_856_000_000;
/** Runs after which the compiler is done, and how many are looked at then: it may still come back to one of them. */
const SETTLED_RUNS = 8;
const LOOKS = 3;
const SAMPLERS = new Set(['post', '#onMessage']);

/** A hundred quotes that differ. */
const quotes = Array.from({ length: 100 }, (_, i): Quote => ({
  market: 0 as MarketRef,
  at: NOW,
  bid: (440_000 + (i % 7) * 1_000) as Price,
  bidSize: (10_000 + i * 100) as Size,
  ask: (460_000 + (i % 5) * 1_000) as Price,
  askSize: (12_000 - i * 50) as Size,
  trusted: true,
}));
const others = quotes.map((quote): Quote => ({ ...quote, market: 1 as MarketRef, bid: (quote.bid + 10_000) as Price }));
const LINK: LinkView = {
  link: {
    id: 'L' as LinkId,
    version: 1,
    a: 'kalshi:X' as MarketId,
    b: 'polymarket:X' as MarketId,
    polarity: 'same',
    state: 'reviewed',
    mismatch: 0,
    differences: [],
    reviewedBy: 'bench',
  },
  a: 0 as MarketRef,
  b: 1 as MarketRef,
};
const trade = { kind: 'trade', market: 0, price: 450_000, size: 500, taker: 'buy', at: NOW } as unknown as TradeEvent;

/** What both members of the pool said a moment ago. */
const SAID = { at: NOW - 1_000, name: 'fair', value: 0.45, low: 0.4, high: 0.5 } as unknown as Estimate;

/** Updates of the models as they run live, that publish nothing: how long one takes and what it puts on the heap. */
export const liveUpdateTasks: readonly ModelTask[] = [
  task('L1', 'Kalman fair value, 100,000 quotes heard', kalmanFairValue, (view) => {
    for (let i = 0; i < UPDATES; i++) kalmanFairValue.onQuote?.(view as never, quotes[i % 100]);
  }),
  task('L2', 'HMM regime, 100,000 quotes heard within a bar', hmmRegime, (view) => {
    for (let i = 0; i < UPDATES; i++) hmmRegime.onQuote?.(view as never, quotes[i % 100]);
  }),
  task('L3', 'Beta fair value, 100,000 trades heard', bayesFairValue, (view) => {
    for (let i = 0; i < UPDATES; i++) bayesFairValue.onTrade?.(view as never, trade);
  }),
  task('L4', 'Kalman fair value of two linked venues, 100,000 quotes heard', kalmanFairValue, hearBoth, {
    links: [LINK],
  }),
  task(
    'L5',
    'Pooled fair value, 100,000 quotes heard of which its members made nothing new',
    pooledFairValue,
    (view) => {
      for (let i = 0; i < UPDATES; i++) pooledFairValue.onQuote?.(view as never, quotes[i % 100]);
    },
    { said: SAID },
  ),
];

/** Each venue in turn, the two of them off by a cent. */
function hearBoth(view: ModelView): void {
  for (let i = 0; i < UPDATES; i++) kalmanFairValue.onQuote?.(view as never, (i % 2 === 0 ? quotes : others)[i % 100]);
  kalmanFairValue.onBeat?.(view as never);
}

function task(
  id: string,
  work: string,
  plugin: ModelPlugin,
  hear: (view: ModelView) => void,
  { links = [], said = null }: { readonly links?: readonly LinkView[]; readonly said?: Estimate | null } = {},
): ModelTask {
  return {
    id,
    work,
    aim: 'nothing allocated',
    units: { updates: UPDATES },
    prepare() {
      const publishing = 'publishMs' in (plugin.configSchema as { properties: object }).properties;
      const config = Value.Default(plugin.configSchema, publishing ? { publishMs: 600_000, publishMove: 1 } : {});
      const view: ModelView = {
        now: NOW,
        config,
        state: plugin.initialState(config),
        info: () => INFO,
        book: () => BOOK,
        best: () => 450_000,
        links: () => links,
        estimate: () => said,
        parameters: () => undefined,
      };
      let runs = 0;
      let bytesPerUpdate = Infinity;
      return () => {
        runs++;
        if (runs > SETTLED_RUNS && runs <= SETTLED_RUNS + LOOKS)
          bytesPerUpdate = Math.min(bytesPerUpdate, bytesOf(() => hear(view)) / UPDATES);
        else hear(view);
        return { bytesPerUpdate: Math.round(bytesPerUpdate * 10) / 10 };
      };
    },
  };
}

/** What a piece of work put on the heap, collected since or not, by V8's own sampling; the sampler's work left out. */
function bytesOf(work: () => void): number {
  const session = new Session();
  session.connect();
  let bytes = 0;
  const add = ({ callFrame, selfSize, children }: HeapProfiler.SamplingHeapProfileNode): void => {
    if (!SAMPLERS.has(callFrame.functionName)) bytes += selfSize;
    children.forEach(add);
  };
  // The collected ones are counted too: a short-lived number costs as much to make.
  const kept = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  session.post('HeapProfiler.startSampling', {
    samplingInterval: 512,
    ...kept,
  } as HeapProfiler.StartSamplingParameterType);
  work();
  session.post('HeapProfiler.stopSampling', (_, answer) => add(answer.profile.head));
  session.disconnect();
  return bytes;
}
