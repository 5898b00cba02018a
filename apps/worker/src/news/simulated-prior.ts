import type { InboxItem } from '#data';
import { newsImpulse, RESPONSE_KEY, sourceKey, sourceWeight } from '#plugins';
import type { FittedResponse } from '#quant';

/** Cases that what was learned elsewhere counts as: own ones outweigh it within an hour or two. */
const CASES = 40;

/**
 * What `npm run truth:news` learned of the simulator's press on seeds 501 to 510, none of which a demo plays: how often
 * either channel was right, and how far the log-odds answered. Without it a demo would show for hours what it does not do:
 * a response is proved by a hundred events at least.
 */
const LEARNED = {
  'simulator-feed': { hits: 184, judged: 206 },
  'simulator-social': { hits: 190, judged: 204 },
} as const;
const RESPONSE: FittedResponse = {
  slope: 0.218,
  slopeError: 0.011,
  residualVariance: 0.154,
  events: 410,
  outOfSampleT: 19.3,
  outOfSample: 390,
};

/** Of a first source, by id; `undefined` for one of which nothing is known. */
export function simulatedPrior(source: string): { readonly hits: number; readonly judged: number } | undefined {
  if (!Object.hasOwn(LEARNED, source)) return undefined;
  const { hits, judged } = LEARNED[source as keyof typeof LEARNED];
  return { hits: Math.round((CASES * hits) / judged), judged: CASES };
}

/** The same as it goes on the tape, from where alone a model hears of it; put once, however often a demo is started. */
export function simulatedParameters(lane: number): readonly InboxItem[] {
  const sources = Object.keys(LEARNED).map((id) => {
    const { hits, judged } = simulatedPrior(id)!;
    return { key: sourceKey(id), value: { weight: sourceWeight(hits, judged), hits, judged } };
  });
  return [...sources, { key: RESPONSE_KEY, value: RESPONSE }].map(({ key, value }) => ({
    id: `news-prior-${lane}-${key}`,
    lane,
    kind: 'parameters',
    body: { plugin: newsImpulse.manifest.id, key, value },
    by: 'simulated seeds 501 to 510',
  }));
}
