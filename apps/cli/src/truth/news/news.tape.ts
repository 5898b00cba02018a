import {
  ASK,
  BID,
  type MarketId,
  type MarketInfo,
  type MarketRef,
  type NewsEvent,
  type PluginId,
  type TapeEvent,
  type Unstamped,
} from '#core';
import type { OpenEnricher } from '#plugin-sdk';
import { addsTo, mulberry32, tokens, type Told } from '#quant';
import { QUESTIONS } from '../../../../simulator/src/model/catalogue.js';
import type { QuestionDef } from '../../../../simulator/src/model/question.types.js';
import { Newsroom, type Story } from '../../../../simulator/src/news/newsroom.js';
import { walk, type MarketPath } from '../market-path.js';

export const ORIGIN = 1_795_000_000_000;
const LANE = 1;
/** From a story's appearance to its scores on the tape (math 9.4). */
export const LATENCY_MS = 2_000;
/** Questions traded: listed at Kalshi, lasting, and written about. */
export const KEYS = [
  'valdoria-ordan',
  'valdoria-tesk',
  'rate-hold',
  'rate-cut25',
  'film-glass',
  'derby-herons',
  'harbour-bill',
  'truce',
  'inflation',
  'coin-top',
  'rain',
  'payrolls',
] as const;

export interface ScoredStory {
  readonly story: Story;
  readonly item: NewsEvent['item'];
}

/** Some hours of simulated markets and the press about them. */
export interface NewsWorld {
  readonly seed: number;
  readonly hours: number;
  readonly paths: readonly MarketPath[];
  readonly stories: readonly ScoredStory[];
  /** Every jump of a traded question, told beforehand or not. */
  readonly jumps: readonly { readonly question: string; readonly at: number; readonly jump: number }[];
}

export const idOf = (key: string): MarketId => `kalshi:${key}` as MarketId;
const defOf = (key: string): QuestionDef => QUESTIONS.find((def) => def.key === key)!;

/** Plays makers and press of a seed and has every story scored as the server would have it. */
export async function newsWorld(seed: number, hours: number, enricher: OpenEnricher): Promise<NewsWorld> {
  const markets = KEYS.map((key) => ({ id: idOf(key), title: defOf(key).title, rules: defOf(key).rules }));
  const told = new Newsroom(seed).between(0, hours * 3_600_000);
  const judged = await enricher.enrich(
    told.map(({ id, text, at }) => ({
      item: { id, title: text, text: '', url: null, publishedAt: ORIGIN + at },
      markets,
    })),
  );
  const earlier: (Told & { readonly markets: readonly string[] })[] = [];
  const stories = told.map((story, i): ScoredStory => {
    const touches = judged[i].touches.filter(({ relevance }) => relevance >= 0.3);
    const on = touches.map(({ market }) => market as string);
    const words = tokens(story.text);
    const before = earlier.filter((one) => one.markets.some((market) => on.includes(market)));
    const { novelty } = on.length === 0 ? { novelty: 1 } : addsTo({ words, at: story.at }, before);
    if (on.length > 0) earlier.push({ id: story.id, words, at: story.at, markets: on });
    return {
      story,
      item: {
        id: story.id,
        source: story.channel,
        publishedAt: ORIGIN + story.at,
        title: story.text,
        url: null,
        novelty,
        touches: touches.filter(({ stance }) => stance !== 0),
      },
    };
  });
  const newsroom = new Newsroom(seed);
  return {
    seed,
    hours,
    paths: KEYS.map((key) => walk(seed, key, 'kalshi', hours)),
    stories,
    jumps: newsroom.jumps(0, hours * 3_600_000).filter(({ question }) => KEYS.some((key) => key === question)),
  };
}

export interface Learned {
  readonly key: string;
  readonly value: unknown;
}

/**
 * The world as a tape: what was learned elsewhere, books, beats, and the scored stories when they were scored; or, as a
 * placebo, those of another world at moments drawn by chance. Shuffled within its own, a story would now and then still
 * come before the very jump it tells of.
 */
export function tapeOfWorld(world: NewsWorld, learned: readonly Learned[], placebo?: NewsWorld): readonly TapeEvent[] {
  type Due = { readonly at: number; readonly event: Unstamped<TapeEvent> };
  const due: Due[] = [];
  const end = world.hours * 3_600_000;
  world.paths.forEach((path, ref) => {
    const market = ref as MarketRef;
    due.push({ at: 0, event: { kind: 'market', ref: market, info: infoOf(path, KEYS[ref]) } });
    const { at, bid, ask, bidSize, askSize } = path.quotes;
    for (let i = 0; i < at.length; i++) {
      if (
        i > 0 &&
        bid[i] === bid[i - 1] &&
        ask[i] === ask[i - 1] &&
        bidSize[i] === bidSize[i - 1] &&
        askSize[i] === askSize[i - 1]
      )
        continue;
      const levels = [
        ...(bid[i] > 0 ? [BID, bid[i], bidSize[i]] : []),
        ...(ask[i] > 0 ? [ASK, ask[i], askSize[i]] : []),
      ];
      due.push({
        at: at[i],
        event: {
          kind: 'book',
          market,
          snapshot: true,
          levels: Float64Array.from(levels),
          merged: 1,
          venueAt: null,
          connection: 1,
          venueSeq: null,
        },
      });
      if (i === 0)
        due.push({ at: at[i], event: { kind: 'continuity', market, trusted: true, reason: 'snapshot', detail: '' } });
    }
  });
  for (const { key, value } of learned)
    due.push({ at: 0, event: { kind: 'parameters', plugin: 'news-impulse' as PluginId, key, value } });
  for (let at = 1_000; at < end; at += 1_000) due.push({ at, event: { kind: 'beat' } });
  const random = mulberry32(world.seed ^ 0x5eed);
  for (const { story, item } of (placebo ?? world).stories) {
    if (item.touches.length === 0) continue;
    const at = placebo ? Math.floor(random() * (end - LATENCY_MS)) : story.at;
    due.push({ at: at + LATENCY_MS, event: { kind: 'news', item: { ...item, publishedAt: ORIGIN + at } } });
  }
  return due
    .map((one, order) => ({ ...one, order }))
    .sort((a, b) => a.at - b.at || a.order - b.order)
    .map(({ at, event }, i) => ({ ...event, lane: LANE, seq: i + 1, at: ORIGIN + at }) as TapeEvent);
}

const infoOf = ({ info }: MarketPath, key: string): MarketInfo => ({
  ...info,
  id: idOf(key),
  title: defOf(key).title,
  rules: defOf(key).rules,
  category: defOf(key).category,
  fees: [{ from: 0, rule: { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 } }],
});
