/** Values a venue never sends, one for every kind of carelessness in a parser. */
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  Number.MAX_SAFE_INTEGER,
  0.1,
  '',
  'x',
  '-1',
  '1e9',
  '0x10',
  '99999999999999999999999999',
  '0.123456789',
  ' 0.5',
  '٣',
  '__proto__',
  'constructor',
  [],
  [[]],
  [null],
  [['0.5']],
  {},
  { toString: null },
  { length: 5 },
];

/**
 * Frames nobody should have to read, made from good ones: cut off, doubled, every value in turn replaced, wrapped,
 * renamed to names of prototypes, and much too long or deep. Deterministic; some thousands for a dozen good frames.
 */
export function* hostileFrames(good: readonly string[]): Generator<string> {
  yield* [
    '',
    ' ',
    '\0',
    '\uFEFF{}',
    'null',
    'true',
    '0',
    '""',
    '[]',
    '{}',
    '[[]]',
    '[{}]',
    '{"a":',
    '}{',
    'NaN',
    'PING',
  ];
  yield* ['{"__proto__":{"type":"x","event_type":"book"}}', '{"constructor":1,"toString":2,"hasOwnProperty":3}'];
  yield '['.repeat(200_000);
  yield `${'[{"a":'.repeat(5000)}1${'}]'.repeat(5000)}`;
  yield JSON.stringify('a'.repeat(1 << 20));
  yield 'x'.repeat(1 << 20);
  for (const frame of good) {
    for (let cut = 1; cut < frame.length; cut += Math.max(1, frame.length >> 5)) yield frame.slice(0, cut);
    yield frame + frame;
    yield `[${frame},${frame}]`;
    yield `[[${frame}]]`;
    yield `[${frame},null,7,"x"]`;
    yield frame.replaceAll('"', '');
    let body: unknown;
    try {
      body = JSON.parse(frame);
    } catch {
      continue;
    }
    for (const path of pathsOf(body)) {
      for (const value of HOSTILE_VALUES) yield JSON.stringify(replaced(body, path, value));
      if (path.length > 0) yield JSON.stringify(replaced(body, path, undefined));
    }
    yield JSON.stringify(replaced(body, [], { ...(body as object), extra: 'y'.repeat(1 << 20) }));
    yield JSON.stringify(long(body));
  }
}

type Path = readonly (string | number)[];

/** Every place of a JSON value, at most two entries deep into each list. */
function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    if (Array.isArray(value) && Number(key) > 1) return;
    yield* pathsOf((value as Record<string, unknown>)[key], [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function replaced(value: unknown, path: Path, by: unknown): unknown {
  if (path.length === 0) return by;
  const [key, ...rest] = path;
  const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const holder = copy as Record<string | number, unknown>;
  holder[key] = replaced(holder[key], rest, by);
  return copy;
}

/** Every list a thousand times as long. */
function long(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from({ length: 1000 }, () => (value as unknown[])[0] ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, long(one)]));
}
