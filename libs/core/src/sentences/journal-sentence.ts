import type { JournalEntry, LegRequest } from '../journal.js';
import { unreachable } from '../problems.js';
import { countOfContracts as contracts, exactDollars as dollars, priceText } from './amounts.js';

/** A market's title, or its id where the title is not known. */
export type TitleOf = (market: string) => string;

const legText = (leg: LegRequest, title: TitleOf): string =>
  `${leg.action} ${contracts(leg.size)} ${leg.outcome.toUpperCase()} of “${title(leg.market)}” at ${priceText(leg.limit)} or better`;

/** What an order group came to; entries of older builds do not say. */
function moneyText({ lockedIn, realised }: Extract<JournalEntry, { readonly kind: 'group-state' }>): string {
  if (typeof realised === 'number' && realised !== 0)
    return `, ${realised < 0 ? 'a loss' : 'a gain'} of ${dollars(Math.abs(realised))}`;
  return typeof lockedIn === 'number' ? `, ${dollars(lockedIn)} locked in` : '';
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/**
 * A sentence of the engine names markets by their ids, so that one tape gives one journal; a person knows their titles. Of ids
 * that begin alike the longest is meant, and only where it ends.
 */
export function withTitles(sentence: string, markets: readonly string[], title: TitleOf): string {
  const ids = [...new Set(markets)].filter((id) => id !== '').sort((a, b) => b.length - a.length);
  if (ids.length === 0) return sentence;
  const any = new RegExp(`(?:${ids.map(literal).join('|')})(?![\\w-])`, 'gu');
  return sentence.replace(any, (id) => `“${title(id)}”`);
}

const literal = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`);

/** One plain sentence for each kind of entry, numbers included. */
export function journalSentence(entry: JournalEntry, title: TitleOf): string {
  const because = (reason: string): string => (reason ? `: ${withTitles(reason, marketsOf(entry), title)}` : '');
  switch (entry.kind) {
    case 'signal':
      return `${entry.mode === 'shadow' ? 'In shadow, would ' : 'Wants to '}${entry.legs.map((leg) => legText(leg, title)).join(' and ')}${because(entry.reason)}`;
    case 'denial': {
      const first = entry.refusals[0]?.message;
      const why = first === undefined ? 'no reason was given' : withTitles(first, marketsOf(entry), title);
      const more = entry.refusals.length > 1 ? ` (and ${entry.refusals.length - 1} more)` : '';
      return `Refused${entry.count > 1 ? ` ${entry.count} times` : ''}: ${why}${more}`;
    }
    case 'order': {
      const what = `order to ${legText(entry.leg, title)}`;
      const { state } = entry;
      switch (state) {
        case 'reserved':
          return `Cash reserved for an ${what}`;
        case 'sent':
          return `Sent an ${what}`;
        case 'resting':
          return `In the book: ${contracts(entry.leg.size)} of the ${what}`;
        case 'filled':
          return `Filled ${contracts(entry.filled)}: the ${what}`;
        case 'partial':
          return `Filled only ${contracts(entry.filled)} of the ${what}${because(entry.reason)}`;
        case 'unfilled':
          return `Nothing filled of the ${what}${because(entry.reason)}`;
        case 'rejected':
          return `The venue rejected the ${what}${because(entry.reason)}`;
        case 'cancelled':
          return `Cancelled the ${what}${because(entry.reason)}`;
        default:
          return unreachable(state);
      }
    }
    case 'fill':
      return `${entry.action === 'buy' ? 'Bought' : 'Sold'} ${contracts(entry.size)} ${entry.outcome.toUpperCase()} of “${title(entry.market)}” for ${dollars(entry.notional)} and ${dollars(entry.fee)} fees`;
    case 'group-state': {
      const naked = entry.naked
        .map((leg) => `${contracts(leg.size)} ${leg.outcome.toUpperCase()} of “${title(leg.market)}”`)
        .join(', ');
      const now = {
        working: 'The order group is working',
        complete: 'The order group is complete: both legs are equal',
        hedging: 'One leg fell short; hedging the rest',
        unwinding: 'One leg fell short; unwinding the rest',
        holding: 'One leg fell short; holding the rest to settlement',
        failed: 'The order group failed',
        settled: 'The order group is settled',
      }[entry.state];
      return `${now}${naked ? ` (unhedged: ${naked})` : ''}${moneyText(entry)}${because(entry.reason)}`;
    }
    case 'settlement': {
      const how = { yes: 'resolved YES', no: 'resolved NO', value: 'resolved at a value between', void: 'was voided' }[
        entry.how
      ];
      return `“${title(entry.market)}” ${how}: ${contracts(entry.size)} ${entry.outcome.toUpperCase()} paid ${dollars(entry.payout)}, ${entry.realised < 0 ? 'a loss' : 'a gain'} of ${dollars(Math.abs(entry.realised))}`;
    }
    case 'opportunity': {
      const edge = `${dollars(entry.bestGross)} gross, ${dollars(entry.bestNet)} net a contract over ${contracts(entry.size)}`;
      const verdict = {
        accepted: 'taken',
        denied: `refused${because(entry.reason)}`,
        'net-negative': `not worth it${because(entry.reason)}`,
        shadow: 'watched in shadow',
      }[entry.verdict];
      const told = `Opportunity ${entry.phase} on ${entry.markets.map((market) => `“${title(market)}”`).join(' and ')}: ${edge}, ${verdict}`;
      if (entry.phase !== 'closed' || !entry.ended) return told;
      return `${told.replace(/\.$/, '')}. ${withTitles(entry.ended, entry.markets, title)}`;
    }
    case 'account-state':
      return `Account ${entry.account} is ${entry.state} with ${dollars(entry.equity)} of equity${because(entry.reason)}`;
    case 'cash':
      return `${dollars(Math.abs(entry.amount))} ${entry.amount < 0 ? 'were taken out of' : 'were paid into'} account ${entry.account}; it has ${dollars(entry.cash)}`;
    case 'session':
      return capital(
        `workflow ${entry.workflow} ${{ started: 'started', mode: 'changed its mode', paused: 'was paused', resumed: 'was resumed', ended: 'ended' }[entry.state]}${because(entry.reason)}`,
      );
    case 'integrity':
      return `“${title(entry.market)}” broke a promise of its book: ${withTitles(entry.message, [entry.market], title)}`;
    default:
      return unreachable(entry);
  }
}

/** Every market an entry names. */
export function marketsOf(entry: JournalEntry): readonly string[] {
  switch (entry.kind) {
    case 'signal':
    case 'denial':
      return entry.legs.map(({ market }) => market);
    case 'order':
      return [entry.leg.market];
    case 'opportunity':
      return entry.markets;
    case 'group-state':
      // Entries of older builds name the naked ones only.
      return [...new Set([...(entry.markets ?? []), ...entry.naked.map(({ market }) => market)])];
    case 'fill':
    case 'settlement':
    case 'integrity':
      return [entry.market];
    case 'account-state':
    case 'cash':
    case 'session':
      return [];
    default:
      return unreachable(entry);
  }
}
