import { shallowRef, watch, type Ref, type ShallowRef } from 'vue';

export interface EquityPoint {
  readonly at: number;
  readonly equity: number;
}

const EVERY_MS = 1_000;
const MOST = 1_200;

/** The recorded curve, continued by the live account: at most one point a second. */
export function useEquityTail(
  history: Ref<readonly EquityPoint[] | null>,
  account: Ref<{ readonly id: string; readonly equity: number } | null>,
): ShallowRef<readonly EquityPoint[]> {
  const points = shallowRef<readonly EquityPoint[]>([]);
  watch(history, (rows) => (points.value = rows ?? []), { immediate: true });
  watch(account, (now, before) => {
    if (now && before && now.id !== before.id) points.value = [];
    else if (now) points.value = extend(points.value, { at: Date.now(), equity: now.equity });
  });
  return points;
}

export function extend(points: readonly EquityPoint[], point: EquityPoint): readonly EquityPoint[] {
  const last = points.at(-1);
  if (last && point.at - last.at < EVERY_MS) return points;
  return [...points.slice(-MOST + 1), point];
}
