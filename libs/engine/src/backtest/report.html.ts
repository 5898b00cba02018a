import { venueOf, type MarketId } from '#core';
import { day, dollars, headRow, table, text } from './html.js';
import type { MarkOut } from './mark-outs.js';
import type { BacktestReport, Interval, ProfitLine } from './report.js';
import type { StressResult } from './stress.js';
import { legText, readable, traceHtml } from './trace.html.js';
import type { DecisionTrace } from './traces.js';
import type { TradeFacts } from './trades.js';

/** What a run decided by, a name and a text each: the same over the same tape gives the same journal. */
export type Made = readonly (readonly [name: string, value: string])[];

export interface ReportPage {
  readonly report: BacktestReport;
  readonly stress: readonly StressResult[];
  readonly refused: string;
  /** How it was made, name and value, as text. */
  readonly made: Made;
  /** Of the trades that are listed, by signal. */
  traceOf?(signalId: string): DecisionTrace | null;
}

/** Each with its whole trace: more would make a file that no browser opens gladly. */
const LISTED = 500;

/** The signals whose traces a page shows. */
export const tracedBy = ({ trades }: BacktestReport): readonly string[] =>
  trades.list.slice(-LISTED).map(({ signalId }) => signalId);

/** What each market that a report names asks. */
export const titlesOf = ({ titles, byMarket }: BacktestReport): ReadonlyMap<string, string> =>
  new Map(titles === undefined ? byMarket.map(({ key, title }) => [key, title]) : Object.entries(titles));

/** The report as one file without anything from elsewhere: no script, drawings as SVG. */
export function reportHtml(page: ReportPage): string {
  const { report, stress, refused } = page;
  const { trades, returns } = report;
  const titles = titlesOf(report);
  const nameOf = (market: string): string => {
    const title = titles.get(market) ?? market;
    return title === market ? market : `${venueOf(market as MarketId)}: ${title}`;
  };
  const tiles: readonly (readonly [string, string, string?])[] = [
    ['Profit', signed(report.profit), `of ${dollars(report.openingCash)}`],
    [
      'After cost of capital',
      signed(report.profit - report.capitalCost),
      `${dollars(report.capitalCost)} for locked cash`,
    ],
    ['Deepest drawdown', percent(report.drawdown.share), dollars(report.drawdown.amount)],
    [
      'Sharpe, a year',
      maybe(returns.sharpeAnnual.value, ratio),
      `${band(returns.sharpeAnnual, ratio)}of ${returns.count} ${returns.period}s`,
    ],
    ['Sortino, a year', maybe(returns.sortinoAnnual, ratio)],
    ['Sharpe above 0', maybe(returns.psr, percent), `probability (PSR), by ${returns.count} ${returns.period}s`],
    ['Trades with fills', `${trades.filled} of ${trades.count}`, `hit rate ${maybe(trades.hitRate, percent)}`],
    [
      'Mean profit of a finished trade',
      maybe(trades.meanProfit.value, dollars),
      band(trades.meanProfit, dollars).replace(/, $/, ''),
    ],
    ['Fees', dollars(report.fees), `slippage ${dollars(report.slippage)}`],
    [
      'Filled of what was asked',
      maybe(trades.fillShare, percent),
      `median ${maybe(trades.medianFillMs, (ms) => `${ms} ms`)}`,
    ],
    [
      'A contract a minute after its fill',
      maybe(minuteOf(trades.markOuts), cents),
      trades.markOuts.map(markOutText).join(', '),
    ],
    ['Books trusted', percent(report.coverage.share), `${report.coverage.gaps} gaps`],
    ['Events', report.events.toLocaleString('en-US'), warmUpNote(report)],
  ];
  const curve = report.curve.map(({ at, equity }) => [at, equity] as const);
  const locked = report.curve.map(({ at, locked: cost }) => [at, cost] as const);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(report.title)} · backtest</title><style>${STYLE}</style></head><body><main>
