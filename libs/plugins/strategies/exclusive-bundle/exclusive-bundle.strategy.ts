import { PRICE_ONE, SIZE_ONE } from '#core';
import type { GroupId, MarketRef, Outcome } from '#core';
import { defineStrategy, type GroupView, type Signal, type StrategyView } from '#plugin-sdk';
import { bestBuy, unitFee } from '#quant';
import { Type, type Static } from 'typebox';
import { arbitrageFields } from '../arbitrage/config.schema.js';
import { newEpisode, type Episode } from '../arbitrage/episode.js';
import { judge } from '../arbitrage/judge.js';

interface State {
  readonly groups: Map<GroupId, Record<Outcome, Episode>>;
}

const NAMES: Readonly<Record<Outcome, string>> = { yes: 'yes-all', no: 'no-all' };

const configSchema = Type.Object(arbitrageFields, { title: 'Exclusive bundles', additionalProperties: false });
type Config = Static<typeof configSchema>;

export const exclusiveBundle = defineStrategy({
  manifest: {
    id: 'exclusive-bundle',
    // 2.0.0: no setting lets it trade sets that are open.
    version: '2.0.0',
    title: 'Exclusive bundles',
    summary:
      'Buys one answer on every outcome of a set of which exactly one wins, when the set costs less than it must pay.',
    sdk: '^1.0.0',
  },

  configSchema,

  scope: 'groups',

  initialState: (): State => ({ groups: new Map() }),

  onQuote(view: StrategyView<Config, State>, quote) {
    const group = view.group(quote.market);
    if (group === null) return undefined;
    const no = look(view, group, 'no');
    const yes = look(view, group, 'yes');
    if (no === undefined) return yes;
    return yes === undefined ? no : [no, yes];
  },
});

interface Offer {
  readonly market: MarketRef;
  /** What YES is bid for: NO costs the rest of 1. */
  readonly bid: number;
  /** What one contract adds to a set of NO, its fee paid. */
  readonly net: number;
  readonly size: number;
}

/** Runs for every quote of the set: adds up one price per outcome, and nearly always ends there. */
function look(view: StrategyView<Config, State>, set: GroupView, outcome: Outcome): Signal | undefined {
  const { group } = set;
  const gross = outcome === 'no' ? grossOfNo(view, set) : grossOfYes(view, set);
  const known = view.state.groups.get(group.id);
  if (!(gross > 0)) {
    const episode = known?.[outcome];
    if (episode === undefined || !episode.open) return undefined;
    episode.open = false;
    return { kind: 'gone', link: null, group: group.id, direction: NAMES[outcome] };
  }
  let episodes = known;
  if (episodes === undefined) {
    episodes = { yes: newEpisode(), no: newEpisode() };
    view.state.groups.set(group.id, episodes);
  }
  const markets = outcome === 'yes' ? set.markets : chooseNo(view, set);
  const pays = outcome === 'yes' ? PRICE_ONE : (markets.length - 1) * PRICE_ONE;
  return judge(
    view,
    {
      link: null,
      group: group.id,
      direction: NAMES[outcome],
      markets,
      outcomes: markets.map(() => outcome),
      payoff: pays,
      mismatch: 0,
      gross: outcome === 'yes' ? gross : markets.reduce((sum, market) => sum + view.quote(market).bid, 0 - PRICE_ONE),
    },
    episodes[outcome],
  );
}

/** Whether the named outcomes exclude each other and are all there will ever be. Any other set is left alone. */
const isClosed = ({ exclusive, exhaustive, augmented }: GroupView['group']): boolean =>
  exclusive && exhaustive && !augmented;

/** All YES win once; `NaN` where the set is not closed or one outcome is missing. */
function grossOfYes(view: StrategyView<Config, State>, { group, markets }: GroupView): number {
  if (!isClosed(group) || markets.length < 2) return NaN;
  let gross: number = PRICE_ONE;
  for (let i = 0; i < markets.length; i++) {
    if (markets[i] < 0) return NaN;
    const { bid, ask } = view.quote(markets[i]);
    gross -= bestBuy('yes', bid, ask);
  }
  return gross;
}

/**
 * At most one outcome wins, so NO on any of them, k ≥ 2, pays k − 1 at least, whether or not all are heard. Each NO costs 1
 * less the bid: all that are offered together earn the sum of the bids less 1, and any part of them earns less. Sets that
 * are not closed are left alone all the same: who may still join one, and what it pays should nobody win, is for its rules to say.
 */
function grossOfNo(view: StrategyView<Config, State>, { group, markets }: GroupView): number {
  if (!isClosed(group)) return NaN;
  let gross = 0 - PRICE_ONE;
  let offered = 0;
  for (let i = 0; i < markets.length; i++) {
    if (markets[i] < 0) continue;
    const { bid } = view.quote(markets[i]);
    if (!(bid > 0)) continue;
    gross += bid;
    offered++;
  }
  return offered < 2 ? NaN : gross;
}

/**
 * Which NO to buy: of those that can be traded, the ones that together would earn most at their best prices, for the size
 * of a bundle is that of its smallest leg. Where none earn, all that are offered, so that what stands in the way is told.
 */
function chooseNo(view: StrategyView<Config, State>, { markets }: GroupView): readonly MarketRef[] {
  const offered = markets.filter((market) => market >= 0 && view.quote(market).bid > 0);
  const most = view.config.maxContracts * SIZE_ONE;
  const offers: Offer[] = [];
  for (const market of offered) {
    const fee = view.fee(market);
    if (fee === null || !view.trusted(market) || view.info(market).status !== 'open') continue;
    const { bid, bidSize } = view.quote(market);
    const net = bid - unitFee(fee, bid);
    if (net > 0) offers.push({ market, bid, net, size: Math.min(bidSize, most) });
  }
  let best: readonly Offer[] = [];
  let earns = 0;
  for (const { size } of offers) {
    const chosen = offers.filter((offer) => offer.size >= size);
    const profit = size * chosen.reduce((sum, offer) => sum + offer.net, 0 - PRICE_ONE);
    if (chosen.length >= 2 && profit > earns) {
      best = chosen;
      earns = profit;
    }
  }
  return best.length > 0 ? best.map((offer) => offer.market) : offered;
}
