import type { SeriesOption, XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { words } from '../format';
import type { Tokens } from '../theme/tokens';
import { regimeAt, rowAt, rowsOf, silentSince, type Beliefs, type FairTrack, type RegimeName } from './belief-series';
import { alpha, axisLook, escape, FONT } from './chart-look';

/** The panes below the prices: what the fair value is worth, and how much of it Kelly would take. */
export const PANES = [
  { key: 'edge', title: 'Edge after fees, ¢ a contract', height: 74 },
  { key: 'kelly', title: 'Kelly, share of cash', height: 52 },
] as const;

const MICROS = 1_000_000;
const LINE = {
  type: 'line' as const,
  step: 'end' as const,
  symbol: 'none',
  silent: true,
  animation: false,
};

/** Models in the order of their names keep their colours. */
export const fairColour = (tokens: Tokens, index: number): string =>
  index === 0 ? tokens.accent : index === 1 ? tokens.shadow : tokens.muted;

export const regimeColour = (tokens: Tokens, regime: RegimeName): string =>
  alpha(tokens.accent, regime === 'quiet' ? 0.18 : regime === 'normal' ? 0.5 : 1);

/** A fair value on the price axis, with its band unless that would lie over everything. */
export function fairSeries(track: FairTrack, index: number, to: number, tokens: Tokens, banded = true): SeriesOption[] {
  const colour = fairColour(tokens, index);
  const rows = rowsOf(track, to);
  const stack = `band ${track.model}`;
  const band: SeriesOption[] = [
    {
      ...LINE,
      id: `${track.model}:low`,
      stack,
      stackStrategy: 'all',
      lineStyle: { opacity: 0 },
      data: rows.map(([at, i]) => [at, micros(of(track.low, i))]),
    },
    {
      ...LINE,
      id: `${track.model}:band`,
      stack,
      stackStrategy: 'all',
      lineStyle: { opacity: 0 },
      areaStyle: { color: colour, opacity: 0.14 },
      data: rows.map(([at, i]) => [at, width(of(track.low, i), of(track.high, i))]),
    },
  ];
  return [
    ...(banded ? band : []),
    {
      ...LINE,
      id: `${track.model}:fair`,
      z: 5,
      lineStyle: { color: colour, width: 1.4, type: [5, 3] },
      itemStyle: { color: colour },
      data: rows.map(([at, i]) => [at, micros(of(track.value, i))]),
    },
  ];
}

/** Edge and Kelly size of a fair value, each on its own pane. */
export function worthSeries(
  track: FairTrack,
  index: number,
  to: number,
  panes: { readonly edge: number; readonly kelly: number },
  tokens: Tokens,
): SeriesOption[] {
  const colour = fairColour(tokens, index);
  const rows = rowsOf(track, to);
  const pane = (at: number, id: string, data: (number | null)[][], area: number): SeriesOption => ({
    ...LINE,
    id: `${track.model}:${id}`,
    xAxisIndex: at,
    yAxisIndex: at,
    lineStyle: { color: colour, width: 1.3 },
    areaStyle: { color: colour, opacity: area, origin: 0 },
    data,
    ...(index === 0
      ? {
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: tokens.lineStrong, type: 'solid', width: 1 },
            data: [{ yAxis: 0 }],
          },
        }
      : {}),
  });
  return [
    pane(
      panes.edge,
      'edge',
      rows.map(([at, i]) => [at, micros(of(track.edge, i))]),
      0.12,
    ),
    pane(
      panes.kelly,
      'kelly',
      rows.map(([at, i]) => [at, percent(of(track.kelly, i))]),
      0.24,
    ),
  ];
}

