import type { Span } from '../../charts/price-series';

/** Carries continuity on with live quotes: a change of trust ends the open span and begins the next. */
export function followTrust(
  spans: readonly Span[],
  quotes: readonly { at: number; trusted: boolean }[],
): readonly Span[] {
  let result = spans;
  for (const quote of quotes) {
    const last = result.at(-1);
    if (last && (last.trusted === quote.trusted || quote.at < last.from)) continue;
    const next: Span = {
      from: quote.at,
      to: null,
      trusted: quote.trusted,
      reason: quote.trusted ? 'snapshot' : 'resync',
    };
    result = last ? [...result.slice(0, -1), { ...last, to: last.to ?? quote.at }, next] : [next];
  }
  return result;
}
