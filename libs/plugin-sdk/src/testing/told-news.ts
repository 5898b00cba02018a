import type { Instant, MarketId, NewsEvent } from '#core';
import type { NewsText } from './strategy-bench.types.js';

/** The event a story's news would be on a tape. */
export function toldNews(market: string, text: NewsText, now: Instant, nth: number): NewsEvent {
  const { stance, relevance = 1, confidence = 1, novelty = 1, source = 'wire', ageMs = 0 } = text;
  return {
    kind: 'news',
    lane: 0,
    seq: nth,
    at: now,
    item: {
      id: `N${nth}`,
      source,
      publishedAt: ageMs === null ? null : now - ageMs,
      title: `${stance < 0 ? 'Bad' : 'Good'} news for ${market}`,
      url: null,
      novelty,
      touches: [{ market: market as MarketId, relevance, stance, confidence }],
    },
  };
}
