/**
 * The one place where a colour is named. A token says what a thing means (a bid, a refusal, a venue), never how it
 * looks. `apply` writes them as CSS custom properties; charts and Vuetify's theme read the same values.
 * Text tokens meet 4.5:1 on `page`, `panel` and `raised` of their theme.
 */
export type ThemeName = 'dark' | 'light';

export interface Tokens {
  readonly page: string;
  readonly rail: string;
  readonly panel: string;
  readonly raised: string;
  readonly hover: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly muted: string;
  readonly faint: string;
  readonly accent: string;
  readonly accentSoft: string;
  readonly onAccent: string;
  /** YES side, bids, gains. */
  readonly yes: string;
  readonly yesSoft: string;
  /** NO side, asks, losses. */
  readonly no: string;
  readonly noSoft: string;
  readonly accepted: string;
  readonly acceptedSoft: string;
  readonly denied: string;
  readonly deniedSoft: string;
  /** An edge that fees ate. */
  readonly negative: string;
  readonly negativeSoft: string;
  readonly shadow: string;
  readonly shadowSoft: string;
  readonly warning: string;
  readonly warningSoft: string;
  /** Warning as a mark (dot, bar, ribbon) rather than as text: brighter. */
  readonly amber: string;
  readonly danger: string;
  readonly onDanger: string;
  readonly dangerSoft: string;
  /** The two venues: blue and orange, which stay apart for every kind of colour vision. */
  readonly polymarket: string;
  readonly kalshi: string;
}

const dark: Tokens = {
  page: '#0b0d12',
  rail: '#0e1117',
  panel: '#12151d',
  raised: '#181c26',
  hover: '#1b202b',
  line: '#1f2430',
  lineStrong: '#2e3544',
  text: '#e7eaf0',
  muted: '#a3acbb',
  faint: '#838d9e',
  accent: '#9aa4ff',
  accentSoft: '#20233b',
  onAccent: '#0d0f1f',
  yes: '#43cf95',
  yesSoft: '#12291f',
  no: '#ff7d8c',
  noSoft: '#2e181e',
  accepted: '#43cf95',
  acceptedSoft: '#12291f',
  denied: '#ff7d8c',
  deniedSoft: '#2e181e',
  negative: '#b3bccb',
  negativeSoft: '#20252f',
  shadow: '#c09bff',
  shadowSoft: '#251d36',
  warning: '#ecc653',
  warningSoft: '#2b2514',
  amber: '#ecc653',
  danger: '#f2566b',
  onDanger: '#18060a',
  dangerSoft: '#35151c',
  polymarket: '#62a8ff',
  kalshi: '#f0a05a',
};

const light: Tokens = {
  page: '#f5f6f8',
  rail: '#fbfbfc',
  panel: '#ffffff',
  raised: '#f5f6f9',
  hover: '#f0f2f6',
  line: '#e4e7ec',
  lineStrong: '#cbd1da',
  text: '#171b24',
  muted: '#4d5667',
  faint: '#626b7c',
  accent: '#4a4bc7',
  accentSoft: '#ecedfb',
  onAccent: '#ffffff',
  yes: '#0b7a4f',
  yesSoft: '#e2f4ec',
  no: '#c0263f',
  noSoft: '#fce9ec',
  accepted: '#0b7a4f',
  acceptedSoft: '#e2f4ec',
  denied: '#c0263f',
  deniedSoft: '#fce9ec',
  negative: '#4d5667',
  negativeSoft: '#eceff3',
  shadow: '#6f3fc4',
  shadowSoft: '#f1ebfc',
  warning: '#7d5a00',
  warningSoft: '#fbf3d9',
  amber: '#c48f00',
  danger: '#c0263f',
  onDanger: '#ffffff',
  dangerSoft: '#fce9ec',
  polymarket: '#2b70dc',
  kalshi: '#d86f10',
};

export const themes: Readonly<Record<ThemeName, Tokens>> = { dark, light };

/** Writes a theme's tokens on the root element as `--page`, `--line-strong` … */
export function apply(name: ThemeName, root: HTMLElement): void {
  root.dataset['theme'] = name;
  root.style.colorScheme = name;
  for (const [token, value] of Object.entries(themes[name])) {
    root.style.setProperty(`--${token.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value);
  }
}
