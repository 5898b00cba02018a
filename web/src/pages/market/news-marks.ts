import { computed, type ComputedRef, type Ref } from 'vue';
import { useFeed, useLoad } from '../../api/live';
import type { NewsMark } from '../../charts/price-series';
import { MarketNewsDocument, NewsTouchedNowDocument } from '../../generated/graphql';

const MINUTE = 60_000;

/** News that took a side on a market within the range, oldest first, asked for again when there is more. */
export function useNewsMarks(market: () => string | null, seconds: Ref<number>): ComputedRef<readonly NewsMark[]> {
  const load = useLoad(
    MarketNewsDocument,
    () => {
      const id = market();
      // By whole minutes, so that the question stays the same for a while.
      const from = seconds.value === 0 ? 0 : Math.floor((Date.now() - seconds.value * 1_000) / MINUTE) * MINUTE;
      return id === null ? null : { market: id, from };
    },
    (data) => data.newsMarks,
  );
  useFeed(
    NewsTouchedNowDocument,
    () => {
      const id = market();
      return id === null ? null : { market: id };
    },
    () => void load.refresh(),
  );
  return computed(() => load.data.value ?? []);
}
