import { computed, type ComputedRef } from 'vue';
import type { FillMark } from '../../charts/price-series';
import { cents, complement, size, venueName, words } from '../../format';
import { fillOf } from '../../stores/journal-body';
import { useJournalTail, type Entry } from '../../stores/journal-tail';
import type { Side } from './sides';

const MOST = 200;

/** Fills of the first two sides, newest first. A market has at most a handful of links; two are drawn. */
export function useSideFills(sides: () => readonly Side[]): ComputedRef<readonly Entry[]> {
  const none = '';
  const tails = [0, 1].map((index) =>
    useJournalTail(() => ({ kinds: ['fill', 'settlement'], market: sides()[index]?.market.id ?? none }), MOST),
  );
  return computed(() =>
    tails.flatMap((tail) => tail.entries.value).sort((a, b) => b.seq - a.seq || b.ordinal - a.ordinal),
  );
}

/** Fills as marks on the price chart, at the price of the page's YES. */
export function useFillMarks(sides: () => readonly Side[]): ComputedRef<FillMark[]> {
  const entries = useSideFills(sides);
  return computed(() =>
    entries.value.flatMap((entry) => {
      const fill = fillOf(entry);
      const side = fill && sides().find((each) => each.market.id === fill.market);
      if (!fill || !side) return [];
      const ofItsYes = fill.outcome === 'yes' ? fill.price : complement(fill.price);
      const long = (fill.outcome === 'yes') === (fill.action === 'buy');
      return [
        {
          at: entry.at,
          price: side.inverse ? complement(ofItsYes) : ofItsYes,
          long: side.inverse ? !long : long,
          text: `${venueName(side.market.venue)}: ${words(fill.action).toLowerCase()} ${size(fill.size)} ${fill.outcome.toUpperCase()} at ${cents(fill.price)}`,
        },
      ];
    }),
  );
}
