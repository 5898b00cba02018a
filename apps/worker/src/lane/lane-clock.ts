import type { Instant } from '#core';

/** Differences up to this are followed: clocks are set right by the second now and then. */
const STEP_MS = 3_000;
/** A venue's answer names a whole second and was on its way for a while. */
const AGREES_MS = 2_000;
/** So many answers in a row that speak for us: one may have been written before the computer slept. */
const ANSWERS_FOR_US = 2;
/** How fast the tape's time goes while it is ahead: slower, so that it is caught up, and hardly, so that nothing notices. */
const AHEAD_PACE = 0.9;

/**
 * What the lane takes for the time. As long as the computer's clock goes like a clock, it is that. When it leaps (a sleep, an
 * hour set by hand, a wrong battery), time goes on at its own pace, counted by a clock that cannot be set, and the leap is
 * in doubt until an answer of a venue tells which of the two is right. So neither a day nor an hour is ever made up.
 */
export class LaneClock {
  private last: Instant;
  /** Where the two clocks stood together. */
  private anchorAt: number;
  private anchorSteady: number;
  /** The computer's clock less ours when it leapt, ms; 0 while they go together. */
  private leaptMs = 0;
  private forUs = 0;
  private untold = false;
  private tapeAt: number = -Infinity;
  private tapeSteady = 0;

  /** `steady` counts milliseconds whatever anybody sets; it may stand still while the computer sleeps. */
  constructor(
    private readonly wall: () => Instant,
    private readonly steady: () => number,
  ) {
    this.last = wall();
    this.anchorAt = this.last;
    this.anchorSteady = steady();
  }

  /** Never goes back but when a venue has said that it went ahead. */
  readonly now = (): Instant => {
    const wall = this.wall();
    // The commonest by far: it went on a little.
    if (this.leaptMs === 0 && wall >= this.last && wall - this.last < STEP_MS) return (this.last = wall);
    return this.look();
  };

  /** As `now`, but never back: what events are stamped with. After a tape that went ahead it goes slower until it is right. */
  readonly tape = (): Instant => {
    const now = this.now();
    if (now >= this.tapeAt) return (this.tapeAt = now);
    const steady = this.steady();
    if (this.tapeSteady > 0) this.tapeAt += (steady - this.tapeSteady) * AHEAD_PACE;
    this.tapeSteady = steady;
    return Math.floor(this.tapeAt);
  };

  /** The tape begins after `at`. */
  begin(at: Instant): void {
    this.tapeAt = at;
  }

  /** Compares the two clocks; to be called every second or so. */
  look(): Instant {
    const wall = this.wall();
    const steady = this.steady();
    const own = this.anchorAt + (steady - this.anchorSteady);
    const apart = wall - own;
    if (Math.abs(apart) <= STEP_MS) {
      this.leaptMs = 0;
      this.anchorAt = wall;
      this.anchorSteady = steady;
      this.last = Math.max(this.last, wall);
    } else {
      if (Math.abs(apart - this.leaptMs) > STEP_MS) {
        this.leaptMs = apart;
        this.forUs = 0;
        this.untold = true;
      }
      this.last = Math.max(this.last, Math.floor(own));
    }
    if (this.tapeAt <= this.last) this.tapeSteady = 0;
    return this.last;
  }

  /** True once for each leap. */
  leapt(): boolean {
    if (!this.untold) return false;
    this.untold = false;
    return true;
  }

  /** Nobody has said yet which clock is right. */
  get inDoubt(): boolean {
    return this.leaptMs !== 0 && this.forUs < ANSWERS_FOR_US;
  }

  /**
   * An answer of a venue: its clock less ours, ms. `theirs`: the computer's clock is right, and so is ours from here on;
   * whatever was counted by the old time has to be counted anew.
   */
  heard(skewMs: number): 'ours' | 'theirs' | 'doubt' {
    this.look();
    if (this.leaptMs === 0) return 'ours';
    const apart = this.wall() - this.last;
    const fromUs = Math.abs(skewMs);
    const fromThem = Math.abs(skewMs - apart);
    if (fromThem < fromUs && fromThem <= AGREES_MS) {
      this.follow();
      return 'theirs';
    }
    if (fromUs <= AGREES_MS) this.forUs += 1;
    return this.inDoubt ? 'doubt' : 'ours';
  }

  /** Takes the computer's clock as it is. */
  follow(): void {
    this.anchorAt = this.wall();
    this.anchorSteady = this.steady();
    this.last = this.anchorAt;
    this.leaptMs = 0;
    this.untold = false;
  }

  /** What there is to say to people; `null` as long as all clocks agree. */
  get sentence(): string | null {
    const { leaptMs, last, tapeAt } = this;
    const way = leaptMs > 0 ? 'ahead' : 'back';
    if (this.inDoubt)
      return `the computer’s clock leapt ${spanOf(leaptMs)} ${way} (it slept, or somebody set it); no book is trusted until a venue’s clock has told which time is right`;
    if (leaptMs !== 0)
      return `the computer’s clock is ${spanOf(leaptMs)} ${leaptMs > 0 ? 'ahead of' : 'behind'} the venues’; the tape goes on by their time, and the clock should be set`;
    if (tapeAt - last > STEP_MS)
      return `the tape is ${spanOf(tapeAt - last)} ahead of the clock, for it was recorded while the clock was; its time goes slower until they agree, and days, closes and fees change that much early`;
    return null;
  }
}

function spanOf(ms: number): string {
  const seconds = Math.abs(ms) / 1_000;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3_600).toFixed(1)} h` : `${Math.round(seconds / 86_400)} days`;
}
