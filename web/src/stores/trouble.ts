import { duration } from '../format/time';
import type { HealthFieldsFragment } from '../generated/graphql';

/** Commits older than this make what the page shows old too. */
export const LAG_LIMIT_MS = 2_000;

export interface Trouble {
  readonly lane: number;
  readonly kind: 'paused' | 'lag';
  readonly text: string;
}

type Lanes = Pick<HealthFieldsFragment, 'lanes'>['lanes'];

/** What the red banner says: recording paused first, then lagging commits. Empty when all is well. */
export function troubles({ lanes }: { lanes: Lanes }): Trouble[] {
  const found: Trouble[] = [];
  for (const lane of lanes) {
    const name = lanes.length > 1 ? `Lane ${lane.lane}` : 'The live lane';
    if (!lane.recording) {
      const why = lane.problem ? `: ${lane.problem.replace(/\.$/, '')}` : '';
      found.push({
        lane: lane.lane,
        kind: 'paused',
        text: `${name} is not recording${why}. Nothing new is stored or shown.`,
      });
    } else if (lane.commitLagMs > LAG_LIMIT_MS) {
      found.push({
        lane: lane.lane,
        kind: 'lag',
        text: `${name} commits ${duration(lane.commitLagMs)} behind. Prices on this page are that old.`,
      });
    }
  }
  return found;
}
