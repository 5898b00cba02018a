import { computed, onScopeDispose, type ComputedRef, type Ref } from 'vue';
import { useLoad } from '../../api/live';
import type { NewsMark } from '../../charts/price-series';
import { MarketNewsDocument } from '../../generated/graphql';

const EVERY_MS = 5_000;
const MINUTE = 60_000;

/** News that took a side on a market within the range, oldest first, asked for again while the page is looked at. */
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
  const timer = setInterval(() => {
    if (!document.hidden) void load.refresh();
  }, EVERY_MS);
  onScopeDispose(() => clearInterval(timer));
  return computed(() => load.data.value ?? []);
}
