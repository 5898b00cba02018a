const words = (text) => new Set(text.toLowerCase().match(/\p{L}{4,}/gu) ?? []);

/** Relevance by shared words. Takes no stance: replace `judge` with something that reads. */
export default ({ defineEnricher, Type }) =>
  defineEnricher({
    manifest: {
      id: '__ID__',
      version: '1.0.0',
      title: '__TITLE__',
      summary: 'Relevance by the words an item shares with a question.',
      sdk: '^1.0.0',
    },

    configSchema: Type.Object({
      least: Type.Number({
        title: 'Least share',
        description: 'Share of the words of a question an item must name.',
        unit: 'share',
        minimum: 0,
        maximum: 1,
        default: 0.25,
      }),
    }),

    async open({ config }) {
      const judge = (item, market) => {
        const asked = words(market.title);
        const said = words(`${item.title} ${item.text}`);
        const shared = [...asked].filter((word) => said.has(word)).length;
        return asked.size === 0 ? 0 : shared / asked.size;
      };
      return {
        enrich: async (tasks) =>
          tasks.map(({ item, markets }) => ({
            item: item.id,
            touches: markets
              .map((market) => ({ market: market.id, relevance: judge(item, market), stance: 0, confidence: 0.1 }))
              .filter(({ relevance }) => relevance > 0 && relevance >= config.least),
          })),
        close: async () => undefined,
      };
    },
  });
