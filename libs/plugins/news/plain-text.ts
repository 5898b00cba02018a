import { Parser } from 'htmlparser2';

/** Elements whose text is not for reading. */
const SILENT: ReadonlySet<string> = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'object', 'svg']);
const BREAKS: ReadonlySet<string> = new Set(['p', 'br', 'div', 'li', 'tr', 'h1', 'h2', 'h3', 'h4', 'blockquote']);
// Control characters, and the marks that turn the direction of text or have no width: they can make one text look like another.
const UNSEEN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * What a person would read of a piece of HTML: no element, no script, entities decoded, spaces as single ones, nothing
 * invisible; at most `most` characters. Text without any HTML comes back as it is.
 */
export function plainText(html: string, most: number): string {
  let text = '';
  let silent = 0;
  const parser = new Parser({
    onopentagname(name) {
      if (SILENT.has(name)) silent++;
      else if (BREAKS.has(name)) text += ' ';
    },
    ontext(part) {
      if (silent === 0 && text.length < 4 * most) text += part;
    },
    onclosetag(name) {
      if (SILENT.has(name)) silent = Math.max(0, silent - 1);
      else if (BREAKS.has(name)) text += ' ';
    },
  });
  parser.end(html.slice(0, 16 * most));
  return cleanText(text, most);
}

/** Text that is no HTML, made safe to keep and show. */
export function cleanText(text: string, most: number): string {
  const clean = text.replace(UNSEEN, '').replace(LONE_SURROGATE, '').replace(/\s+/gu, ' ').trim();
  if (clean.length <= most) return clean;
  // Not in the middle of a pair.
  const cut = clean.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '');
  return `${cut.trimEnd()}…`;
}

/** An address one may put behind a link; `null` for anything else. */
export function webAddress(text: string, base?: string): string | null {
  try {
    const url = new URL(text.trim(), base);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
    url.username = '';
    url.password = '';
    return url.href.length <= 2_000 ? url.href : null;
  } catch {
    return null;
  }
}
