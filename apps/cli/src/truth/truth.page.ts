import { UserProblem } from '#core';
import { TUNED_ON } from './truth.seeds.js';
import { BORROWING_BARS, FIT_BARS } from './regime-recovery.js';
import type { BookReport, Estimated, Heard, LinkedReport, NewsControlReport, TruthReport } from './truth.report.js';

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
export function truthPage({ seeds, hours, books, linked }: TruthReport, news: NewsControlReport): string {
  const { from, to } = seeds;
  return [
    `Seeds ${from} to ${to}, ${hours} hours of each market, a look every ten seconds. Defaults were chosen on seeds ${TUNED_ON.from} to ${TUNED_ON.to}, which are not among these. Intervals are 95 %: whole seeds drawn again 10,000 times.`,
    '### Who is nearer to the truth',
    table(
      ['book', 'looks', 'truth', 'mid', 'microprice', 'fair value', 'fair value less mid', 'less microprice'],
      books.map((book) => [
        book.name,
        book.samples.toLocaleString('en-GB'),
        book.brierOfTruth.toFixed(4),
        excess(book.brier.mid, book.brierOfTruth),
        excess(book.brier.microprice, book.brierOfTruth),
        excess(book.brier.fair, book.brierOfTruth),
        scaled(book.brierLess.mid),
        scaled(book.brierLess.microprice),
      ]),
    ),
    'Brier scores: of whoever knew the truth, which is what chance alone costs; of the others, what they lose beyond that, × 10⁻⁴; and the differences, × 10⁻⁴.',
    table(
      ['book', 'mid', 'microprice', 'fair value', 'fair value less mid', 'less microprice'],
      books.map((book) => [
        book.name,
        book.log.mid.toFixed(5),
        book.log.microprice.toFixed(5),
        book.log.fair.toFixed(5),
        scaled(book.logLess.mid),
        scaled(book.logLess.microprice),
      ]),
    ),
    'Log scores, nats; differences × 10⁻⁴.',
    books.map((book) => `- ${verdict(book)}`).join('\n'),
    '### Whether two linked venues are better read together',
    `Questions that both venues ask, ${linked.hours} hours of each: squared error of the fair values at both, against the truth, × 10⁻⁴; and how often the 95 % band held the truth.`,
    table(
      ['question', 'looks', 'mid', 'each alone', 'read together', 'together less alone', 'band alone', 'band together'],
      linked.questions.map((one) => [
        one.key,
        one.samples.toLocaleString('en-GB'),
        excess(one.mid, 0),
        excess(one.alone, 0),
        excess(one.together, 0),
        scaled(one.less),
        `${(one.coveredAlone * 100).toFixed(1)} %`,
        `${(one.coveredTogether * 100).toFixed(1)} %`,
      ]),
    ),
    linked.questions.map((one) => `- ${linkedVerdict(one)}`).join('\n'),
    '### Whether two fair values are better than one',
    `Squared error against the truth, × 10⁻⁴, of what quotes say (\`kalman-fair-value\`), what trades say (\`bayes-fair-value\`, without a base rate of its own) and the pool of both at its default weight, once all three have spoken; and how often the 95 % band held the truth.`,
    table(
      ['book', 'looks', 'quotes', 'trades', 'pool', 'pool less quotes', 'band of trades', 'band of the pool'],
      books.map(({ name, pool }) => [
        name,
        pool.samples.toLocaleString('en-GB'),
        excess(pool.error.quotes, 0),
        excess(pool.error.trades, 0),
        excess(pool.error.pool, 0),
        scaled(pool.less),
        `${(pool.coverage.trades * 100).toFixed(1)} %`,
        `${(pool.coverage.pool * 100).toFixed(1)} %`,
      ]),
    ),
    books.map((book) => `- ${poolVerdict(book)}`).join('\n'),
    '### Whether the band is honest',
    table(
      ['book', 'true probability within the 95 % band'],
      books.map((book) => [book.name, percent(book.coverage)]),
    ),
    books.map((book) => `- ${bandVerdict(book)}`).join('\n'),
    '### Whether a fitted pace helps',
    `Live, a job fits how fast each market wanders to its last four hours, through the noise its book lets expect. Hours five to eight with that fit and with the setting that holds until there is one: squared error, × 10⁻⁴, and both bands.`,
    table(
      ['book', 'as set', 'fitted less as set', 'band as set', 'band fitted'],
      books.map(({ name, pace }) => [
        name,
        excess(pace.set, 0),
        scaled(pace.less),
        percent(pace.coverageSet),
        percent(pace.coverageFitted),
      ]),
    ),
    books.map((book) => `- ${paceVerdict(book)}`).join('\n'),
    '### Whether hidden regimes are found',
    `\`hmm-regime\` is fitted to the first ${FIT_BARS} one-minute bars and filters four hours more. Area: how often a stormy bar got a higher probability of "volatile" than a calm one (a coin has 0.5); of the model, of the model in a market known for ${BORROWING_BARS} bars that borrows its states from the seed's others, of the model shown the truth instead of a book, and of whoever sees the truth and knows by what law moods and news are drawn. Balanced: mean share of calm and of stormy bars that the held regime called right.`,
    table(
      [
        'book',
        'fits',
        'with two states or three',
        'bars judged',
        'area',
        'borrowing',
        'shown the truth',
        'knowing the law',
        'balanced',
      ],
      books.map(({ name, regime }) => [
        name,
        String(regime.fits),
        String(regime.withRegimes),
        regime.bars.toLocaleString('en-GB'),
        plain(regime.area),
        plain(regime.areaBorrowed),
        plain(regime.areaFromTruth),
        plain(regime.areaKnowable),
        plain(regime.balanced),
      ]),
    ),
    books.map((book) => `- ${regimeVerdict(book)}`).join('\n'),
    '### Whether a fair value should follow faster while a market is volatile',
    'Squared error of the fair value against the truth over those four hours, × 10⁻⁴: deaf to regimes, and with the variance of the walk multiplied by its default while `hmm-regime` calls the market volatile.',
    table(
      ['book', 'deaf', 'following less deaf'],
      books.map(({ name, quickened }) => [name, excess(quickened.steady, 0), scaled(quickened.less)]),
    ),
    books.map((book) => `- ${quickenedVerdict(book)}`).join('\n'),
    '### Whether a fair value should move on news',
    'An hour of twelve markets with the press about them, `news-impulse` beside the filter, responses learned on seeds of their own: squared error of the fair value, × 10⁻⁴, deaf to news and moving on it (“Move on news”). In this press a story comes some twenty seconds before the truth moves, and one story in three is wrong.',
    table(
      ['looks', 'of them', 'deaf', 'moving less deaf'],
      (
        [
          ['all, against the truth then', news.all],
          ['two minutes after a story, against the truth then', news.soon],
          ['the same, against the truth a minute later', news.ahead],
        ] as const
      ).map(([name, heard]) => [
        name,
        heard.samples.toLocaleString('en-GB'),
        excess(heard.deaf, 0),
        scaled(heard.less),
      ]),
    ),
    `- ${newsVerdict('what is true now', news.all)}\n- ${newsVerdict('what will be true in a minute', news.ahead)}`,
  ].join('\n\n');
}

