import { ruleName } from './risk-fields';
import { words } from './names';

/** What each check of the risk gate watches, by the name a refusal carries. */
const rules: Readonly<Record<string, { readonly title: string; readonly about: string }>> = {
  'kill-switch': { title: 'Kill switch', about: 'No order leaves while the switch is on' },
  'account-state': { title: 'Account state', about: 'An account that is reducing or halted opens nothing' },
  'daily-loss': { title: 'Daily loss', about: 'The day lost as much as it may' },
  drawdown: { title: 'Drawdown', about: 'Equity is too far below its peak' },
  'missing-limit': { title: 'Missing limit', about: 'A limit that is not set denies' },
  'not-a-number': { title: 'Not a number', about: 'A number of the order makes no sense' },
  'unreviewed-link': { title: 'Link not reviewed', about: 'Only reviewed links trade' },
  'unknown-mismatch': {
    title: 'Rule mismatch unknown',
    about: 'What the difference of the rules may cost is not stated',
  },
  'market-not-open': { title: 'Market not open', about: 'The venue takes no orders there' },
  untrusted: { title: 'Book not trusted', about: 'The book may be incomplete' },
  'no-quote': { title: 'No quote', about: 'The side to trade with is empty' },
  'stale-quote': { title: 'Quote age', about: 'The book was not confirmed for too long' },
  'crossed-book': { title: 'Crossed book', about: 'A bid above an ask cannot be true' },
  'unknown-fee': { title: 'Fee unknown', about: 'What the trade costs is not known' },
  'off-grid': { title: 'Off the price grid', about: 'The venue does not take this price' },
  'size-step': { title: 'Size step', about: 'The venue does not take this size' },
  'below-minimum': { title: 'Below the minimum', about: 'The venue takes no order this small' },
  'price-sanity': { title: 'Through the ask', about: 'The limit is too far beyond the best price' },
  'depth-share': { title: 'Share of depth', about: 'The order would take too much of what is there' },
  'unequal-legs': { title: 'Unequal legs', about: 'The legs of a group must be equal in contracts' },
  'duplicate-leg': { title: 'Leg named twice', about: 'Each would count on the same depth' },
  'not-held': { title: 'Not held', about: 'Only what is held can be sold' },
  'insufficient-cash': { title: 'Free cash', about: 'Cash that is not spent or reserved' },
  'market-position': { title: 'Position per market', about: 'Contracts held or reserved in one market' },
  'market-cost': { title: 'Cost per market', about: 'Cost at risk in one market' },
  'event-loss': { title: 'Loss per group', about: 'Worst case over the outcomes of one event' },
  gross: { title: 'Gross capital', about: 'Capital at risk over all markets' },
  venue: { title: 'Capital per venue', about: 'Capital at risk at one venue' },
  'naked-leg': { title: 'Unhedged leg', about: 'Cost of legs that stand alone while the group is sent' },
  'cluster-loss': { title: 'Loss per category', about: 'Worst case over all events of one category' },
  'cancel-ratio': { title: 'Misses per fill', about: 'Too many orders there came back unfilled' },
  'cool-down': { title: 'Resting', about: 'After a loss the account rests before it opens again' },
  'fair-value': { title: 'Through fair value', about: 'The limit is too far beyond what a model holds for fair' },
  'order-throttle': { title: 'Order burst', about: 'Orders a venue may be sent at once' },
  'open-orders': { title: 'Open orders', about: 'Orders open at a time' },
};

export const refusalName = (rule: string): string => rules[rule]?.title ?? ruleName(rule) ?? words(rule);
export const refusalAbout = (rule: string): string => rules[rule]?.about ?? '';
