import { onScopeDispose, ref, type Ref } from 'vue';

/** Whether the window is at most so many px wide: a table then leaves out what can be done without. */
export function useNarrow(px: number): Readonly<Ref<boolean>> {
  const query = matchMedia(`(max-width: ${px}px)`);
  const narrow = ref(query.matches);
  const look = (): void => void (narrow.value = query.matches);
  query.addEventListener('change', look);
  onScopeDispose(() => query.removeEventListener('change', look));
  return narrow;
}
