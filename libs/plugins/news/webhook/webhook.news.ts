import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { UserProblem } from '#core';
import { defineNews, type NewsItem } from '#plugin-sdk';
import { plainText, webAddress } from '../plain-text.js';

const Message = Type.Object({
  id: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  title: Type.String({ minLength: 1, maxLength: 10_000 }),
  text: Type.Optional(Type.String({ maxLength: 200_000 })),
  url: Type.Optional(Type.String({ maxLength: 2_000 })),
  publishedAt: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
});
const Several = Type.Object({ items: Type.Array(Message, { minItems: 1, maxItems: 100 }) });
const Messages = Type.Union([Several, Message]);

/** Items that other programs send us: one as `{ title, … }`, or several as `{ items: [ … ] }`. */
export const newsWebhook = defineNews({
  manifest: {
    id: 'news-webhook',
    version: '1.0.0',
    title: 'Incoming webhook',
    summary: 'Takes items that are posted with a signature made of this source’s secret.',
    sdk: '^1.0.0',
  },

  configSchema: Type.Object({}, { additionalProperties: false }),

  receive(_config, body, now) {
    if (!Value.Check(Messages, body)) {
      const [first] = Value.Errors('items' in Object(body) ? Several : Message, body);
      throw new UserProblem('a message is { title, text?, url?, publishedAt?, id? } or { items: [ … ] }', [
        { path: first?.instancePath ?? '/', message: first?.message ?? 'is not as it should be' },
      ]);
    }
    const items = ('items' in body ? body.items : [body]).map((message, index): NewsItem => {
      const title = plainText(message.title, 400);
      if (title === '')
        throw new UserProblem('a title must have text', [{ path: `/items/${index}/title`, message: 'is empty' }]);
      const said = typeof message.publishedAt === 'string' ? Date.parse(message.publishedAt) : message.publishedAt;
      return {
        id: message.id ?? `${said ?? ''} ${title}`,
        title,
        text: plainText(message.text ?? '', 4_000),
        url: message.url === undefined ? null : webAddress(message.url),
        // A date in the future, or none at all, is now.
        publishedAt: said === undefined || !Number.isSafeInteger(said) || said > now ? null : said,
      };
    });
    const once = new Map(items.map((item) => [item.id, item]));
    return [...once.values()].sort((a, b) => (a.publishedAt ?? now) - (b.publishedAt ?? now));
  },
});
