import { strikeSpan, type MarketInfo } from '#core';
import { sameEnd, takeTimes } from './dates.js';
import { takeQuantities } from './quantities.js';

/** What two markets state differently beside their questions; '' where one says nothing of it. Never all there is to know. */
export interface StatedDifference {
  readonly kind: 'strike' | 'closes' | 'pays' | 'rules-numbers' | 'rules-times';
  readonly a: string;
  readonly b: string;
}

type Stated = Pick<MarketInfo, 'rules' | 'closesAt' | 'paysAt' | 'venueData'>;

/** Days, strikes, and the numbers and dates that only one rule text names. */
export function statedDifferences(a: Stated, b: Stated): readonly StatedDifference[] {
  const found: StatedDifference[] = [];
  const add = (kind: StatedDifference['kind'], one: string, two: string): void => {
    if (one !== two) found.push({ kind, a: one, b: two });
  };
  const [strikeA, strikeB] = [strikeSpan(a)?.label ?? '', strikeSpan(b)?.label ?? ''];
  if (strikeA !== '' && strikeB !== '') add('strike', strikeA, strikeB);
  add('closes', dayOf(a.closesAt), dayOf(b.closesAt));
  add('pays', dayOf(a.paysAt), dayOf(b.paysAt));
  const [timesA, timesB] = [takeTimes(a.rules), takeTimes(b.rules)];
  if (a.rules === '' || b.rules === '') return found;
  const [numbersA, numbersB] = [takeQuantities(timesA.rest).quantities, takeQuantities(timesB.rest).quantities];
  add(
    'rules-numbers',
    listed(numbersA.filter((one) => !numbersB.some((two) => two.value === one.value && two.measure === one.measure))),
    listed(numbersB.filter((one) => !numbersA.some((two) => two.value === one.value && two.measure === one.measure))),
  );
  add(
    'rules-times',
    listed(timesA.times.filter((one) => !timesB.times.some((two) => sameEnd(one, two)))),
    listed(timesB.times.filter((one) => !timesA.times.some((two) => sameEnd(one, two)))),
  );
  return found;
}

const dayOf = (at: number | null): string => (at === null ? '' : new Date(at).toISOString().slice(0, 10));
const listed = (parts: readonly { readonly text: string }[]): string =>
  [...new Set(parts.map(({ text }) => text))].join(', ');
