/** Reads a JSON list of items from an address. */
export default ({ defineNews, Type }) =>
  defineNews({
    manifest: {
      id: '__ID__',
      version: '1.0.0',
      title: '__TITLE__',
      summary: 'Items of a JSON list.',
      sdk: '^1.0.0',
      permissions: ['net:example.org'],
    },

    configSchema: Type.Object({
      url: Type.String({
        title: 'Address',
        description: 'Gives [{ id, title, text, url, publishedAt }], moments in ISO 8601.',
        default: 'https://example.org/news.json',
      }),
      everySeconds: Type.Integer({
        title: 'Ask every',
        description: 'Time between two fetches.',
        unit: 'seconds',
        minimum: 10,
        maximum: 86_400,
        default: 60,
      }),
    }),

    everyMs: (config) => config.everySeconds * 1_000,

    async fetch(io, since) {
      const list = await io.get(io.config.url);
      return (Array.isArray(list) ? list : [])
        .map(({ id, title, text, url, publishedAt }) => ({
          id: String(id),
          title: String(title),
          text: String(text ?? ''),
          url: url ?? null,
          publishedAt: publishedAt ? Date.parse(publishedAt) : null,
        }))
        .filter((item) => item.publishedAt === null || item.publishedAt >= since)
        .sort((a, b) => (a.publishedAt ?? 0) - (b.publishedAt ?? 0));
    },
  });
