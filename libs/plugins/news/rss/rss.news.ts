import { Type } from 'typebox';
import { defineNews } from '#plugin-sdk';
import { parseFeed } from './feed.parse.js';

const MAX_BYTES = 4 * 1024 * 1024;

/** RSS (0.9 to 2.0, RDF) and Atom feeds. */
export const rss = defineNews({
  manifest: {
    id: 'rss',
    version: '1.0.0',
    title: 'RSS or Atom feed',
    summary: 'Asks a feed again and again, only for what has changed.',
    sdk: '^1.0.0',
    permissions: ['net:*'],
  },

  configSchema: Type.Object(
    {
      url: Type.String({
        title: 'Address',
        description: 'Of the feed itself, not of the page that links to it.',
        pattern: '^https?://',
        default: 'https://feeds.bbci.co.uk/news/world/rss.xml',
      }),
      everySeconds: Type.Integer({
        title: 'Ask every',
        description: 'Time between two questions. Most publishers ask for at least a minute.',
        unit: 'seconds',
        minimum: 1,
        maximum: 86_400,
        default: 120,
      }),
    },
    { additionalProperties: false },
  ),

  everyMs: (config) => config.everySeconds * 1_000,

  async fetch(io, since) {
    const { url } = io.config;
    const document = await io.document(url, {
      accept: 'application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1',
      maxBytes: MAX_BYTES,
    });
    if (document === null) return [];
    return parseFeed(document, url).filter(({ publishedAt }) => publishedAt === null || publishedAt >= since);
  },
});