/** Spans of one regime after another, as a ribbon that ends where its model does. */
export function regimeSeries(
  { regimes: spans, regimeSaidAt }: Pick<Beliefs, 'regimes' | 'regimeSaidAt'>,
  span: { readonly from: number; readonly to: number },
  axis: number,
  tokens: Tokens,
): SeriesOption[] {
  const end = silentSince({ at: regimeSaidAt === null ? [] : [regimeSaidAt] }, span.to) ?? span.to;
  return (['quiet', 'normal', 'volatile'] as const).map((regime) => ({
    ...LINE,
    id: `regime:${regime}`,
    xAxisIndex: axis,
    yAxisIndex: axis,
    data: [],
    markArea: {
      silent: true,
      itemStyle: { color: regimeColour(tokens, regime) },
      data: spans
        .filter((one) => one.regime === regime)
        .map((one) => [{ xAxis: Math.max(one.from, span.from) }, { xAxis: Math.min(one.to ?? end, span.to) }]) as never,
    },
  }));
}

/** Axes of the panes; the lowest one carries the hours. */
export function paneAxes(
  first: number,
  span: { readonly from: number; readonly to: number },
  tokens: Tokens,
): { readonly x: XAXisComponentOption[]; readonly y: YAXisComponentOption[] } {
  const axis = axisLook(tokens);
  return {
    x: PANES.map((_, i) => ({
      type: 'time',
      gridIndex: first + i,
      min: span.from,
      max: span.to,
      ...axis,
      splitLine: { show: false },
      axisLabel: { ...axis.axisLabel, show: i === PANES.length - 1 },
      axisPointer: { label: { show: false } },
    })),
    y: PANES.map(({ key, title }, i) => ({
      type: 'value',
      gridIndex: first + i,
      position: 'right',
      ...axis,
      name: title,
      nameLocation: 'end' as const,
      nameGap: 5,
      nameTextStyle: { color: tokens.muted, fontSize: 11, fontFamily: FONT, align: 'right' as const },
      axisLine: { show: false },
      splitNumber: 2,
      axisLabel: {
        ...axis.axisLabel,
        formatter: (value: number) => (key === 'edge' ? `${trim(value / 10_000)}¢` : `${trim(value)} %`),
      },
      axisPointer: { label: { show: false } },
    })),
  };
}

/** Rows of a tooltip: what was believed at a moment, and what that was worth. */
export function beliefLines(beliefs: Beliefs, at: number, now: number, tokens: Tokens): string[] {
  const lines = beliefs.fair.flatMap((track, index) => {
    const i = rowAt(track, at, now);
    if (i < 0) return [];
    const [low, high, edge, kelly] = [track.low, track.high, track.edge, track.kelly].map(
      (column) => column[i] ?? null,
    );
    const band = low === null || high === null ? '' : `${share(low)} to ${share(high)}`;
    const worth =
      edge === null || kelly === null
        ? ''
        : `<tr><td style="color:${tokens.muted}">edge after fees</td><td style="text-align:right;color:${edge > 0 ? tokens.yes : tokens.muted}">${trim(edge * 100, 2)}¢</td><td colspan="3" style="padding-left:8px;color:${tokens.muted}">Kelly ${trim(Math.abs(kelly) * 100, 1)} % ${kelly < 0 ? 'NO' : 'YES'}</td></tr>`;
    return [
      `<tr><td style="padding-right:14px"><span style="color:${fairColour(tokens, index)}">■</span> ${escape(words(track.model))}</td><td style="text-align:right">${share(track.value[i]!)}</td><td colspan="3" style="padding-left:8px;color:${tokens.muted}">${band}</td></tr>${worth}`,
    ];
  });
  const said = beliefs.regimeSaidAt;
  const over = said !== null && silentSince({ at: [said] }, now) !== null && at > said;
  const regime = over ? null : regimeAt(beliefs.regimes, at);
  if (regime !== null)
    lines.push(
      `<tr><td style="color:${tokens.muted}">regime</td><td colspan="4" style="text-align:right">${regime}</td></tr>`,
    );
  return lines;
}

const of = (column: readonly (number | null)[], i: number | null): number | null =>
  i === null ? null : (column[i] ?? null);
const micros = (value: number | null): number | null => (value === null ? null : value * MICROS);
const percent = (value: number | null): number | null => (value === null ? null : value * 100);
const width = (low: number | null, high: number | null): number | null =>
  low === null || high === null ? null : (high - low) * MICROS;
const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
const trim = (value: number, digits = 2): string => String(Number(value.toFixed(digits))).replace('-', '−');
