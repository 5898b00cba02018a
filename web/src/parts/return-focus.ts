import { nextTick, watch, type Ref } from 'vue';

/** Whoever opened a drawer or a question by keyboard is back at the same place once it is closed. */
export function useReturnFocus(open: Ref<boolean>): void {
  let from: Element | null = null;
  watch(
    open,
    async (now) => {
      if (now) {
        from = document.activeElement;
        return;
      }
      await nextTick();
      if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
      from = null;
    },
    { immediate: true, flush: 'sync' },
  );
}
