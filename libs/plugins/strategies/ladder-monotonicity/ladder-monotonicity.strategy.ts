import { PRICE_ONE, type GroupId, type MarketRef } from '#core';
import { defineStrategy, type Signal, type StrategyView } from '#plugin-sdk';
import { bestBuy, grossEdge } from '#quant';
import { Type, type Static } from 'typebox';
import { arbitrageFields } from '../arbitrage/config.schema.js';
import { newEpisode, type Episode } from '../arbitrage/episode.js';
import { judge } from '../arbitrage/judge.js';
import { nestingOf } from './nesting.js';

const nesting = Type.Object(
  {
    narrow: Type.String({
      title: 'Narrow market',
      description: 'Id of the market that can only pay when the other does, such as "by March".',
      pattern: '^[^:]+:.+',
    }),
    wide: Type.String({
      title: 'Wide market',
      description: 'Id of the market that pays whenever the narrow one does, such as "by June".',
      pattern: '^[^:]+:.+',
    }),
    mismatch: Type.Number({
      title: 'Risk',
      description: 'How likely it is that the narrow one pays and the wide one does not, because their rules differ.',
      unit: 'probability',
      minimum: 0,
      maximum: 1,
    }),
  },
  { additionalProperties: false },
);

const configSchema = Type.Object(
  {
    ...arbitrageFields,
    nestings: Type.Array(nesting, {
      title: 'Reviewed nestings',
      description:
        'Pairs of one event whose rules you have read: the narrow one lies within the wide one. Thresholds that a venue states as numbers need no entry; dates always do.',
      default: [],
      maxItems: 500,
    }),
  },
  { title: 'Ladder monotonicity', additionalProperties: false },
);
type Config = Static<typeof configSchema>;

/** Pairs of an event that had an edge, by the narrow and the wide one's place. */
interface State {
  readonly groups: Map<GroupId, Map<string, { readonly name: string; readonly episode: Episode }>>;
}

type View = StrategyView<Config, State>;

/**
 * What is true of the narrow market is true of the wide one, so its YES may never cost more. Where it does, NO on the
 * narrow and YES on the wide pay at least 1 in every state:
 *
 *     both true: 0 + 1 · only the wide: 1 + 1 · neither: 1 + 0
 */
export const ladderMonotonicity = defineStrategy({
  manifest: {
    id: 'ladder-monotonicity',
    version: '1.0.0',
    title: 'Ladder monotonicity',
    summary:
      'Buys NO on the narrow and YES on the wide of two nested questions, thresholds or dates, where the narrow one costs more.',
    sdk: '^1.0.0',
  },

  configSchema,

  scope: 'groups',

  initialState: (): State => ({ groups: new Map() }),

  onQuote(view: View, quote): Signal[] | undefined {
    const set = view.group(quote.market);
    // Of outcomes that exclude each other none lies within another.
    if (set === null || set.group.exclusive) return undefined;
    const known = view.state.groups.get(set.group.id);
    let pairs: Pair[] | undefined;
    for (let i = 0; i < set.markets.length; i++) {
      const other = set.markets[i];
      if (other < 0 || other === quote.market) continue;
      // The cheap test of both ways, for every pair of the quoted market: it compares four numbers and nearly always ends there.
      const within = edge(view, quote.market, other);
      const around = edge(view, other, quote.market);
      if (!(within > 0) && !(around > 0) && known === undefined) continue;
      pairs ??= [];
      pairs.push(
        { narrow: quote.market, wide: other, gross: within },
        { narrow: other, wide: quote.market, gross: around },
      );
    }
    return pairs === undefined ? undefined : lookAtAll(view, set.group.id, pairs);
  },
});

interface Pair {
  readonly narrow: MarketRef;
  readonly wide: MarketRef;
  readonly gross: number;
}

/** The widest edge first: pairs share the quoted market, so once one of them is ordered its depth is spoken for. */
function lookAtAll(view: View, group: GroupId, pairs: Pair[]): Signal[] | undefined {
  let signals: Signal[] | undefined;
  let ordered = false;
  for (const pair of pairs.sort((a, b) => (b.gross > 0 ? b.gross : 0) - (a.gross > 0 ? a.gross : 0))) {
    if (ordered && pair.gross > 0) continue;
    const signal = look(view, group, pair);
    if (signal === undefined) continue;
    (signals ??= []).push(signal);
    ordered ||= signal.kind === 'order';
  }
  return signals;
}

/** What NO on `narrow` and YES on `wide` pay more than they cost at the top of both books, before fees. */
function edge(view: View, narrow: MarketRef, wide: MarketRef): number {
  const inner = view.quote(narrow);
  const outer = view.quote(wide);
  return grossEdge(PRICE_ONE, bestBuy('no', inner.bid, inner.ask), bestBuy('yes', outer.bid, outer.ask));
}

function look(view: View, group: GroupId, { narrow, wide, gross }: Pair): Signal | undefined {
  const place = `${narrow}|${wide}`;
  let pairs = view.state.groups.get(group);
  const known = pairs?.get(place);
  const nested = gross > 0 ? nestingOf(view.info(narrow), view.info(wide), view.config.nestings) : null;
  if (nested === null) {
    if (known === undefined || !known.episode.open) return undefined;
    known.episode.open = false;
    return { kind: 'gone', link: null, group, direction: known.name };
  }
  if (pairs === undefined) view.state.groups.set(group, (pairs = new Map()));
  let pair = known;
  if (pair === undefined) pairs.set(place, (pair = { name: nested.name, episode: newEpisode() }));
  return judge(
    view,
    {
      link: null,
      group,
      direction: pair.name,
      markets: [narrow, wide],
      outcomes: ['no', 'yes'],
      payoff: PRICE_ONE,
      mismatch: nested.mismatch,
      gross,
    },
    pair.episode,
  );
}
