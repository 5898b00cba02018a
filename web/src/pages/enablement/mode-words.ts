import type { EnablementPlacesQuery } from '../../generated/graphql';

export type Place = EnablementPlacesQuery['enablementPlaces']['items'][number];
export type Cell = Place['cells'][number];

export const MODES = [
  { value: 'paper', title: 'On' },
  { value: 'shadow', title: 'Shadow' },
  { value: 'off', title: 'Off' },
] as const;

export const modeName = (mode: string | null | undefined): string =>
  MODES.find(({ value }) => value === mode)?.title ?? 'Differs';

/** What a place would be without a setting of its own, and why: `On, by default`, `Off, from its venue`. */
export function inheritedText(cell: Pick<Cell, 'own' | 'inherited' | 'from'>): string {
  if (cell.inherited === null || cell.inherited === undefined) return 'Differs by market';
  if (cell.own !== null && cell.own !== undefined) return `Inherit (${modeName(cell.inherited)})`;
  return cell.from === 'default' ? modeName(cell.inherited) : `${modeName(cell.inherited)} · ${cell.from}`;
}

/** The whole sentence for a tooltip. */
export function whyText(cell: Cell, when: string): string {
  if (cell.from === 'several') return 'Its markets inherit different modes.';
  if (cell.from === 'default') return 'Nothing is set here or above: the default.';
  const where = cell.own ? 'here' : `on its ${cell.from}`;
  return `Set ${where}${cell.by ? ` by ${cell.by}` : ''}${when ? `, ${when}` : ''}.`;
}