/** Who is better, and by how much of the error that can be avoided. */
export function verdict({
  name,
  brier,
  brierOfTruth,
  brierLess,
}: Pick<BookReport, 'name' | 'brier' | 'brierOfTruth' | 'brierLess'>): string {
  const { mean, low, high } = brierLess.mid;
  const share = mean / (brier.mid - brierOfTruth);
  const amount = `${Math.abs(share * 100).toFixed(0)} % of mid's squared error`;
  const interval = `${scaled(brierLess.mid)} × 10⁻⁴`;
  if (high < 0) return `**${name}**: fair value beats mid, by ${amount} (${interval}).`;
  if (low > 0) return `**${name}**: fair value does not beat mid: it is worse by ${amount} (${interval}).`;
  return `**${name}**: fair value and mid cannot be told apart (${interval}).`;
}

/** Whether a link helps the fair value, and by how much of the error. */
export function linkedVerdict({ key, alone, less: { mean, low, high } }: LinkedReport): string {
  const share = `${Math.abs((mean / alone) * 100).toFixed(0)} %`;
  if (high < 0) return `**${key}**: nearer to the truth together, by ${share} of the squared error.`;
  if (low > 0) return `**${key}**: farther from the truth together, by ${share} of the squared error.`;
  return `**${key}**: together and alone cannot be told apart.`;
}

