import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { client, reconnections } from '../../api/client';
import { sentence } from '../../api/live';
import { appendBeliefs, beliefsOf, NO_BELIEFS, refineBeliefs, type Beliefs } from '../../charts/belief-series';
import { BeliefsDocument } from '../../generated/graphql';

const POINTS = 1_000;
const MOST_ROWS = 6_000;
const EVERY_MS = 2_000;
/** Asked for again with each turn, so that an estimate that was committed late is not missed. */
const OVERLAP_MS = 1_000;

/** What models believe of a market over the range, continued live. `seconds` 0 is everything there is. */
export function useBeliefs(market: () => string | null, seconds: Ref<number>) {
  const beliefs = shallowRef<Beliefs>(NO_BELIEFS);
  /** A sentence; what is drawn stays. */
  const error = ref('');
  let round = 0;
  const start = (): number => (seconds.value === 0 ? 0 : Date.now() - seconds.value * 1_000);
  const ask = async (from: number, to: number | null): Promise<Beliefs | null> => {
    const id = market();
    if (id === null) return null;
    const mine = round;
    const { data, error: problem } = await client
      .query(BeliefsDocument, {
        market: id,
        from: Math.floor(from),
        to,
        points: POINTS,
      })
      .toPromise();
    if (mine !== round) return null;
    error.value = problem ? sentence(problem) : '';
    return data ? beliefsOf(data.beliefs) : null;
  };

  async function refresh(): Promise<void> {
    round++;
    const answer = await ask(start(), null);
    if (answer) beliefs.value = answer;
  }
  async function sharpen(from: number, to: number): Promise<void> {
    const answer = await ask(from, Math.ceil(to));
    if (answer) beliefs.value = refineBeliefs(beliefs.value, answer, from, to);
  }
  async function goOn(): Promise<void> {
    if (document.hidden) return;
    const newest = Math.max(...beliefs.value.fair.map((track) => track.at.at(-1) ?? 0), 0);
    const answer = await ask(newest === 0 ? Math.max(start(), Date.now() - 60_000) : newest - OVERLAP_MS, null);
    if (answer) beliefs.value = appendBeliefs(beliefs.value, answer, start(), MOST_ROWS);
  }

  /** The API has no subscription of estimates; new ones are asked for while the page is looked at. */
  const timer = setInterval(() => void goOn(), EVERY_MS);
  watch(
    [market, seconds],
    () => {
      beliefs.value = NO_BELIEFS;
      void refresh();
    },
    { immediate: true },
  );
  watch(reconnections, () => void refresh());
  onScopeDispose(() => {
    round++;
    clearInterval(timer);
  });
  const models = computed(() => beliefs.value.fair.map(({ model }) => model));
  return { beliefs, models, error, sharpen };
}
