/** What is remembered of one direction of one link or group. Plain data: it lives in the strategy's state. */
export interface Episode {
  /** A sighting or an order was reported and not yet called gone. */
  open: boolean;
  /** No signal before this moment. */
  restUntil: number;
  /** Last full look: when, at which gross edge, and what stood in the way. */
  lookedAt: number;
  gross: number;
  blocker: string;
  /** What was last reported, to report changes only. */
  net: number;
  size: number;
  reason: string;
}

export const newEpisode = (): Episode => ({
  open: false,
  restUntil: 0,
  lookedAt: 0,
  gross: 0,
  blocker: '',
  net: 0,
  size: 0,
  reason: '',
});
