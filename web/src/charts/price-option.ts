import type { EChartsOption, SeriesOption } from 'echarts';
import { absolute, cents, venueName, words } from '../format';
import type { Tokens } from '../theme/tokens';
import { alpha, axisLook, escape, FONT, pointerLook, tooltipLook, venueColour } from './chart-look';
import { beliefLines, fairSeries, PANES, paneAxes, regimeSeries, worthSeries } from './belief-option';
import { bandedModels, type Beliefs } from './belief-series';
import { indexAt, midOf, spanAt, type FillMark, type NewsMark, type PriceTrack } from './price-series';

const RIBBON = 5;
const RIBBON_GAP = 5;
const HOURS = 26;
const PANE_GAP = 26;
const SIDES = { left: 6, right: 54 } as const;

export interface PriceView {
  readonly tracks: readonly PriceTrack[];
  readonly beliefs: Beliefs;
  readonly fills: readonly FillMark[];
  readonly news: readonly NewsMark[];
  readonly from: number;
  readonly to: number;
}

/** Height of the panes that a view adds below its prices, px. */
export const paneHeight = ({ fair }: Beliefs): number =>
  fair.length === 0 ? 0 : PANES.reduce((sum, { height }) => sum + height + PANE_GAP, 0);

/**
 * Prices of every track on one time axis: a line for the middle, a band from bid to ask, fair values with their bands,
 * untrusted spans shaded, fills as triangles. Below, on the same axis: edge and Kelly size, and ribbons of trust per venue
 * and of the regime. `from` and `to` bound the axis.
 */
export function priceOption(view: PriceView, tokens: Tokens): EChartsOption {
  const { tracks, beliefs } = view;
  const banded = bandedModels(beliefs.fair);
  const ribbonCount = tracks.length + (beliefs.regimes.length > 0 ? 1 : 0);
  const panes = beliefs.fair.length > 0 ? PANES.length : 0;
  const ribbons = ribbonCount * (RIBBON + RIBBON_GAP);
  const firstPane = 1 + ribbonCount;
  const bottom = HOURS + ribbons + paneHeight(beliefs);
  const axis = axisLook(tokens);
  const below = paneAxes(firstPane, view, tokens);
  return {
    animation: false,
    grid: [
      { ...SIDES, top: 14, bottom },
      ...Array.from({ length: ribbonCount }, (_, index) => ({
        ...SIDES,
        height: RIBBON,
        bottom: ribbons - (index + 1) * (RIBBON + RIBBON_GAP) + 2,
        show: true,
        backgroundColor: tokens.line,
        borderWidth: 0,
      })),
      ...paneGrids(panes, bottom),
    ],
    xAxis: [
      {
        type: 'time',
        gridIndex: 0,
        min: view.from,
        max: view.to,
        ...axis,
        splitLine: { show: false },
        axisLabel: { ...axis.axisLabel, show: panes === 0 },
        axisPointer: { label: { show: false } },
      },
      ...Array.from({ length: ribbonCount }, (_, index) => ({
        type: 'time' as const,
        gridIndex: index + 1,
        min: view.from,
        max: view.to,
        show: false,
        axisPointer: { show: false },
      })),
      ...below.x.slice(0, panes),
    ],
    yAxis: [
      {
        type: 'value',
        position: 'right',
        scale: true,
        ...axis,
        axisLine: { show: false },
        axisLabel: {
          ...axis.axisLabel,
          formatter: (value: number) => cents(Math.round(value)),
        },
        axisPointer: {
          label: {
            formatter: ({ value }) => cents(Math.round(Number(value) / 1_000) * 1_000),
          },
        },
        splitNumber: 5,
        minInterval: 1_000,
      },
      ...Array.from({ length: ribbonCount }, (_, index) => ({
        type: 'value' as const,
        gridIndex: index + 1,
        show: false,
        min: 0,
        max: 1,
      })),
      ...below.y.slice(0, panes),
    ],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: {
      trigger: 'axis',
      axisPointer: { ...pointerLook(tokens), type: 'cross' },
      ...tooltipLook(tokens),
      formatter: (params) => {
        const first = (Array.isArray(params) ? params[0] : params) as { axisValue?: number } | undefined;
        return first?.axisValue === undefined ? '' : tooltipAt(view, Number(first.axisValue), tokens);
      },
    },
    dataZoom: [
      {
        type: 'inside',
        xAxisIndex: Array.from({ length: firstPane + panes }, (_, index) => index),
        filterMode: 'filter',
        zoomOnMouseWheel: 'ctrl',
        moveOnMouseMove: true,
        moveOnMouseWheel: false,
        minValueSpan: 10_000,
      },
    ],
    textStyle: { fontFamily: FONT },
    series: [
      ...tracks.flatMap((track, index) => trackSeries(track, index, view, tokens)),
      ...beliefs.fair.flatMap((track, index) => [
        ...fairSeries(track, index, view.to, tokens, banded.has(track.model)),
        ...worthSeries(track, index, view.to, { edge: firstPane, kelly: firstPane + 1 }, tokens),
      ]),
      ...(beliefs.regimes.length > 0 ? regimeSeries(beliefs, view, ribbonCount, tokens) : []),
      fillSeries(view.fills, tokens),
      newsSeries(view, tokens),
    ],
  };
}

/** Panes from the top down, below the prices. */
function paneGrids(panes: number, bottom: number) {
  let left = bottom;
  return PANES.slice(0, panes).map(({ height }) => {
    left -= height + PANE_GAP;
    return { ...SIDES, height, bottom: left };
  });
}

