import { UserProblem } from '#core';
import { marketStance } from '#plugins';
import type { OpenEnricher } from '#plugin-sdk';

const unasked = async (): Promise<never> => {
  throw new UserProblem('this command asks nobody');
};

/** Opens the shipped scorer of headlines for some work, and closes it whatever becomes of that. */
export async function withScorer<T>(work: (enricher: OpenEnricher) => Promise<T>): Promise<T> {
  const enricher = await marketStance.open({
    config: { model: '', dtype: 'fp32', threads: 1 },
    now: () => performance.now(),
    get: unasked,
    post: unasked,
    secret: unasked,
  });
  try {
    return await work(enricher);
  } finally {
    await enricher.close();
  }
}
