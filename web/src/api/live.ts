import type { AnyVariables, TypedDocumentNode } from '@urql/vue';
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { client, reconnections } from './client';

/** Something asked for once, and again whenever its variables change or the socket was lost in between. */
export interface Load<T> {
  readonly data: ShallowRef<T | null>;
  /** A sentence; the last data stays on the page. */
  readonly error: Ref<string>;
  /** True only while there is nothing to show yet. */
  readonly loading: Ref<boolean>;
  refresh(): Promise<void>;
}

/** `variables` returning `null` means: not yet. */
export function useLoad<Data, Variables extends AnyVariables, T>(
  document: TypedDocumentNode<Data, Variables>,
  variables: () => Variables | null,
  pick: (data: Data) => T,
): Load<T> {
  const data = shallowRef<T | null>(null);
  const error = ref('');
  const loading = ref(true);
  let round = 0;

  async function refresh(): Promise<void> {
    const asked = variables();
    if (asked === null) return;
    const mine = ++round;
    loading.value = data.value === null;
    const result = await client.query(document, asked).toPromise();
    if (mine !== round) return;
    error.value = result.error ? sentence(result.error) : '';
    if (result.data) data.value = pick(result.data);
    loading.value = false;
  }

  watch(
    () => JSON.stringify(variables()),
    () => void refresh(),
    { immediate: true },
  );
  watch(reconnections, () => void refresh());
  onScopeDispose(() => (round += 1));
  return { data, error, loading, refresh };
}

/**
 * Keeps a subscription open while the component lives; opens it anew when its variables change or it ends, and the socket
 * does when it was lost. `begun` runs with the first answer each time: what was read before it may lack what was written in
 * between, what is read from then on may not.
 */
export function useFeed<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: () => Variables | null,
  take: (data: Data) => void,
  begun: () => void = () => undefined,
): void {
  let stop: () => void = () => undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  /** Which of the sockets brought the last answer. */
  let socket = -1;

  function open(): void {
    stop();
    clearTimeout(again);
    const asked = variables();
    if (asked === null) return;
    let over = false;
    socket = -1;
    const handle = client.subscription(document, asked).subscribe((result) => {
      if (over) return;
      if (result.data) {
        const first = socket !== reconnections.value;
        socket = reconnections.value;
        take(result.data);
        if (first) begun();
      }
      // An error or an end is not final: the server may have been restarted under us.
      if (result.error || !result.hasNext) {
        over = true;
        again = setTimeout(open, 2_000);
      }
    });
    stop = () => {
      over = true;
      handle.unsubscribe();
    };
  }

  watch(() => JSON.stringify(variables()), open, { immediate: true });
  onScopeDispose(() => {
    clearTimeout(again);
    stop();
  });
}

export function sentence(error: { message: string; networkError?: Error }): string {
  if (error.networkError) return 'The server does not answer. Is it running? Try again in a moment.';
  return error.message.replace(/^\[GraphQL\] /, '');
}
