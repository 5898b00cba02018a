import type { AnyVariables, TypedDocumentNode } from '@urql/vue';
import { changed, type Changes } from './changes';
import { useFeed, type Load } from './live';

/**
 * Keeps a list that was loaded as it is now. A socket that comes back begins with everything there is, so what happened
 * in between is in it.
 */
export function useFollowed<Row extends { readonly id: string }, Data, Variables extends AnyVariables>(
  list: Load<readonly Row[]>,
  document: TypedDocumentNode<Data, Variables>,
  variables: () => Variables | null,
  pick: (data: Data) => Changes<Row>,
  before: (a: Row, b: Row) => number,
): void {
  useFeed(document, variables, (data) => {
    list.data.value = changed(list.data.value ?? [], pick(data), before);
    list.loading.value = false;
    list.error.value = '';
  });
}
