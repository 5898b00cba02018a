import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useFeed, useLoad } from '../api/live';
import { HealthDocument, HealthFeedDocument } from '../generated/graphql';
import { venueRank } from '../format/names';
import { troubles } from './trouble';

/** Feeds, lanes, queues and storage, as the server last said. */
export const useHealth = defineStore('health', () => {
  const load = useLoad(
    HealthDocument,
    () => ({}),
    (data) => data.health,
  );
  useFeed(
    HealthFeedDocument,
    () => ({}),
    (data) => {
      load.data.value = data.health;
      load.loading.value = false;
    },
  );
  const health = load.data;
  const feeds = computed(() =>
    [...(health.value?.feeds ?? [])].sort((a, b) => venueRank(a.venue) - venueRank(b.venue)),
  );
  const trouble = computed(() => (health.value ? troubles(health.value) : []));
  return { health, error: load.error, loading: load.loading, feeds, trouble };
});
