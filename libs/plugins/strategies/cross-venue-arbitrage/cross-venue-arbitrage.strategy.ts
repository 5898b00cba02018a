import { PRICE_ONE } from '#core';
import type { LinkId, MarketRef, Outcome } from '#core';
import { defineStrategy, type LinkView, type Signal, type StrategyView } from '#plugin-sdk';
import { bestBuy, grossEdge } from '#quant';
import { Type } from 'typebox';
import { arbitrageFields, type ArbitrageConfig } from '../arbitrage/config.schema.js';
import { newEpisode, type Episode } from '../arbitrage/episode.js';
import { judge, rests } from '../arbitrage/judge.js';

interface Direction {
  readonly name: string;
  readonly outcomes: readonly [Outcome, Outcome];
}

/** Both ways to hold one share of each answer, given how the two questions relate. */
const DIRECTIONS: Readonly<Record<'same' | 'inverse', readonly [Direction, Direction]>> = {
  same: [
    { name: 'yes-no', outcomes: ['yes', 'no'] },
    { name: 'no-yes', outcomes: ['no', 'yes'] },
  ],
  inverse: [
    { name: 'yes-yes', outcomes: ['yes', 'yes'] },
    { name: 'no-no', outcomes: ['no', 'no'] },
  ],
};

interface LinkState {
  /** Version of the link the episodes belong to: a new review begins them anew. */
  version: number;
  /** Where the link began when they did. */
  readonly from: MarketRef;
  readonly episodes: readonly [Episode, Episode];
}

interface State {
  readonly links: Map<LinkId, LinkState>;
  /** How many episodes are open on links that begin at a market, by its ref: what most quotes need to know of them. */
  readonly open: number[];
}

export const crossVenueArbitrage = defineStrategy({
  manifest: {
    id: 'cross-venue-arbitrage',
    version: '1.0.0',
    title: 'Cross-venue arbitrage',
    summary: 'Buys both answers of one question where two venues together sell them for less than they pay.',
    sdk: '^1.0.0',
  },

  configSchema: Type.Object(arbitrageFields, { title: 'Cross-venue arbitrage', additionalProperties: false }),

  scope: 'links',

  initialState: (): State => ({ links: new Map(), open: [] }),

  onQuote(view: StrategyView<ArbitrageConfig, State>, quote) {
    let signals: Signal[] | undefined;
    const links = view.links(quote.market);
    for (let i = 0; i < links.length; i++) {
      const { link, a, b } = links[i];
      const same = link.polarity === 'same';
      const quoteA = a === quote.market ? quote : view.quote(a);
      const quoteB = b === quote.market ? quote : view.quote(b);
      const isOpen = view.state.open[a] > 0;
      // The cheap test, for every quote of a linked market: it compares four numbers and nearly always ends there.
      if (same && quoteB.bid <= quoteA.ask && quoteA.bid <= quoteB.ask && !isOpen) continue;
      const buyA = bestBuy('yes', quoteA.bid, quoteA.ask);
      const refuseA = bestBuy('no', quoteA.bid, quoteA.ask);
      const buyB = bestBuy('yes', quoteB.bid, quoteB.ask);
      const refuseB = bestBuy('no', quoteB.bid, quoteB.ask);
      const there = grossEdge(PRICE_ONE, buyA, same ? refuseB : buyB);
      const back = grossEdge(PRICE_ONE, refuseA, same ? buyB : refuseB);
      if (!(there > 0) && !(back > 0) && !isOpen) continue;
      for (let way = 0; way < 2; way++) {
        const signal = look(view, links[i], way as 0 | 1, way === 0 ? there : back, view.state.links.get(link.id));
        if (signal !== undefined) (signals ??= []).push(signal);
      }
    }
    return signals;
  },
});

function look(
  view: StrategyView<ArbitrageConfig, State>,
  { link, a, b }: LinkView,
  way: 0 | 1,
  gross: number,
  known: LinkState | undefined,
): Signal | undefined {
  if (!(gross > 0) || link.state !== 'reviewed') {
    if (known === undefined || !known.episodes[way].open) return undefined;
    known.episodes[way].open = false;
    noteOpen(view.state, known.from, -1);
    return { kind: 'gone', link: link.id, group: null, direction: DIRECTIONS[link.polarity][way].name };
  }
  const now = episodesOf(view.state, known, link.id, link.version, a);
  const episode = now.episodes[way];
  if (rests(view, episode)) return undefined;
  const direction = DIRECTIONS[link.polarity][way];
  const wasOpen = episode.open;
  const signal = judge(
    view,
    {
      link: link.id,
      group: null,
      direction: direction.name,
      markets: [a, b],
      outcomes: direction.outcomes,
      payoff: PRICE_ONE,
      mismatch: link.mismatch,
      gross,
    },
    episode,
  );
  if (episode.open && !wasOpen) noteOpen(view.state, now.from, 1);
  return signal;
}

function noteOpen({ open }: State, ref: MarketRef, more: number): void {
  while (open.length <= ref) open.push(0);
  open[ref] += more;
}

function episodesOf(
  state: State,
  known: LinkState | undefined,
  link: LinkId,
  version: number,
  ref: MarketRef,
): LinkState {
  if (known !== undefined && known.version === version) return known;
  if (known !== undefined) for (const { open } of known.episodes) if (open) noteOpen(state, known.from, -1);
  const fresh: LinkState = { version, from: ref, episodes: [newEpisode(), newEpisode()] };
  state.links.set(link, fresh);
  return fresh;
}
