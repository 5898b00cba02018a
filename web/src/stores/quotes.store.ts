import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { useFeed } from '../api/live';
import { QuotesFeedDocument, type QuoteFieldsFragment } from '../generated/graphql';

export type Quote = QuoteFieldsFragment;

/** The newest quote of every market this page has seen. Older news never overwrites newer. */
export const useQuotes = defineStore('quotes', () => {
  const byMarket = shallowReactive(new Map<string, Quote>());

  function take(quotes: readonly (Quote | null | undefined)[]): void {
    for (const quote of quotes) {
      if (!quote) continue;
      const known = byMarket.get(quote.market);
      if (!known || quote.at > known.at || (quote.at === known.at && quote.seq >= known.seq))
        byMarket.set(quote.market, quote);
    }
  }
  const of = (market: string, fallback?: Quote | null): Quote | null => byMarket.get(market) ?? fallback ?? null;
  return { byMarket, take, of };
});

/** Keeps the quotes of these markets fresh while the component lives; `[]` means every linked market, `null` none. */
export function useQuoteFeed(
  markets: () => readonly string[] | null,
  also: (quotes: readonly Quote[]) => void = () => undefined,
): void {
  const store = useQuotes();
  useFeed(
    QuotesFeedDocument,
    () => {
      const wanted = markets();
      return wanted === null ? null : { markets: [...wanted] };
    },
    (data) => {
      store.take(data.quotes);
      also(data.quotes);
    },
  );
}
