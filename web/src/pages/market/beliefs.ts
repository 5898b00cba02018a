import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { client, reconnections } from '../../api/client';
import { sentence, useFeed } from '../../api/live';
import { appendBeliefs, beliefsOf, NO_BELIEFS, refineBeliefs, type Beliefs } from '../../charts/belief-series';
import { BeliefsDocument, BeliefsFeedDocument } from '../../generated/graphql';

const POINTS = 1_000;
const MOST_ROWS = 6_000;
/** Pieces of the feed, a second each: longer than any answer takes. */
const RECENT = 30;

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
    if (answer) beliefs.value = recent.reduce(add, answer);
  }
  async function sharpen(from: number, to: number): Promise<void> {
    const answer = await ask(from, Math.ceil(to));
    if (answer) beliefs.value = refineBeliefs(beliefs.value, answer, from, to);
  }
  const add = (known: Beliefs, piece: Beliefs): Beliefs => appendBeliefs(known, piece, start(), MOST_ROWS);
  /** What came while a range was asked for is put behind its answer. */
  let recent: readonly Beliefs[] = [];
  useFeed(
    BeliefsFeedDocument,
    () => {
      const id = market();
      return id === null ? null : { market: id };
    },
    (data) => {
      const pieces = data.beliefs.filter((piece) => piece.market === market()).map(beliefsOf);
      recent = [...recent, ...pieces].slice(-RECENT);
      beliefs.value = pieces.reduce(add, beliefs.value);
    },
  );
  watch(
    [market, seconds],
    ([id], [before]) => {
      if (id !== before) recent = [];
      beliefs.value = NO_BELIEFS;
      void refresh();
    },
    { immediate: true },
  );
  watch(reconnections, () => void refresh());
  onScopeDispose(() => round++);
  const models = computed(() => beliefs.value.fair.map(({ model }) => model));
  return { beliefs, models, error, sharpen };
}
