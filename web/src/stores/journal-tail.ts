import { computed, shallowRef, type ComputedRef } from 'vue';
import { useFeed, useLoad, type Load } from '../api/live';
import { JournalDocument, JournalFeedDocument } from '../generated/graphql';
import { newest, type Entry, type JournalFilter } from './journal-order';

export type { Entry } from './journal-order';

/** The newest entries of the journal that pass a filter, live. Order is the tape's: `seq`, then `ordinal`. */
export function useJournalTail(
  filter: () => JournalFilter,
  most: number,
): { entries: ComputedRef<readonly Entry[]>; load: Load<readonly Entry[]> } {
  const fresh = shallowRef<readonly Entry[]>([]);
  const load = useLoad(
    JournalDocument,
    () => {
      const { kinds, market, account } = filter();
      return { kinds: kinds.length > 0 ? [...kinds] : null, market, account, first: most };
    },
    (data) => data.journal.items,
  );
  useFeed(
    JournalFeedDocument,
    () => ({ kinds: filter().kinds.length > 0 ? [...filter().kinds] : null }),
    (data) => (fresh.value = [...data.journal, ...fresh.value].slice(0, most * 2)),
    () => void load.refresh(),
  );
  const entries = computed(() => newest([...fresh.value, ...(load.data.value ?? [])], filter(), most));
  return { entries, load };
}
