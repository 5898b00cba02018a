import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { useFeed, useLoad } from '../api/live';
import {
  OpportunitiesFeedDocument,
  OpportunityCountsDocument,
  type OpportunityFieldsFragment,
} from '../generated/graphql';
import { mergeNewest } from './merge';

export type Opportunity = OpportunityFieldsFragment;

const KEPT = 200;

/** What the feed brought since the page was opened, and the counts, asked for again at most every 2 s while it moves. */
export const useOpportunities = defineStore('opportunities', () => {
  const fresh = shallowRef<readonly Opportunity[]>([]);
  const counts = useLoad(
    OpportunityCountsDocument,
    () => ({}),
    (data) => data.opportunityCounts,
  );
  /** Grows when the feed begins, at first and after each loss: what was loaded before is asked for again. */
  const begun = ref(0);
  let due: ReturnType<typeof setTimeout> | undefined;

  useFeed(
    OpportunitiesFeedDocument,
    () => ({}),
    (data) => {
      fresh.value = mergeNewest(fresh.value, data.opportunities, (row) => row.updatedAt, KEPT);
      due ??= setTimeout(() => {
        due = undefined;
        void counts.refresh();
      }, 2_000);
    },
    () => (begun.value += 1),
  );
  const total = computed(() => {
    const value = counts.data.value;
    return value ? value.accepted + value.denied + value.netNegative + value.shadow : null;
  });
  return { fresh, begun, counts: counts.data, countsError: counts.error, total };
});
