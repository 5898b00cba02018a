import type { Instant, MarketId, NewsEvent } from '#core';
import type { EarlierItem, ItemScores, StoredItem } from '#data';
import type { OpenEnricher, Touch } from '#plugin-sdk';
import { addsTo, tokens, type Told } from '#quant';

/** A question somebody may trade, as it is asked of an enricher. */
export interface WatchedMarket {
  readonly id: MarketId;
  readonly title: string;
  readonly rules: string;
}

export interface BatchHouse {
  readonly enricher: OpenEnricher;
  readonly markets: readonly WatchedMarket[];
  /** Earlier items on these markets, oldest first. */
  earlier(markets: readonly string[]): Promise<readonly EarlierItem[]>;
}

/** What an item means for the tape: nothing, when it takes no side on any market. */
export interface ScoredItem {
  readonly scores: ItemScores;
  readonly event: NewsEvent['item'] | null;
}

/** Less than this is no relevance at all (math 9.1). */
const LEAST_RELEVANCE = 0.3;

/**
 * Scores a batch: the enricher's judgement on each item and market, then what each item adds to the story it belongs to,
 * earlier items of the same batch included. The same rows give the same scores.
 */
export async function scoreBatch(items: readonly StoredItem[], house: BatchHouse): Promise<readonly ScoredItem[]> {
  const { enricher, markets } = house;
  const judged = await enricher.enrich(items.map((item) => ({ item, markets })));
  const touches = judged.map((one) => one.touches.filter(({ relevance }) => relevance >= LEAST_RELEVANCE));
  const touched = new Set(touches.flat().map(({ market }) => market as string));
  const story = (await house.earlier([...touched])).map((one) => told(one.id, one.text, one.at, one.markets));

  return items.map((item, i): ScoredItem => {
    const on = touches[i].map(({ market }) => market as string);
    const own = told(item.id, `${item.title} ${item.text.slice(0, 600)}`, item.receivedAt, on);
    // A second run of the same job finds what the first one stored: an item is never its own echo.
    const before = story.filter((one) => one.id !== item.id && one.markets.some((market) => on.includes(market)));
    const { novelty, echoOf } = on.length === 0 ? { novelty: 1, echoOf: null } : addsTo(own, before);
    if (on.length > 0) story.push(own);
    const { language = null, entities = [], sentiment = null } = judged[i];
    const scores: ItemScores = {
      item: item.id,
      scorer: enricher.scorer?.name ?? '',
      language,
      entities,
      sentiment,
      novelty,
      echoOf,
      touches: touches[i].map((touch) => ({ ...touch, reason: touch.reason ?? '' })),
    };
    return { scores, event: eventOf(item, novelty, touches[i]) };
  });
}

function eventOf(item: StoredItem, novelty: number, touches: readonly Touch[]): NewsEvent['item'] | null {
  // No stance, no signal: what decides nothing does not go on the tape.
  const sides = touches.filter(({ stance }) => stance !== 0);
  if (sides.length === 0) return null;
  return {
    id: item.id,
    source: item.source,
    publishedAt: item.publishedAt,
    title: item.title,
    url: item.url,
    novelty: Math.round(novelty * 1_000) / 1_000,
    touches: sides.map(({ market, relevance, stance, confidence }) => ({ market, relevance, stance, confidence })),
  };
}

interface StoryItem extends Told {
  readonly markets: readonly string[];
}

const told = (id: string, text: string, at: Instant, markets: readonly string[]): StoryItem => ({
  id,
  words: tokens(text),
  at,
  markets,
});
