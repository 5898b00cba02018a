const SUSPECT = /[\0\ud800-\udfff]/;
const LONE = /\p{Surrogate}/gu;

/** Whether PostgreSQL's text gives exactly this string back: no NUL character, no half of a surrogate pair. */
export const storable = (text: string): boolean =>
  !SUSPECT.test(text) || (!text.includes('\0') && text.search(LONE) < 0);

/** For columns that are only looked at: what cannot be stored becomes U+FFFD. */
export const shown = (text: string): string =>
  storable(text) ? text : text.replaceAll('\0', '\ufffd').replace(LONE, '\ufffd');

/** JSON that `jsonb` accepts. `json` columns take `JSON.stringify` as it is: escapes keep every string whole there. */
export function shownJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  if (!text.includes('\\u0000') && !text.includes('\\ud')) return text;
  return JSON.stringify(clean(value));
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return shown(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [shown(key), clean(each)]));
}
