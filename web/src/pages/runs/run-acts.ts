import { readable, words } from '../../format';

/** `kalshi: settlement` → `Kalshi settlement`; a title of several words keeps its own. */
export const runTitle = (run: { readonly title: string; readonly kind: string }): string =>
  words(readable((run.title || run.kind).replace(/^(\w+): /, '$1 ')));

export const runPath = (id: string): string => `/runs/${encodeURIComponent(id)}`;

export const STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
