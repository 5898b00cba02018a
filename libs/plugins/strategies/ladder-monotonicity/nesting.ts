import { strikeMeasure, strikeSpan, type MarketInfo, type StrikeSpan } from '#core';

/** A reviewed statement that whenever `narrow` pays YES, `wide` does: "by March" within "by June". */
export interface ReviewedNesting {
  readonly narrow: string;
  readonly wide: string;
  /** Probability that the narrow one pays and the wide one does not, because their rules differ. */
  readonly mismatch: number;
}

/** How it is known that one market's YES is part of another's. */
export interface Nesting {
  /** Says what lies in what; with the group, the identity of the pair. */
  readonly name: string;
  readonly mismatch: number;
}

/**
 * Whether `narrow` lies within `wide`, two markets of one event; `null` unless that is certain. It is certain from strikes
 * the venue states as numbers, of one measure, in markets that close together; or from a person's review. A title or a rules
 * text proves nothing: "by March" may be another question than "by June", and only a reader can tell.
 */
export function nestingOf(narrow: MarketInfo, wide: MarketInfo, reviewed: readonly ReviewedNesting[]): Nesting | null {
  const row = reviewed.find((one) => one.narrow === narrow.id && one.wide === wide.id);
  if (row !== undefined) return { name: `${nameOf(narrow)} within ${nameOf(wide)}`, mismatch: row.mismatch };
  if (narrow.group === null || narrow.group !== wide.group) return null;
  const measure = strikeMeasure(narrow);
  if (measure === null || measure !== strikeMeasure(wide)) return null;
  const inner = strikeSpan(narrow);
  const outer = strikeSpan(wide);
  if (inner === null || outer === null || !lies(inner, outer)) return null;
  return { name: `${inner.label} within ${outer.label}`, mismatch: 0 };
}

/** Properly within: two spans that are the same say nothing about each other's order. */
function lies(inner: StrikeSpan, outer: StrikeSpan): boolean {
  // What may or may not hold its own ends holds nothing for certain; as the inner one it counts with both.
  if (!outer.endsKnown) return false;
  const low = inner.low > outer.low || (inner.low === outer.low && (outer.lowIn || !inner.lowIn));
  const high = inner.high < outer.high || (inner.high === outer.high && (outer.highIn || !inner.highIn));
  const same =
    inner.low === outer.low &&
    inner.high === outer.high &&
    inner.lowIn === outer.lowIn &&
    inner.highIn === outer.highIn;
  return low && high && !same;
}

/** What YES of a market is called among those of its event. */
function nameOf({ title, venueData }: MarketInfo): string {
  const yes = venueData['yesOutcome'] ?? '';
  return yes === '' || yes.toLowerCase() === 'yes' ? title : yes;
}
