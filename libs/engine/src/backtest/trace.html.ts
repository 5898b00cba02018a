import {
  countOfContracts,
  exactDollars,
  journalSentence,
  PRICE_ONE,
  sizeText,
  spellingOf,
  withTitles,
  type JournalEntry,
  type RuleVerdict,
  type TitleOf,
} from '#core';
import { moment, table, text } from './html.js';
import type { Decision, DecisionTrace, SeenBook } from './traces.js';

/** A decision from what it saw to what it was paid, behind a line that opens without a script. */
export function traceHtml(trace: DecisionTrace | null, causes: readonly number[], title: TitleOf): string {
  if (trace === null) return '';
  const { decision, entries } = trace;
  return `<details><summary>Trace: what was seen, what the gate asked, what came of it</summary>
<p>Rests on events ${text(causes.join(', '))} of the tape.</p>
${decision === null ? '' : `${seen(decision, title)}${believed(decision, title)}${asked(decision, title)}`}
${reckoned(entries)}<h3>What came of it</h3>${table(
    ['Time', 'Event', 'What'],
    entries.map((entry) => [moment(entry.at), `#${entry.seq}`, journalSentence(entry, title)]),
  )}</details>`;
}

const cents = (price: number): string => `${Number((price / 10_000).toFixed(4))} ¢`;
const level = (levels: SeenBook['bids']): string =>
  levels.length === 0
    ? 'nobody'
    : levels.map(([price, size]) => `${countOfContracts(size)} at ${cents(price)}`).join(', ');

function seen({ at, books }: Decision, title: TitleOf): string {
  return `<h3>What was seen: prices of YES, best first</h3>${table(
    ['Market', 'Bid', 'Asked', 'Book', '#Unchanged for'],
    books.map((book) => [
      title(book.market),
      level(book.bids),
      level(book.asks),
      book.trusted ? 'trusted' : 'not trusted',
      `${((at - book.quoteAt) / 1_000).toFixed(1)} s`,
    ]),
  )}`;
}

function believed({ at, estimates }: Decision, title: TitleOf): string {
  if (estimates.length === 0) return '<h3>What models said</h3><p>None was asked.</p>';
  const spelled = (value: number | null): string => (value === null ? '' : String(Number(value.toPrecision(6))));
  return `<h3>What models said</h3>${table(
    ['Market', 'Model', 'Says', '#Value', '#From', '#To', '#Said before'],
    estimates.map((one) => [
      title(one.market),
      one.model,
      one.name,
      spelled(one.value),
      spelled(one.low),
      spelled(one.high),
      `${((at - one.at) / 1_000).toFixed(1)} s`,
    ]),
  )}`;
}

/** Rules with numbers as a table, the others in one line. */
function asked({ books, rules }: Decision, title: TitleOf): string {
  const markets = books.map(({ market }) => market);
  const said = (rule: RuleVerdict): string => withTitles(rule.message, markets, title);
  const counted = rules.filter(({ limit }) => limit !== null);
  const plain = rules.filter(({ limit }) => limit === null);
  return `<h3>What the gate asked</h3>${table(
    ['Rule', 'Says', '#In use', '#Asked', '#Limit', '#Headroom', 'Verdict'],
    counted.map((rule) => {
      const spell = spellingOf(rule.unit);
      const show = (value: number | null): string => (value === null ? '' : spell(value));
      return [
        readable(rule.rule),
        said(rule),
        show(rule.use),
        show(rule.asked),
        show(rule.limit),
        show(rule.headroom),
        rule.refuses ? 'refuses' : 'passes',
      ];
    }),
  )}<p>${text(plain.map((rule) => `${rule.refuses ? 'Refused: ' : ''}${said(rule)}`).join(' '))}</p>`;
}

/** From the gross edge to the net one, as the strategy reckoned it. */
function reckoned(entries: readonly JournalEntry[]): string {
  const found = entries.find((entry) => entry.kind === 'opportunity' && entry.waterfall.length > 0);
  if (found?.kind !== 'opportunity') return '';
  return `<h3>What the strategy reckoned, for ${sizeText(found.size)} contracts</h3>${table(
    ['Step', '#Amount'],
    found.waterfall.map((step) => [step.label, exactDollars(step.amount)]),
  )}`;
}

/** `stale-quote` as `Stale quote`. */
export const readable = (name: string): string => (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll('-', ' ');

/** A leg as a person would order it. */
export const legText = (
  leg: {
    readonly action: string;
    readonly size: number;
    readonly outcome: string;
    readonly market: string;
    readonly limit: number;
  },
  title: TitleOf,
): string =>
  `${leg.action} ${sizeText(leg.size)} ${leg.outcome.toUpperCase()} ${title(leg.market)} ${leg.action === 'buy' ? '≤' : '≥'} ${cents(Math.min(PRICE_ONE, leg.limit))}`;
