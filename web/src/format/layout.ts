const LAYOUTS: Readonly<Record<string, string>> = {
  plain:
    'Streams lie in plain PostgreSQL tables, one partition a day with block-range indexes. TimescaleDB is not used.',
  timescale: 'Streams lie in TimescaleDB hypertables; older chunks are kept as compressed columns.',
  none: 'Storage is not laid out yet.',
};

/** What the recorded storage layout means, in a sentence. */
export const layoutSentence = (layout: string): string => LAYOUTS[layout] ?? `Streams are laid out as “${layout}”.`;
