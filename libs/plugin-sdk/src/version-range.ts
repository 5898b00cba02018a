type Version = readonly [major: number, minor: number, patch: number];
type Test = (version: Version) => boolean;

const COMPARATOR = /^(\^|~|>=|<=|>|<|=)?v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?$/;

/**
 * Whether a range in npm's syntax (`^1.2`, `~1.2.3`, `1.x`, `>=1 <3`, alternatives by `||`) admits a version; `null` when it
 * is no range. Pre-releases are not offered by this contract, so a range has no place for them.
 */
export function admits(range: string, version: string): boolean | null {
  const wanted = version.split('-', 1)[0].split('.').map(Number) as unknown as Version;
  let admitted = false;
  for (const alternative of range.split('||')) {
    const tests = alternative.trim().split(/\s+/).filter(Boolean).map(comparator);
    if (tests.length === 0 || tests.includes(null)) return null;
    admitted ||= tests.every((test) => test?.(wanted));
  }
  return admitted;
}

function comparator(text: string): Test | null {
  const [, operator = '', ...parts] = COMPARATOR.exec(text) ?? [];
  if (parts.length === 0) return null;
  const given = parts.filter((part) => part !== undefined && /^\d+$/.test(part)).map(Number);
  const low: Version = [given[0] ?? 0, given[1] ?? 0, given[2] ?? 0];
  if (given.length === 0) return operator === '<' || operator === '>' ? () => false : () => true;
  const after = next(low, given.length);
  switch (operator) {
    case '^':
      return between(low, next(low, low[0] > 0 || given.length === 1 ? 1 : low[1] > 0 || given.length === 2 ? 2 : 3));
    case '~':
      return between(low, next(low, Math.min(2, given.length)));
    case '>=':
      return (version) => compare(version, low) >= 0;
    case '>':
      return (version) => compare(version, after) >= 0;
    case '<':
      return (version) => compare(version, low) < 0;
    case '<=':
      return (version) => compare(version, after) < 0;
    default:
      return between(low, after);
  }
}

/** The first version that differs within the first `parts` numbers. */
const next = ([major, minor, patch]: Version, parts: number): Version =>
  parts === 1 ? [major + 1, 0, 0] : parts === 2 ? [major, minor + 1, 0] : [major, minor, patch + 1];

const between =
  (low: Version, end: Version): Test =>
  (version) =>
    compare(version, low) >= 0 && compare(version, end) < 0;

const compare = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
