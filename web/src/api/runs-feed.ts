import { onScopeDispose } from 'vue';
import { RunsFeedDocument, type RunFieldsFragment } from '../generated/graphql';
import { useFeed } from './live';

/** A list that hangs on runs is asked for again at most so often, however much changes. */
const PACE_MS = 1_000;

/** Runs that changed, as they are now: all of those that are on the page, and some that are not. `begun` as for any feed. */
export function useRunsFeed(take: (runs: readonly RunFieldsFragment[]) => void, begun?: () => void): void {
  useFeed(
    RunsFeedDocument,
    () => ({}),
    ({ runs }) => take(runs),
    begun,
  );
}

/** Asks again when a run changes that `concerns` the list, at a steady pace. */
export function useRefreshByRuns(concerns: (run: RunFieldsFragment) => boolean, refresh: () => unknown): void {
  const again = atPace(refresh);
  useRunsFeed((runs) => {
    if (runs.some(concerns)) again();
  }, again);
}

/** Runs at once, and once more at the end of a pause in which it was asked for again. `pace` in ms. */
export function atPace(run: () => unknown, pace: () => number = () => PACE_MS): () => void {
  let pause: ReturnType<typeof setTimeout> | undefined;
  let asked = false;
  const go = (): void => {
    asked = false;
    pause = setTimeout(() => {
      pause = undefined;
      if (asked) go();
    }, pace());
    void run();
  };
  onScopeDispose(() => clearTimeout(pause));
  return () => {
    if (pause === undefined) go();
    else asked = true;
  };
}
