// Labelled headlines as rows, and which of them may be learned from.
import { readFileSync } from 'node:fs';

/** 0 bearish, 1 bullish, 2 neutral in the file; the model's own order is this one. */
export const LABELS = ['negative', 'positive', 'neutral'];

/** Rows of a CSV file with a header `text,label`; quotes and line breaks inside quotes as RFC 4180 has them. */
export function readRows(file) {
  const text = readFileSync(file, 'utf8');
  const rows = [];
  let field = '';
  let row = [];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',') {
      row.push(field);
      field = '';
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++;
      row.push(field);
      rows.push(row);
      field = '';
      row = [];
    } else field += c;
  }
  if (field !== '' || row.length > 0) rows.push([...row, field]);
  const [header, ...body] = rows;
  const at = { text: header.indexOf('text'), label: header.indexOf('label') };
  if (at.text < 0 || at.label < 0) throw new RangeError(`${file} has no columns text and label`);
  return body
    .filter((cells) => cells.length === header.length)
    .map((cells) => ({ text: cells[at.text], label: Number(cells[at.label]) }))
    .filter(({ text: words, label }) => words.trim() !== '' && label in LABELS);
}

/** What makes two rows the same story: no address, no ticker, no number. Copies fall on one side of the split together. */
export const storyOf = (text) =>
  (
    text
      .replace(/https?:\/\/\S+/g, ' ')
      .replace(/\$[A-Za-z][\w.]*/g, ' ')
      .toLowerCase()
      .match(/[a-z]+/g) ?? []
  ).join(' ');

/** Every story goes to train (8 of 10), choose (1) or test (1) by a hash of its words: for good, in any order of rows. */
export function partOf(text) {
  let hash = 0x811c9dc5;
  for (const c of storyOf(text)) hash = Math.imul(hash ^ c.charCodeAt(0), 0x01000193) >>> 0;
  const tenth = ((hash ^ (hash >>> 15)) >>> 0) % 10;
  return tenth === 0 ? 'test' : tenth === 1 ? 'choose' : 'train';
}

export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
