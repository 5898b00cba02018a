import { PRICE_ONE } from '#core';
import type { GroupId, Outcome } from '#core';
import { defineStrategy, type GroupView, type Signal, type StrategyView } from '#plugin-sdk';
import { bestBuy } from '#quant';
import { Type } from 'typebox';
import { arbitrageFields, type ArbitrageConfig } from '../arbitrage/config.schema.js';
import { newEpisode, type Episode } from '../arbitrage/episode.js';
import { judge } from '../arbitrage/judge.js';

interface State {
  readonly groups: Map<GroupId, Record<Outcome, Episode>>;
}

const NAMES: Readonly<Record<Outcome, string>> = { yes: 'yes-all', no: 'no-all' };

export const exclusiveBundle = defineStrategy({
  manifest: {
    id: 'exclusive-bundle',
    version: '1.0.0',
    title: 'Exclusive bundles',
    summary:
      'Buys one answer on every outcome of a set of which at most one can win, when the set costs less than it must pay.',
    sdk: '^1.0.0',
  },

  configSchema: Type.Object(arbitrageFields, { title: 'Exclusive bundles', additionalProperties: false }),

  scope: 'groups',

  initialState: (): State => ({ groups: new Map() }),

  onQuote(view: StrategyView<ArbitrageConfig, State>, quote) {
    const group = view.group(quote.market);
    if (group === null) return undefined;
    const no = look(view, group, 'no');
    const yes = look(view, group, 'yes');
    if (no === undefined) return yes;
    return yes === undefined ? no : [no, yes];
  },
});

/** Runs for every quote of the set: adds up one price per outcome, and nearly always ends there. */
function look(
  view: StrategyView<ArbitrageConfig, State>,
  { group, markets }: GroupView,
  outcome: Outcome,
): Signal | undefined {
  const payoff = worstPayoff(group, outcome);
  let gross = payoff;
  for (let i = 0; i < markets.length; i++) {
    if (markets[i] < 0) {
      gross = NaN;
      break;
    }
    const quote = view.quote(markets[i]);
    gross -= bestBuy(outcome, quote.bid, quote.ask);
  }
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
  return judge(
    view,
    {
      link: null,
      group: group.id,
      direction: NAMES[outcome],
      markets,
      outcomes: markets.map(() => outcome),
      payoff,
      mismatch: 0,
      gross,
    },
    episodes[outcome],
  );
}

/**
 * What one contract of every leg pays at worst; `NaN` when nothing is promised. All NO lose at most once, whatever outcome
 * may still be added. All YES win once only if the named outcomes are all there will ever be.
 */
function worstPayoff(group: GroupView['group'], outcome: Outcome): number {
  if (!group.exclusive || group.markets.length < 2) return NaN;
  if (outcome === 'no') return (group.markets.length - 1) * PRICE_ONE;
  return group.exhaustive && !group.augmented ? PRICE_ONE : NaN;
}
