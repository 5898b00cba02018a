import { describe, expect, it } from 'vitest';
import { OutsideProblem, type UserProblem } from '#core';
import { handedIo, newsConformance } from '#plugin-sdk/testing';
import { bluesky, FEEDS, rss, newsWebhook } from './index.js';
import { cleanText, plainText, webAddress } from './plain-text.js';
import { parseFeed } from './rss/feed.parse.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const xml = (text: string, contentType = 'application/rss+xml') => ({ body: encode(text), contentType });
const channel = (items: string): string =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>${items}</channel></rss>`;

const RSS = channel(`
  <item><guid>b</guid><title>Later &amp; louder</title><link>https://example.org/b</link><pubDate>Mon, 23 Nov 2026 11:00:00 GMT</pubDate><description><![CDATA[<p>Two <b>words</b></p><script>alert(1)</script>]]></description></item>
  <item><guid>a</guid><title>Earlier</title><link>/a</link><pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate></item>`);
const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>
  <entry><id>tag:x,1</id><title type="html">&lt;b&gt;Bold&lt;/b&gt; claim</title><link rel="self" href="https://x/self"/><link href="https://x/1"/><published>2026-11-23T10:00:00Z</published><updated>2026-11-23T12:00:00Z</updated><content type="xhtml"><div><p>One</p><p>two</p></div></content></entry></feed>`;

describe('an RSS or Atom feed', () => {
  const world = { config: { url: 'https://example.org/feed' }, answer: () => RSS };
  it.each(newsConformance(rss, world))('$name', ({ run }) => run());

  it('is read as text: entities decoded, no markup, no script, links made whole', () => {
    const [earlier, later] = parseFeed(xml(RSS), 'https://example.org/feed');
    expect(earlier).toMatchObject({ id: 'a', title: 'Earlier', url: 'https://example.org/a' });
    expect(later).toMatchObject({
      title: 'Later & louder',
      text: 'Two words',
      publishedAt: Date.UTC(2026, 10, 23, 11),
    });
    expect(parseFeed(xml(ATOM), 'https://x/')).toEqual([
      {
        id: 'tag:x,1',
        title: 'Bold claim',
        text: 'One two',
        url: 'https://x/1',
        publishedAt: Date.UTC(2026, 10, 23, 10),
      },
    ]);
  });

  it('is read in the encoding it names, wherever it names it', () => {
    const russian = Uint8Array.from([
      ...encode('<?xml version="1.0" encoding="windows-1251"?><rss><channel><item><guid>1</guid><title>'),
      0xcf,
      0xf0,
      0xe8,
      0xe2,
      0xe5,
      0xf2,
      ...encode('</title></item></channel></rss>'),
    ]);
    expect(parseFeed({ body: russian, contentType: 'text/xml' }, 'https://x/')[0].title).toBe('Привет');
    const utf16 = Buffer.from('\ufeff' + channel('<item><guid>1</guid><title>Grüße</title></item>'), 'utf16le');
    expect(parseFeed({ body: utf16, contentType: '' }, 'https://x/')[0].title).toBe('Grüße');
    const latin = Buffer.from(channel('<item><guid>1</guid><title>Grüße</title></item>'), 'latin1');
    expect(parseFeed({ body: latin, contentType: 'text/xml; charset=iso-8859-1' }, 'https://x/')[0].title).toBe(
      'Grüße',
    );
  });

  it('expands no declared entity, however many laughs it would be', () => {
    const laughs = `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;&lol;">]>${channel('<item><guid>1</guid><title>ha &lol1;</title></item>')}`;
    expect(parseFeed(xml(laughs), 'https://x/')[0].title).toBe('ha &lol1;');
    const file = `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${channel('<item><guid>1</guid><title>see &f;</title></item>')}`;
    expect(parseFeed(xml(file), 'https://x/')[0].title).not.toMatch(/root/);
  });

  it('is bounded in depth, number and length', () => {
    expect(() => parseFeed(xml(channel('<a>'.repeat(100_000))), 'https://x/')).toThrow(OutsideProblem);
    const many = channel(
      Array.from({ length: 2_000 }, (_, i) => `<item><guid>${i}</guid><title>t</title></item>`).join(''),
    );
    expect(parseFeed(xml(many), 'https://x/')).toHaveLength(500);
    const [long] = parseFeed(
      xml(channel(`<item><guid>1</guid><title>${'a'.repeat(1_000_000)}</title></item>`)),
      'https://x/',
    );
    expect(long.title).toHaveLength(400);
  });

  it('is told from a page that is none', () => {
    expect(() => parseFeed(xml('<html><body>Sign in</body></html>'), 'https://x/?secret=1')).toThrow(
      /https:\/\/x\/ gave no RSS/,
    );
    expect(() => parseFeed(xml(''), 'https://x/')).toThrow(OutsideProblem);
  });

  it('without a change gives nothing', async () => {
    const { io } = handedIo(rss.configSchema, world);
    expect(await rss.fetch!({ ...io, document: async () => null }, 0)).toEqual([]);
  });

  it('offers public feeds with one id and one address each', () => {
    expect(new Set(FEEDS.map(({ id }) => id)).size).toBe(FEEDS.length);
    expect(new Set(FEEDS.map(({ url }) => url)).size).toBe(FEEDS.length);
    for (const { url } of FEEDS) expect(webAddress(url)).not.toBeNull();
  });
});

