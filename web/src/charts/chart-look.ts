import type { Tokens } from '../theme/tokens';

/** What all charts share: axes that stay in the background, one tooltip, figures that line up. */
export const FONT =
  "'Inter Variable', Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif";

export function axisLook(tokens: Tokens) {
  return {
    axisLine: { lineStyle: { color: tokens.lineStrong } },
    axisTick: { show: false },
    axisLabel: { color: tokens.faint, fontSize: 11, fontFamily: FONT, hideOverlap: true },
    splitLine: { lineStyle: { color: tokens.line, width: 1 } },
  };
}

export function tooltipLook(tokens: Tokens) {
  return {
    backgroundColor: tokens.raised,
    borderColor: tokens.lineStrong,
    borderWidth: 1,
    padding: [8, 11],
    textStyle: { color: tokens.text, fontSize: 12, fontFamily: FONT },
    extraCssText:
      'border-radius:8px;box-shadow:0 12px 32px rgb(0 0 0 / .3);font-variant-numeric:tabular-nums;pointer-events:none',
    transitionDuration: 0,
    confine: true,
  };
}

export function pointerLook(tokens: Tokens) {
  return {
    type: 'line' as const,
    lineStyle: { color: tokens.faint, type: 'dashed' as const, width: 1 },
    label: { backgroundColor: tokens.lineStrong, color: tokens.text, fontSize: 11, fontFamily: FONT },
  };
}

/** `#rrggbb` with an opacity, for canvas fills. */
export function alpha(hex: string, opacity: number): string {
  return `${hex}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
}

/** `share` of the way from one `#rrggbb` to another. */
export function mixed(from: string, to: string, share: number): string {
  const part = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  const channel = (at: number): string =>
    Math.round(part(from, at) * (1 - share) + part(to, at) * share)
      .toString(16)
      .padStart(2, '0');
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

/** How far the deepest cell of a heat map goes towards its tone: farther, and text could not be read on it. */
const DEEPEST = 0.5;

/** Loss, nothing and gain as fills that the theme's text can be read on, and everything between them. */
export const heatColours = ({ no, raised, yes }: Tokens): string[] => [
  mixed(raised, no, DEEPEST),
  raised,
  mixed(raised, yes, DEEPEST),
];

/** Colour of a venue; one the desk does not know is drawn in the neutral tone. */
export function venueColour(tokens: Tokens, venue: string): string {
  return venue === 'polymarket' ? tokens.polymarket : venue === 'kalshi' ? tokens.kalshi : tokens.muted;
}

/** Text that came from outside, made safe for a tooltip's markup. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** The row under the pointer in an axis tooltip: its series and its pair of numbers. */
export function pointed(params: unknown): { readonly series: string; readonly x: number; readonly y: number } | null {
  const first: unknown = Array.isArray(params) ? params[0] : params;
  if (typeof first !== 'object' || first === null || !('value' in first) || !Array.isArray(first.value)) return null;
  const [x, y] = first.value as [number, number];
  return { series: 'seriesName' in first ? String(first.seriesName) : '', x, y };
}
