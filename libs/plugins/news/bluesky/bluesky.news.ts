import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { defineNews, type NewsItem } from '#plugin-sdk';
import { cleanText, webAddress } from '../plain-text.js';

const POST = 'app.bsky.feed.post';
/** No post is nearly as long; the worker takes frames of a mebibyte. */
const MOST_BYTES = 1_000_000;
/** Reading on starts a little before where it stopped: what comes twice is stored once. */
const OVERLAP_US = 2_000_000;

/** A Jetstream event, as far as it is read (github.com/bluesky-social/jetstream, autumn 2026). */
const Frame = Type.Object({
  did: Type.String({ minLength: 1, maxLength: 200 }),
  time_us: Type.Integer({ minimum: 1 }),
  kind: Type.String(),
  commit: Type.Optional(
    Type.Object({
      operation: Type.String(),
      collection: Type.String(),
      rkey: Type.Optional(Type.String({ maxLength: 600 })),
      record: Type.Optional(Type.Unknown()),
    }),
  ),
});
const Post = Type.Object({
  text: Type.String(),
  createdAt: Type.Optional(Type.String()),
  langs: Type.Optional(Type.Array(Type.String())),
  reply: Type.Optional(Type.Unknown()),
  embed: Type.Optional(Type.Object({ external: Type.Optional(Type.Object({ uri: Type.String() })) })),
});

/** Bluesky's public firehose by Jetstream: posts as they are written, no key needed. */
export const bluesky = defineNews({
  manifest: {
    id: 'bluesky',
    version: '1.0.0',
    title: 'Bluesky firehose',
    summary: 'Public posts over a socket, narrowed to those that name what a market asks about.',
    sdk: '^1.0.0',
    permissions: ['net:*'],
  },

  configSchema: Type.Object(
    {
      url: Type.String({
        title: 'Address',
        description: 'A Jetstream instance.',
        pattern: '^wss?://',
        default: 'wss://jetstream2.us-east.bsky.network/subscribe',
      }),
      authors: Type.Array(Type.String({ pattern: '^did:' }), {
        title: 'Only these authors',
        description: 'DIDs; an empty list hears everybody.',
        maxItems: 1_000,
        default: [],
      }),
      languages: Type.Array(Type.String({ minLength: 2, maxLength: 3 }), {
        title: 'Languages',
        description: 'Posts that say they are in another one are passed over.',
        default: ['en'],
      }),
      replies: Type.Boolean({
        title: 'With replies',
        description: 'Whether answers to other posts are read too.',
        default: false,
      }),
    },
    { additionalProperties: false },
  ),

  stream: {
    url({ url, authors }, cursor) {
      const address = new URL(url);
      address.searchParams.append('wantedCollections', POST);
      // Sent all the same, a larger one would end the socket, and again at every return to this place.
      address.searchParams.set('maxMessageSizeBytes', String(MOST_BYTES));
      for (const author of authors) address.searchParams.append('wantedDids', author);
      if (cursor !== null && /^\d{1,17}$/.test(cursor))
        address.searchParams.set('cursor', String(Math.max(0, Number(cursor) - OVERLAP_US)));
      return address.href;
    },

    read({ languages, replies }, text) {
      let frame: unknown;
      try {
        frame = JSON.parse(text);
      } catch {
        return null;
      }
      if (!Value.Check(Frame, frame)) return null;
      const { commit, did, time_us: time } = frame;
      const nothing = { items: [], cursor: String(time) };
      if (commit?.operation !== 'create' || commit.collection !== POST || commit.rkey === undefined) return nothing;
      const post = commit.record;
      if (!Value.Check(Post, post) || (post.reply !== undefined && !replies)) return nothing;
      if (post.langs !== undefined && !post.langs.some((one) => languages.includes(one.split('-', 1)[0].toLowerCase())))
        return nothing;
      const title = cleanText(post.text, 400);
      if (title === '') return nothing;
      const item: NewsItem = {
        id: `${did}/${commit.rkey}`,
        title,
        text: '',
        url: webAddress(post.embed?.external?.uri ?? '') ?? `https://bsky.app/profile/${did}/post/${commit.rkey}`,
        // The moment the network saw it: what its author writes as the date is anything.
        publishedAt: Math.floor(time / 1_000),
      };
      return { items: [item], cursor: String(time) };
    },
  },
});
