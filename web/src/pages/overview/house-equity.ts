import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { client, reconnections } from '../../api/client';
import { EquityDocument } from '../../generated/graphql';
import type { EquityPoint } from '../../stores/equity-tail';
import { sumCurves } from './house-sums';

const POINTS = 240;

/** The recorded equity of these accounts together; `null` until it is read. What cannot be read leaves what is there. */
export function useHouseEquity(accounts: () => readonly string[]): ShallowRef<readonly EquityPoint[] | null> {
  const points = shallowRef<readonly EquityPoint[] | null>(null);
  let round = 0;
  async function refresh(): Promise<void> {
    const mine = ++round;
    const answers = await Promise.all(
      accounts().map((account) => client.query(EquityDocument, { account, points: POINTS }).toPromise()),
    );
    if (mine !== round || answers.some(({ data }) => !data)) return;
    points.value = sumCurves(answers.map(({ data }) => data!.equity));
  }
  watch([() => accounts().join(' '), reconnections], () => void refresh(), { immediate: true });
  onScopeDispose(() => (round += 1));
  return points;
}