/** Whether the pool is nearer to the truth than the quotes alone, and by how much of their error. */
export const poolVerdict = ({ name, pool: { error, less } }: Pick<BookReport, 'name' | 'pool'>): string =>
  changeVerdict(name, error.quotes, less);

const paceVerdict = ({ name, pace: { set, less } }: BookReport): string => changeVerdict(name, set, less);

/** Whether it helps to hear of regimes, and by how much of the error. */
export function quickenedVerdict({
  name,
  quickened: { steady, less },
}: Pick<BookReport, 'name' | 'quickened'>): string {
  return changeVerdict(name, steady, less);
}

function changeVerdict(name: string, before: number, less: Estimated): string {
  const share = `${Math.abs((less.mean / before) * 100).toFixed(1)} %`;
  if (less.high < 0) return `**${name}**: nearer to the truth, by ${share} of the squared error.`;
  if (less.low > 0) return `**${name}**: farther from the truth, by ${share} of the squared error.`;
  return `**${name}**: cannot be told apart.`;
}

function newsVerdict(what: string, { deaf, less }: Heard): string {
  const share = `${Math.abs((less.mean / deaf) * 100).toFixed(1)} %`;
  if (less.high < 0) return `As a word on ${what} it is better by ${share} of the squared error.`;
  if (less.low > 0) return `As a word on ${what} it is worse by ${share} of the squared error.`;
  return `As a word on ${what} it cannot be told apart.`;
}

function bandVerdict({ name, coverage: { mean, low, high } }: BookReport): string {
  if (low > 0.95) return `**${name}**: too wide; it holds the truth more often than it says.`;
  if (high < 0.95)
    return `**${name}**: too narrow; the truth lies outside ${((1 - mean) * 100).toFixed(0)} % of the time instead of 5 %.`;
  return `**${name}**: holds the truth as often as it says.`;
}

/** How far the filtered probability tells the moods apart. */
function regimeVerdict({ name, regime: { area } }: BookReport): string {
  if (area === null) return `**${name}**: nothing to judge.`;
  if (!(area.low > 0.5)) return `**${name}**: not told from a coin.`;
  if (area.mean < 0.7) return `**${name}**: better than a coin, but weakly: not to be traded on by itself.`;
  return `**${name}**: found ${area.mean < 0.85 ? 'in part: enough to be careful by, not to be traded on by itself' : 'again'}.`;
}

/** Columns as wide as their widest cell; the first to the left, numbers to the right. */
function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((name, i) => Math.max(4, name.length, ...body.map((cells) => cells[i].length)));
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [row(head), row(rule), ...body.map(row)].join('\n');
}

const excess = (value: number, least: number): string => ((value - least) * 1e4).toFixed(3);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const scaled = ({ mean, low, high }: Estimated): string =>
  `${signed(mean * 1e4)} [${signed(low * 1e4)}, ${signed(high * 1e4)}]`;
const percent = ({ mean, low, high }: Estimated): string =>
  `${(mean * 100).toFixed(1)} % [${(low * 100).toFixed(1)}, ${(high * 100).toFixed(1)}]`;
const plain = (one: Estimated | null): string =>
  one === null ? '–' : `${one.mean.toFixed(3)} [${one.low.toFixed(3)}, ${one.high.toFixed(3)}]`;