describe('text that is shown', () => {
  it('has nothing invisible in it and never a half character', () => {
    expect(cleanText('a\u0000b\u202ec\u200b  d\ud800', 100)).toBe('abc d');
    expect(cleanText('😀'.repeat(10), 6)).toBe('😀😀…');
    expect(plainText('<p>a</p><p>b &lt;c&gt; &#x2014; d</p><style>x{}</style>', 100)).toBe('a b <c> — d');
  });

  it('links nowhere but to the web', () => {
    expect(webAddress('javascript:alert(1)')).toBeNull();
    expect(webAddress('data:text/html,x')).toBeNull();
    expect(webAddress('https://user:pass@example.org/a')).toBe('https://example.org/a');
  });
});

const frame = (time: number, record: object, rest: object = {}): string =>
  JSON.stringify({
    did: 'did:plc:a',
    time_us: time,
    kind: 'commit',
    commit: { operation: 'create', collection: 'app.bsky.feed.post', rkey: `r${time}`, record, ...rest },
  });

describe('the Bluesky firehose', () => {
  const frames = [
    frame(1_795_000_000_000_000, { text: 'One' }),
    frame(1_795_000_001_000_000, { text: 'Two', langs: ['en-GB'] }),
  ];
  it.each(newsConformance(bluesky, { answer: () => undefined, frames }))('$name', ({ run }) => run());

  const { config } = handedIo(bluesky.configSchema, { answer: () => undefined }).io;
  const read = (text: string) => bluesky.stream!.read(config, text)?.items ?? [];
  it('passes over answers, other languages, and what is no new post, and moves on all the same', () => {
    expect(read(frame(5_000_000, { text: 'x', reply: {} }))).toEqual([]);
    expect(read(frame(5_000_000, { text: 'x', langs: ['de'] }))).toEqual([]);
    expect(read(frame(5_000_000, { text: 'x' }, { operation: 'delete' }))).toEqual([]);
    // Whatever is asked for, changes of names and accounts come too.
    for (const kind of ['identity', 'account'])
      expect(
        bluesky.stream!.read(
          config,
          JSON.stringify({ did: 'did:plc:a', time_us: 6_000_000, kind, [kind]: { seq: 1 } }),
        ),
      ).toEqual({ items: [], cursor: '6000000' });
    expect(bluesky.stream!.read(config, frame(5_000_000, { text: '' }))).toEqual({ items: [], cursor: '5000000' });
  });

  it('asks for posts only, and starts a little before where it stopped', () => {
    expect(bluesky.stream!.url(config, '5000000')).toMatch(
      /\?wantedCollections=app.bsky.feed.post&maxMessageSizeBytes=1000000&cursor=3000000$/,
    );
    expect(bluesky.stream!.url(config, 'x&y')).not.toContain('cursor');
  });
});

describe('an incoming webhook', () => {
  const messages = [
    { title: 'One', id: '1' },
    { items: [{ title: 'Two', id: '2', publishedAt: '2026-11-01T00:00:00Z' }] },
  ];
  it.each(newsConformance(newsWebhook, { answer: () => undefined, messages: [...messages].reverse() }))(
    '$name',
    ({ run }) => run(),
  );

  it('says which field is wrong', () => {
    try {
      newsWebhook.receive!({}, { items: [{ title: 'a' }, { title: 7 }] }, 0);
      expect.unreachable();
    } catch (error) {
      expect((error as UserProblem).fields[0].path).toMatch(/items/);
    }
  });

  it('takes no date from the future and no markup', () => {
    const [item] = newsWebhook.receive!({}, { title: '<b>Hi</b>', url: 'javascript:x', publishedAt: 9e12 }, 1e12);
    expect(item).toMatchObject({ title: 'Hi', url: null, publishedAt: null });
  });
});
