/** Holds the smoothed middle of the book for fair, with a band as wide as the spread. */
export default ({ defineModel, Type }) =>
  defineModel({
    manifest: {
      id: '__ID__',
      version: '1.0.0',
      title: '__TITLE__',
      summary: 'The middle of the book, smoothed.',
      sdk: '^1.0.0',
    },

    configSchema: Type.Object({
      weight: Type.Number({
        title: 'Weight of a new quote',
        description: 'Share of the newest middle in the estimate; 1 forgets everything else.',
        unit: 'share',
        minimum: 0.01,
        maximum: 1,
        default: 0.2,
      }),
    }),

    initialState: () => ({ fair: new Map() }),

    onQuote({ config, state }, { market, bid, ask, trusted }) {
      if (!trusted || bid < 0 || ask < 0) return undefined;
      const middle = (bid + ask) / 2_000_000;
      const before = state.fair.get(market) ?? middle;
      const value = before + config.weight * (middle - before);
      state.fair.set(market, value);
      const half = (ask - bid) / 2_000_000;
      return { market, name: 'fair', value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
    },
  });
