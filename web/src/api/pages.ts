import type { AnyVariables, TypedDocumentNode } from '@urql/vue';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { client, reconnections } from './client';
import { sentence } from './live';

export interface Page<Row> {
  readonly items: readonly Row[];
  readonly total?: number;
  readonly endCursor?: string | null;
  readonly hasNextPage: boolean;
}

/** A list whose every row is drawn goes no further: thousands make a page that hardly moves. */
export const MOST_DRAWN = 500;
/** One that is drawn by window (`DrawnRows`), where a row costs little; lists that load as they scroll have no end. */
export const MOST_IN_WINDOW = 2_000;

/** A list that grows by "more" up to `most` rows: starts anew when its filter changes. */
export function usePages<Data, Variables extends AnyVariables, Row>(
  document: TypedDocumentNode<Data, Variables>,
  filter: () => Variables,
  pick: (data: Data) => Page<Row>,
  most = MOST_DRAWN,
) {
  const rows = shallowRef<readonly Row[]>([]);
  const total = ref<number | null>(null);
  const cursor = ref<string | null>(null);
  const loading = ref(true);
  const more = ref(false);
  const error = ref('');
  let round = 0;

  async function ask(after: string | null): Promise<void> {
    const mine = ++round;
    if (after === null) loading.value = true;
    else more.value = true;
    const result = await client.query(document, { ...filter(), after } as Variables).toPromise();
    if (mine !== round) return;
    loading.value = false;
    more.value = false;
    error.value = result.error ? sentence(result.error) : '';
    if (!result.data) return;
    const page = pick(result.data);
    rows.value = after === null ? page.items : [...rows.value, ...page.items];
    total.value = page.total ?? null;
    cursor.value = page.hasNextPage ? (page.endCursor ?? null) : null;
  }

  /** Asks again for all that is loaded and shows it at once: rows keep their place on the page. */
  async function renew(): Promise<void> {
    const mine = ++round;
    const fresh: Row[] = [];
    let after: string | null = null;
    do {
      const result = await client.query(document, { ...filter(), after } as Variables).toPromise();
      if (mine !== round) return;
      error.value = result.error ? sentence(result.error) : '';
      if (!result.data) return;
      const page = pick(result.data);
      fresh.push(...page.items);
      total.value = page.total ?? null;
      after = page.hasNextPage ? (page.endCursor ?? null) : null;
    } while (after !== null && fresh.length < rows.value.length);
    rows.value = fresh;
    cursor.value = after;
    loading.value = false;
    more.value = false;
  }

  watch(
    () => JSON.stringify(filter()),
    () => {
      rows.value = [];
      total.value = null;
      void ask(null);
    },
    { immediate: true },
  );
  watch(reconnections, () => void (rows.value.length === 0 ? ask(null) : renew()));
  onScopeDispose(() => (round += 1));

  return {
    rows,
    total,
    loading,
    loadingMore: more,
    error,
    hasMore: computed(() => cursor.value !== null && rows.value.length < most),
    /** There are more, and the list goes no further. */
    full: computed(() => cursor.value !== null && rows.value.length >= most),
    refresh: () => ask(null),
    renew,
    loadMore: () => (cursor.value === null || rows.value.length >= most ? Promise.resolve() : ask(cursor.value)),
  };
}
