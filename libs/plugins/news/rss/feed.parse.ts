import { Parser } from 'htmlparser2';
import { OutsideProblem, type Instant } from '#core';
import type { NewsDocument, NewsItem } from '#plugin-sdk';
import { cleanText, plainText, webAddress } from '../plain-text.js';

const MOST_ITEMS = 500;
const MOST_FIELD = 64_000;
const MOST_DEPTH = 64;
export const TITLE_LENGTH = 400;
export const TEXT_LENGTH = 4_000;

/** What of an entry is read, under the names RSS 0.9-2.0, RDF, Atom and Dublin Core give it. */
interface Entry {
  id: string;
  title: string;
  text: string;
  link: string;
  published: string;
  updated: string;
}
type Field = keyof Entry;

const FIELDS: Readonly<Record<string, Field>> = {
  guid: 'id',
  id: 'id',
  title: 'title',
  description: 'text',
  summary: 'text',
  'content:encoded': 'text',
  content: 'text',
  link: 'link',
  pubdate: 'published',
  published: 'published',
  issued: 'published',
  'dc:date': 'published',
  updated: 'updated',
  modified: 'updated',
};
const ENTRIES: ReadonlySet<string> = new Set(['item', 'entry']);
const ROOTS: ReadonlySet<string> = new Set(['rss', 'feed', 'rdf:rdf']);

/**
 * Items of an RSS or Atom document, oldest first, each once. Reads it as a stream without building a tree, expands no
 * entity a document type declares, and stops at bounds of number, length and depth: hostile feeds cost what honest ones
 * cost.
 *
 * @throws OutsideProblem for what is no feed.
 */
export function parseFeed(document: NewsDocument, address: string): readonly NewsItem[] {
  const entries: Entry[] = [];
  const path: string[] = [];
  let entry: Entry | null = null;
  let entryDepth = 0;
  let field: Field | null = null;
  let fieldDepth = 0;
  let collected = '';
  let root = '';
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const tag = name.toLowerCase();
        path.push(tag);
        if (path.length > MOST_DEPTH) throw tooDeep(address);
        if (root === '') root = tag;
        if (field !== null) {
          // Markup inside a field (Atom's xhtml): its text is read, its elements keep words apart.
          collected += ' ';
          return;
        }
        if (entry === null) {
          if (!ENTRIES.has(tag) || entries.length >= MOST_ITEMS) return;
          entry = { id: attributes['rdf:about'] ?? '', title: '', text: '', link: '', published: '', updated: '' };
          entryDepth = path.length;
          return;
        }
        if (path.length !== entryDepth + 1) return;
        if (tag === 'link' && attributes['href'] !== undefined) {
          const { rel = 'alternate', href } = attributes;
          if (rel === 'alternate' && entry.link === '') entry.link = href.slice(0, MOST_FIELD);
          return;
        }
        if (!Object.hasOwn(FIELDS, tag)) return;
        field = FIELDS[tag];
        fieldDepth = path.length;
        collected = '';
      },
      ontext(part) {
        if (field !== null && collected.length < MOST_FIELD) collected += part.slice(0, MOST_FIELD - collected.length);
      },
      onclosetag() {
        if (field !== null && path.length === fieldDepth) {
          // The first wins, but a whole body is better than a summary cut short.
          if (entry![field] === '' || (field === 'text' && collected.length > entry!.text.length))
            entry![field] = collected;
          field = null;
        }
        if (entry !== null && path.length === entryDepth) {
          entries.push(entry);
          entry = null;
        }
        path.pop();
      },
    },
    { xmlMode: true, decodeEntities: true, recognizeSelfClosing: true },
  );
  parser.end(decoded(document));
  if (!ROOTS.has(root)) throw new OutsideProblem(`${place(address)} gave no RSS or Atom feed`, false);

  const items = new Map<string, NewsItem>();
  for (const one of entries) {
    const item = itemOf(one, address);
    if (item !== null && !items.has(item.id)) items.set(item.id, item);
  }
  // Feeds give the newest first; the order among items of one moment, or of none, is kept turned round.
  return [...items.values()]
    .reverse()
    .map((item, index) => ({ item, index }))
    .sort((a, b) => (a.item.publishedAt ?? 0) - (b.item.publishedAt ?? 0) || a.index - b.index)
    .map(({ item }) => item);
}

function itemOf(entry: Entry, address: string): NewsItem | null {
  const text = plainText(entry.text, TEXT_LENGTH);
  const title = plainText(entry.title, TITLE_LENGTH) || plainText(entry.text, 140);
  if (title === '') return null;
  const url = webAddress(entry.link, address);
  const publishedAt = moment(entry.published) ?? moment(entry.updated);
  const id = cleanText(entry.id, 500) || url || `${publishedAt ?? ''} ${title}`;
  return { id, title, text: text === title ? '' : text, url, publishedAt };
}

function moment(text: string): Instant | null {
  const at = Date.parse(text.trim());
  return Number.isSafeInteger(at) && at > 0 ? at : null;
}

/** The text of a document in the encoding its mark, its header or its first line names; UTF-8 without any. */
export function decoded({ body, contentType }: NewsDocument): string {
  const head = new TextDecoder('latin1').decode(body.subarray(0, 256));
  const marked = head.startsWith('\u00ef\u00bb\u00bf')
    ? 'utf-8'
    : head.startsWith('\u00ff\u00fe')
      ? 'utf-16le'
      : head.startsWith('\u00fe\u00ff')
        ? 'utf-16be'
        : null;
  const named =
    marked ??
    /charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType)?.[1] ??
    /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/i.exec(head)?.[1] ??
    'utf-8';
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(named);
  } catch {
    decoder = new TextDecoder('utf-8');
  }
  return decoder.decode(body);
}

const place = (address: string): string => address.split('?', 1)[0];
const tooDeep = (address: string): OutsideProblem =>
  new OutsideProblem(`the document at ${place(address)} is nested deeper than ${MOST_DEPTH} elements`, false);
