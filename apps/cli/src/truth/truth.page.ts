import { UserProblem } from '#core';
import { TUNED_ON } from './truth.seeds.js';
import { FIT_BARS } from './regime-recovery.js';
import type { BookReport, Estimated, TruthReport } from './truth.report.js';

const BEGIN = '<!-- made by npm run truth -- models: begin -->';
const END = '<!-- made by npm run truth -- models: end -->';

/** Puts a new report between the marks of a page; what is written by hand around them stays. */
export function insertReport(page: string, report: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new UserProblem(`the page has no lines ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${report}\n\n${page.slice(end)}`;
}

/** The report for people: tables, and a sentence for each class of books that says who was better, or that nobody was. */
export function truthPage({ seeds, hours, books }: TruthReport): string {
  const { from, to } = seeds;
  return [
    `Seeds ${from} to ${to}, ${hours} hours of each market, a look every ten seconds. Defaults were chosen on seeds ${TUNED_ON.from} to ${TUNED_ON.to}, which are not among these. Intervals are 95 %: whole seeds drawn again 10,000 times.`,
    '### Who is nearer to the truth',
    [
      '| book | looks | Brier of the truth | mid | microprice | fair value | fair value less mid | less microprice |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...books.map((book) =>
        row([
          book.name,
          book.samples.toLocaleString('en-GB'),
          four(book.brierOfTruth),
          excess(book.brier.mid, book.brierOfTruth),
          excess(book.brier.microprice, book.brierOfTruth),
          excess(book.brier.fair, book.brierOfTruth),
          scaled(book.brierLess.mid),
          scaled(book.brierLess.microprice),
        ]),
      ),
    ].join('\n'),
    'Brier scores beyond that of the truth, and differences, × 10⁻⁴. The score of the truth is what chance alone costs; nobody can do better.',
    [
      '| book | log score of mid | microprice | fair value | fair value less mid | less microprice |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      ...books.map((book) =>
        row([
          book.name,
          book.log.mid.toFixed(5),
          book.log.microprice.toFixed(5),
          book.log.fair.toFixed(5),
          scaled(book.logLess.mid),
          scaled(book.logLess.microprice),
        ]),
      ),
    ].join('\n'),
    'Differences of log scores × 10⁻⁴, nats.',
    books.map((book) => `- ${verdict(book)}`).join('\n'),
    '### Whether the band is honest',
    [
      '| book | true probability within the 95 % band |',
      '| --- | ---: |',
      ...books.map((book) => row([book.name, percent(book.coverage)])),
    ].join('\n'),
    books.map((book) => `- ${bandVerdict(book)}`).join('\n'),
    '### Whether hidden regimes are found',
    `\`hmm-regime\` is fitted to the first ${FIT_BARS} one-minute bars and filters the rest. Area: how often a stormy bar got a higher probability of "volatile" than a calm one (a coin has 0.5). Balanced: mean share of calm and of stormy bars that the held regime called right.`,
    [
      '| book | fits | with two states or three | bars judged | area | balanced |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      ...books.map(({ name, regime }) =>
        row([
          name,
          String(regime.fits),
          String(regime.withRegimes),
          regime.bars.toLocaleString('en-GB'),
          plain(regime.area),
          plain(regime.balanced),
        ]),
      ),
    ].join('\n'),
  ].join('\n\n');
}

/** Who is better, and by how much of the error that can be avoided. */
export function verdict({ name, brier, brierOfTruth, brierLess }: Omit<BookReport, 'says'>): string {
  const { mean, low, high } = brierLess.mid;
  const share = mean / (brier.mid - brierOfTruth);
  const amount = `${Math.abs(share * 100).toFixed(0)} % of mid's squared error`;
  const interval = `${scaled(brierLess.mid)} × 10⁻⁴`;
  if (high < 0) return `**${name}**: fair value beats mid, by ${amount} (${interval}).`;
  if (low > 0) return `**${name}**: fair value does not beat mid: it is worse by ${amount} (${interval}).`;
  return `**${name}**: fair value and mid cannot be told apart (${interval}).`;
}

function bandVerdict({ name, coverage: { mean, low, high } }: BookReport): string {
  if (low > 0.95) return `**${name}**: too wide; it holds the truth more often than it says.`;
  if (high < 0.95)
    return `**${name}**: too narrow; the truth lies outside ${((1 - mean) * 100).toFixed(0)} % of the time instead of 5 %.`;
  return `**${name}**: holds the truth as often as it says.`;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const four = (value: number): string => value.toFixed(4);
const excess = (value: number, least: number): string => ((value - least) * 1e4).toFixed(3);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const scaled = ({ mean, low, high }: Estimated): string =>
  `${signed(mean * 1e4)} [${signed(low * 1e4)}, ${signed(high * 1e4)}]`;
const percent = ({ mean, low, high }: Estimated): string =>
  `${(mean * 100).toFixed(1)} % [${(low * 100).toFixed(1)}, ${(high * 100).toFixed(1)}]`;
const plain = (one: Estimated | null): string =>
  one === null ? '–' : `${one.mean.toFixed(3)} [${one.low.toFixed(3)}, ${one.high.toFixed(3)}]`;