function trackSeries(track: PriceTrack, index: number, view: PriceView, tokens: Tokens): SeriesOption[] {
  const colour = venueColour(tokens, track.venue);
  const rows = withNow(track, view.to);
  const base = {
    type: 'line' as const,
    step: 'end' as const,
    symbol: 'none',
    silent: true,
    animation: false,
  };
  const area = (trusted: boolean) =>
    track.spans
      .filter((span) => span.trusted === trusted)
      .map((span): [object, object] => [
        { xAxis: Math.max(span.from, view.from) },
        { xAxis: Math.min(span.to ?? view.to, view.to) },
      ]);
  return [
    {
      ...base,
      id: `${track.market}:bid`,
      stack: track.market,
      stackStrategy: 'all',
      lineStyle: { opacity: 0 },
      data: rows.map((row) => [row.at, row.bid]),
    },
    {
      ...base,
      id: `${track.market}:band`,
      stack: track.market,
      stackStrategy: 'all',
      lineStyle: { opacity: 0 },
      areaStyle: { color: colour, opacity: 0.16 },
      data: rows.map((row) => [row.at, row.bid === null || row.ask === null ? null : row.ask - row.bid]),
    },
    {
      ...base,
      id: `${track.market}:mid`,
      z: 4,
      lineStyle: { color: colour, width: 1.6 },
      itemStyle: { color: colour },
      data: rows.map((row) => [row.at, midOf(row.bid, row.ask)]),
      markArea: {
        silent: true,
        itemStyle: { color: alpha(tokens.amber, 0.11) },
        data: area(false) as never,
      },
    },
    {
      ...base,
      id: `${track.market}:trusted`,
      xAxisIndex: index + 1,
      yAxisIndex: index + 1,
      data: [],
      markArea: {
        silent: true,
        itemStyle: { color: alpha(colour, 0.75) },
        data: area(true) as never,
      },
    },
    {
      ...base,
      id: `${track.market}:untrusted`,
      xAxisIndex: index + 1,
      yAxisIndex: index + 1,
      data: [],
      markArea: {
        silent: true,
        itemStyle: { color: tokens.amber },
        data: area(false) as never,
      },
    },
  ];
}

/** The last known quote still holds at the right edge: the line is drawn up to it. */
function withNow(track: PriceTrack, to: number): { at: number; bid: number | null; ask: number | null }[] {
  const rows = track.at.map((at, index) => ({
    at,
    bid: track.bid[index]!,
    ask: track.ask[index]!,
  }));
  const last = rows.at(-1);
  if (last && last.at < to) rows.push({ ...last, at: to });
  return rows;
}

function fillSeries(fills: readonly FillMark[], tokens: Tokens): SeriesOption {
  return {
    id: 'fills',
    type: 'scatter',
    z: 6,
    silent: true,
    animation: false,
    symbolSize: 11,
    data: fills.map((fill) => ({
      value: [fill.at, fill.price],
      symbol: 'triangle',
      symbolRotate: fill.long ? 0 : 180,
      itemStyle: {
        color: fill.long ? tokens.yes : tokens.no,
        borderColor: tokens.panel,
        borderWidth: 1.5,
      },
    })),
  };
}

/** A line down the prices where news was told, in the colour of the side it took; fainter when it was told before. */
function newsSeries({ news, from, to }: PriceView, tokens: Tokens): SeriesOption {
  return {
    id: 'news',
    type: 'line',
    silent: true,
    animation: false,
    data: [],
    markLine: {
      silent: true,
      symbol: ['none', 'circle'],
      symbolSize: 7,
      label: { show: false },
      data: news
        .filter(({ at }) => at >= from && at <= to)
        .map(({ at, stance, echo }) => ({
          xAxis: at,
          lineStyle: {
            color: stanceColour(stance, tokens),
            type: 'dotted' as const,
            width: 1.4,
            opacity: echo ? 0.35 : 0.9,
          },
          itemStyle: { color: stanceColour(stance, tokens) },
        })),
    },
  };
}

const stanceColour = (stance: number, tokens: Tokens): string =>
  stance > 0 ? tokens.yes : stance < 0 ? tokens.no : tokens.muted;

function tooltipAt(view: PriceView, at: number, tokens: Tokens): string {
  const lines = view.tracks.map((track) => {
    const index = indexAt(track.at, at);
    const bid = index < 0 ? null : track.bid[index]!;
    const ask = index < 0 ? null : track.ask[index]!;
    const span = spanAt(track.spans, at);
    const doubt =
      span && !span.trusted ? ` <span style="color:${tokens.warning}">${escape(words(span.reason))}</span>` : '';
    return `<tr><td style="padding-right:14px"><span style="color:${venueColour(tokens, track.venue)}">■</span> ${escape(venueName(track.venue))}</td><td style="text-align:right;color:${tokens.yes}">${cents(bid)}</td><td style="padding:0 6px;color:${tokens.faint}">·</td><td style="text-align:right;color:${tokens.no}">${cents(ask)}</td><td style="padding-left:8px">${doubt}</td></tr>`;
  });
  const near = (view.to - view.from) / 160;
  const fills = view.fills
    .filter((fill) => Math.abs(fill.at - at) <= near)
    .slice(0, 4)
    .map(
      (fill) => `<div style="margin-top:4px;color:${fill.long ? tokens.yes : tokens.no}">▲ ${escape(fill.text)}</div>`,
    );
  const told = view.news
    .filter((item) => Math.abs(item.at - at) <= near)
    .slice(-3)
    .map(
      (item) =>
        `<div style="margin-top:4px;max-width:340px;white-space:normal;color:${stanceColour(item.stance, tokens)}">● ${escape(item.title)}</div>`,
    );
  return `<div style="color:${tokens.muted};margin-bottom:4px">${absolute(Math.round(at))}</div><table style="border-spacing:0">${lines.join('')}${beliefLines(view.beliefs, at, view.to, tokens).join('')}</table>${fills.join('')}${told.join('')}`;
}
