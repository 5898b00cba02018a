import { computed, onBeforeUnmount, onMounted, ref, watch, type ComputedRef, type Ref } from 'vue';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Which rows of a long list stand on the screen, with `spare` more on either side.
 * `top` is where the first row is drawn (px from the top of the view, negative once scrolled), `view` the view's height.
 */
export function rowsInView(top: number, view: number, height: number, count: number, spare: number): Span {
  if (count === 0 || height <= 0) return { from: 0, to: 0 };
  // A list that is hardly longer than what is drawn anyway is drawn whole, for who prints the page as well.
  if (count <= 3 * spare) return { from: 0, to: count };
  const first = Math.floor(-top / height) - spare;
  const last = Math.ceil((view - top) / height) + spare;
  return { from: Math.min(Math.max(0, first), count), to: Math.min(Math.max(0, last), count) };
}

/**
 * Draws only the rows a person can see of a list that scrolls with the page. `before` and `after` are the heights that
 * stand for the rest. Row height is measured on the first row drawn.
 */
export function useRowWindow(
  body: Ref<HTMLElement | null>,
  count: () => number,
  guess: number,
): { span: ComputedRef<Span>; before: ComputedRef<number>; after: ComputedRef<number> } {
  const SPARE = 12;
  const top = ref(0);
  const view = ref(innerHeight);
  const height = ref(guess);
  let asked = false;

  function measure(): void {
    asked = false;
    if (!body.value) return;
    top.value = body.value.getBoundingClientRect().top;
    view.value = innerHeight;
    const row = body.value.querySelector<HTMLElement>('tr[aria-rowindex]');
    if (row && row.offsetHeight > 0) height.value = row.offsetHeight;
  }
  function ask(): void {
    if (asked) return;
    asked = true;
    requestAnimationFrame(measure);
  }
  onMounted(() => {
    addEventListener('scroll', ask, { passive: true });
    addEventListener('resize', ask);
    ask();
  });
  onBeforeUnmount(() => {
    removeEventListener('scroll', ask);
    removeEventListener('resize', ask);
  });
  watch(count, ask);

  const span = computed(() => rowsInView(top.value, view.value, height.value, count(), SPARE));
  return {
    span,
    before: computed(() => span.value.from * height.value),
    after: computed(() => (count() - span.value.to) * height.value),
  };
}
