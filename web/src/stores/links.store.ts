import { defineStore } from 'pinia';
import { computed, watch } from 'vue';
import { useLoad } from '../api/live';
import { LinksDocument, type LinkRowFragment } from '../generated/graphql';
import { nativeOf, shortId } from '../format';
import { useQuotes } from './quotes.store';

/** Reviewed links and their markets: the pairs the desk watches, and the titles it knows markets by. */
export const useLinks = defineStore('links', () => {
  const load = useLoad(
    LinksDocument,
    () => ({}),
    (data) => data.links,
  );
  const quotes = useQuotes();
  watch(load.data, (links) => quotes.take((links ?? []).flatMap((link) => [link.a.quote, link.b.quote])));

  const links = computed<readonly LinkRowFragment[]>(() => load.data.value ?? []);
  const markets = computed(
    () => new Map(links.value.flatMap((link) => [link.a, link.b]).map((market) => [market.id, market])),
  );
  const titleOf = (market: string): string => markets.value.get(market)?.title ?? shortId(nativeOf(market), 14);
  return { links, titleOf, error: load.error, loading: load.loading, refresh: load.refresh };
});