<h1>${text(report.title)}</h1><p>${day(report.startedAt)} to ${day(report.endedAt)}, UTC</p>
${refused === '' ? '' : `<p class="refused"><strong>Refused.</strong> ${text(refused)}</p>`}
<div class="tiles">${tiles.map(([name, value, more = '']) => `<div><span>${text(name)}</span><b>${text(value)}</b><i>${text(more)}</i></div>`).join('')}</div>
<h2>Equity</h2>${drawing(curve, 'Equity over time', dollars)}
<h2>Drawdown</h2>${drawing(drawdowns(curve), 'Fall from the highest equity', percent)}
<h2>Exposure: cash in positions and orders</h2>${drawing(locked, 'Locked cash over time', dollars)}
${
  stress.length === 0
    ? ''
    : `<h2>Stress</h2>${table(
        ['Case', '#Profit', '#Fees', '#Trades with fills', '#Drawdown', '#Sharpe, a year'],
        stress.map((one) => [
          one.label,
          signed(one.profit),
          dollars(one.fees),
          String(one.fills),
          percent(one.drawdown),
          maybe(one.sharpeAnnual, ratio),
        ]),
      )}`
}
<h2>Profit by venue</h2>${profits(report.byVenue)}
<h2>Profit by reason</h2>${profits(report.byReason)}
<h2>Profit by event</h2>${profits(report.byEvent)}
<h2>Profit by market</h2>${profits(report.byMarket.map((line) => ({ ...line, title: line.key.includes(':') ? nameOf(line.key) : line.title })))}
<h2>Refusals of the gate</h2>${table(
    ['Rule', '#Times'],
    report.denials.map(({ rule, count }) => [readable(rule), count.toLocaleString('en-US')]),
  )}
<h2>Calibration</h2>${calibration(report)}
<h2>Trades</h2>${tradesHtml(page, nameOf)}
<h2>Coverage, least first</h2>${table(
    ['Market', '#Trusted', '#Gaps', '#Longest gap'],
    report.coverage.markets
      .slice(0, 40)
      .map((one) => [
        nameOf(one.market),
        percent(one.share),
        String(one.gaps),
        `${(one.longestGapMs / 1_000).toFixed(1)} s`,
      ]),
  )}
