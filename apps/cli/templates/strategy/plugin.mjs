/** Buys YES where the ask is under a price, a few contracts at a time. */
export default ({ defineStrategy, Type }) =>
  defineStrategy({
    manifest: {
      id: '__ID__',
      version: '1.0.0',
      title: '__TITLE__',
      summary: 'Buys YES where it is cheap.',
      sdk: '^1.0.0',
    },

    configSchema: Type.Object({
      below: Type.Integer({
        title: 'Buy below',
        description: 'An ask under this is bought.',
        unit: 'micro-dollars',
        minimum: 10_000,
        maximum: 990_000,
        default: 250_000,
      }),
      contracts: Type.Integer({
        title: 'Contracts per order',
        description: 'Never more than the ask offers.',
        unit: 'contracts',
        minimum: 1,
        maximum: 1_000,
        default: 10,
      }),
    }),

    scope: 'markets',
    initialState: () => ({ orders: 0 }),

    onQuote(view, quote) {
      const { config, state } = view;
      if (!quote.trusted || quote.ask < 0 || quote.ask >= config.below) return undefined;
      if (view.working(quote.market) || view.held(quote.market, 'yes') > 0) return undefined;
      const size = Math.min(config.contracts * 100, Math.floor(quote.askSize / 100) * 100);
      if (size <= 0) return undefined;
      state.orders += 1;
      const leg = { market: quote.market, outcome: 'yes', action: 'buy', size, limit: quote.ask };
      return { kind: 'order', legs: [leg], reason: 'cheap' };
    },

    /** Called with the config of an older version; gives one of this version. */
    migrateConfig: ({ config }) => config,
  });
