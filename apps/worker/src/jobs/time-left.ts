/** Before this nobody can say how long something takes. */
const SURE_AFTER_MS = 3_000;
const SURE_AFTER_SHARE = 0.01;

/**
 * What is left, from the pace of this very try: what an earlier one did took its own time. An estimate is given only when
 * there is something to go by.
 */
export class TimeLeft {
  constructor(
    private readonly startedAt: number,
    private readonly startedWith: number,
  ) {}

  /** `done` from 0 to 1. */
  say(done: number, now: number): string {
    const gained = done - this.startedWith;
    const took = now - this.startedAt;
    if (took < SURE_AFTER_MS || gained < SURE_AFTER_SHARE) return 'too early to say how long it takes';
    const seconds = Math.ceil(((took / gained) * (1 - done)) / 1_000);
    if (seconds < 90) return `about ${seconds} s left`;
    return seconds < 5_400
      ? `about ${Math.round(seconds / 60)} min left`
      : `about ${(seconds / 3_600).toFixed(1)} h left`;
  }
}