<h2>How it was made</h2>${table(['What', 'Value'], page.made)}
</main></body></html>
`;
}

const STYLE = `:root{color-scheme:light dark}body{font:14px/1.45 system-ui,sans-serif;margin:0}main{max-width:1080px;margin:0 auto;padding:24px}
h1{margin:0}h3{margin:14px 0 4px;font-size:13px}h2{margin:28px 0 8px;font-size:16px}.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:10px;margin:18px 0}
.tiles div{border:1px solid #8884;border-radius:8px;padding:10px;display:flex;flex-direction:column}.tiles span,.tiles i{opacity:.7;font-size:12px;font-style:normal}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.wide{overflow-x:auto}summary{cursor:pointer;opacity:.8}details[open]{padding-bottom:14px}.tiles b{font-size:17px}.refused{border:1px solid #c33;border-radius:8px;padding:10px;color:#c33}table{border-collapse:collapse;width:100%;font-size:12.5px}
td,th{text-align:left;padding:4px 8px;border-bottom:1px solid #8883;vertical-align:top;overflow-wrap:break-word}figure{margin:0}figcaption{display:flex;justify-content:space-between;font-size:12px;opacity:.7}svg{width:100%;height:200px;display:block}polyline{fill:none;stroke:#4a7dff;stroke-width:1.5}`;

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const ratio = (value: number): string => value.toFixed(2);
const cents = (micros: number): string => `${micros > 0 ? '+' : ''}${(micros / 10_000).toFixed(2)} ¢`;
const minuteOf = (all: readonly MarkOut[]): number | null =>
  all.find(({ afterMs }) => afterMs === 60_000)?.perContract ?? null;
const markOutText = ({ afterMs, perContract }: MarkOut): string => `${afterMs / 1_000} s ${maybe(perContract, cents)}`;
const signed = (money: number): string => (money > 0 ? `+${dollars(money)}` : dollars(money));
const maybe = (value: number | null, show: (value: number) => string): string => (value === null ? '–' : show(value));

/** Its middle 95 %, to be followed by more words. */
const band = ({ low, high }: Interval, show: (value: number) => string): string =>
  low === null || high === null ? '' : `95 %: ${show(low)} … ${show(high)}, `;
const interval = ({ value, low, high }: Interval, show: (value: number) => string): string =>
  value === null
    ? '–'
    : low === null || high === null
      ? show(value)
      : `${show(value)} (95 %: ${show(low)} … ${show(high)})`;

/** Newest first, each row with what is behind it. */
function tradesHtml({ report: { trades }, traceOf }: ReportPage, nameOf: (market: string) => string): string {
  const shown = trades.list.slice(-LISTED).toReversed();
  const older = trades.filled - shown.length;
  if (shown.length === 0) return '<p>No signal was filled.</p>';
  const row = (trade: TradeFacts): string => {
    const legs = trade.legs.map((leg) => text(legText(leg, nameOf))).join('<br>');
    const cells = [day(trade.at), trade.signalId, trade.reason].map((cell) => `<td>${text(cell)}</td>`).join('');
    const money = [trade.paid, trade.received, trade.fees]
      .map((each) => `<td class="n">${dollars(each)}</td>`)
      .join('');
    const trace = traceHtml(traceOf?.(trade.signalId) ?? null, trade.causes, nameOf);
    return `<tr>${cells}<td>${legs}</td>${money}<td>${text(readable(trade.state))}</td></tr>${trace === '' ? '' : `<tr><td colspan="8">${trace}</td></tr>`}`;
  };
  return `<p>Newest first. Paid and got have the fees in them.${older > 0 ? ` ${older.toLocaleString('en-US')} older ones are left out.` : ''}</p>
<div class="wide"><table>${headRow(['At', 'Signal', 'Reason', 'Legs', '#Paid', '#Got', '#Fees', 'State'])}<tbody>${shown.map(row).join('\n')}</tbody></table></div>`;
}

const sumOf = (lines: readonly ProfitLine[], what: 'profit' | 'fees'): number =>
  lines.reduce((sum, line) => sum + line[what], 0);

const profits = (lines: readonly ProfitLine[]): string =>
  table(
    ['What', '#Profit', '#Fees', '#Trades'],
    [
      ...lines.map((line) => [line.title, signed(line.profit), dollars(line.fees), String(line.trades)]),
      ...(lines.length > 1 ? [['In all', signed(sumOf(lines, 'profit')), dollars(sumOf(lines, 'fees')), '']] : []),
    ],
  );

function calibration({ calibration: found }: BacktestReport): string {
  if (found === null) return '<p>No model said what a market is worth, or none of those has its result.</p>';
  const { brier, brierOfMarket, gain, count, events, bins } = found;
  return `<p>Brier ${brier.toFixed(4)} (lower is better), of the market’s price at the same moments ${brierOfMarket.toFixed(4)};
gain over the market ${text(interval(gain, (value) => value.toFixed(4)))}. ${count} ${count === 1 ? 'signal' : 'signals'} on ${events} ${events === 1 ? 'event' : 'events'}.</p>${table(
    ['Believed', '#Came true', '#Signals'],
    bins.map((bin) => [percent(bin.belief), percent(bin.frequency), String(bin.count)]),
  )}`;
}

function drawdowns(curve: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  let high = -Infinity;
  return curve.map(([at, value]) => {
    high = Math.max(high, value);
    return [at, high > 0 ? value / high - 1 : 0] as const;
  });
}

const WIDTH = 1_000;
const HEIGHT = 200;

/** A line over time with its ends in words: what stands in a stretched drawing would be stretched, too. */
function drawing(
  points: readonly (readonly [number, number])[],
  what: string,
  show: (value: number) => string,
): string {
  if (points.length < 2) return '<p>Too short to draw.</p>';
  let low = Infinity;
  let high = -Infinity;
  for (const [, value] of points) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const [first] = points[0];
  const [last] = points[points.length - 1];
  const line = points
    .map(
      ([at, value]) =>
        `${(((at - first) / (last - first || 1)) * WIDTH).toFixed(1)},${(HEIGHT - 4 - ((value - low) / (high - low || 1)) * (HEIGHT - 8)).toFixed(1)}`,
    )
    .join(' ');
  return `<figure><figcaption><span>highest ${text(show(high))}, lowest ${text(show(low))}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${text(what)}"><polyline vector-effect="non-scaling-stroke" points="${line}"/></svg>
<figcaption><span>${day(first)}</span><span>${day(last)}</span></figcaption></figure>`;
}

function warmUpNote({ warmUp, spared }: BacktestReport): string {
  const before = `${warmUp.toLocaleString('en-US')} before the start`;
  return spared > 0 ? `${before}, ${spared.toLocaleString('en-US')} of them by a checkpoint` : before;
}
