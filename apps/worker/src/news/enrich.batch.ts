import type { Instant, MarketId, NewsEvent } from '#core';
import type { EarlierItem, InboxItem, ItemScores, StoredItem } from '#data';
import type { OpenEnricher, Touch } from '#plugin-sdk';
import { Story, STORY_LENGTH, tokens, type Told } from '#quant';

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
  const stories = new Stories(
    (await house.earlier([...touched])).map((one) => told(one.id, one.text, one.at, one.markets)),
  );

  return items.map((item, i): ScoredItem => {
    const on = touches[i].map(({ market }) => market as string);
    const own = told(item.id, `${item.title} ${item.text.slice(0, 600)}`, item.receivedAt, on);
    const { novelty, echoOf } = on.length === 0 ? { novelty: 1, echoOf: null } : stories.about(own).addsTo(own);
    if (on.length > 0) stories.add(own);
    const { language = null, entities = [], sentiment = null } = judged[i];
    const scores: ItemScores = {
      item: item.id,
      scorer: enricher.scorer?.name ?? '',
      fallback: enricher.scorer !== undefined && enricher.scorer !== null && enricher.scorer.kind !== 'model',
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

/** What goes on the tape, as the inbox takes it: an item scored twice is put once. */
export const inboxItems = (scored: readonly ScoredItem[], lane: number): readonly InboxItem[] =>
  scored.flatMap(({ event }) =>
    event === null
      ? []
      : { id: `news-${lane}-${event.id}`, lane, kind: 'news', body: { item: event }, by: event.source },
  );

interface StoryItem extends Told {
  readonly markets: readonly string[];
}

/** Stories by the markets they are about; each is counted once for a whole batch. */
class Stories {
  private readonly open = new Map<string, { readonly markets: ReadonlySet<string>; readonly story: Story }>();

  private readonly before: ReadonlySet<string>;

  constructor(private readonly all: StoryItem[]) {
    this.before = new Set(all.map(({ id }) => id));
  }

  /** What was told of any market an item touches. */
  about({ id, markets }: StoryItem): Story {
    const key = markets.join(' ');
    // A second run of the same job finds what the first one stored: an item is never its own echo.
    if (this.before.has(id)) return this.read(new Set(markets), id);
    const known = this.open.get(key);
    if (known) return known.story;
    const one = { markets: new Set(markets), story: this.read(new Set(markets), id) };
    this.open.set(key, one);
    return one.story;
  }

  add(item: StoryItem): void {
    this.all.push(item);
    for (const { markets, story } of this.open.values())
      if (item.markets.some((market) => markets.has(market))) story.add(item);
  }

  private read(markets: ReadonlySet<string>, but: string): Story {
    // From the newest on: a story holds no more.
    const newest: StoryItem[] = [];
    for (let i = this.all.length - 1; i >= 0 && newest.length < STORY_LENGTH; i--) {
      const one = this.all[i];
      if (one.id !== but && one.markets.some((market) => markets.has(market))) newest.push(one);
    }
    const story = new Story();
    for (const one of newest.toReversed()) story.add(one);
    return story;
  }
}

const told = (id: string, text: string, at: Instant, markets: readonly string[]): StoryItem => ({
  id,
  words: tokens(text),
  at,
  markets,
});
