/** Everything that happens by the clock. One line here and a `*.job.ts` make a new one. */
export interface ScheduledJob {
  readonly queue: 'catalogue' | 'settlement' | 'housekeeping' | 'fits';
  readonly name: string;
  readonly everyMs: number;
  /** Once per venue, each a job of its own, so that one venue's trouble delays no other. */
  readonly perVenue: boolean;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The demo's questions live minutes, the venues' days. */
export function schedules(mode: 'demo' | 'live'): readonly ScheduledJob[] {
  const demo = mode === 'demo';
  return [
    { queue: 'catalogue', name: 'catalogue', everyMs: demo ? 15 * SECOND : 5 * MINUTE, perVenue: true },
    { queue: 'catalogue', name: 'links', everyMs: demo ? 5 * SECOND : MINUTE, perVenue: false },
    { queue: 'settlement', name: 'settlement', everyMs: demo ? 10 * SECOND : MINUTE, perVenue: true },
    { queue: 'housekeeping', name: 'housekeeping', everyMs: 60 * MINUTE, perVenue: false },
    { queue: 'housekeeping', name: 'candles', everyMs: MINUTE, perVenue: false },
    { queue: 'fits', name: 'levels', everyMs: demo ? 5 * MINUTE : 20 * MINUTE, perVenue: false },
    { queue: 'fits', name: 'news', everyMs: demo ? MINUTE : 10 * MINUTE, perVenue: false },
    { queue: 'fits', name: 'regimes', everyMs: demo ? MINUTE : 10 * MINUTE, perVenue: false },
  ];
}

export interface DueJob {
  readonly queue: ScheduledJob['queue'];
  readonly name: string;
  readonly venue: string | null;
  readonly slot: number;
  /** The queue takes an id once: however many processes fire, a slot runs once. BullMQ forbids `:` in ids. */
  readonly jobId: string;
}

/** A clock that is set back by more than this is not waited for. */
const SET_BACK_MS = 30_000;

/**
 * The time slots are counted by: the computer's. When that is set back, what ran ahead goes on by what has really passed, for
 * the slots of the hour that comes twice have run already and their ids are taken.
 */
export function slotTime(wall: number, last: number, passedMs: number): number {
  const own = last + passedMs;
  return own - wall > SET_BACK_MS ? own : Math.max(last, wall);
}

/** Jobs whose slot began after `since` and not after `now`; a process that slept runs the newest slot only. */
export function dueJobs(all: readonly ScheduledJob[], venues: readonly string[], since: number, now: number): DueJob[] {
  const due: DueJob[] = [];
  for (const { queue, name, everyMs, perVenue } of all) {
    const slot = Math.floor(now / everyMs);
    if (slot === Math.floor(since / everyMs)) continue;
    for (const venue of perVenue ? venues : [null])
      due.push({ queue, name, venue, slot, jobId: jobId(name, venue, String(slot)) });
  }
  return due;
}

export const jobId = (name: string, venue: string | null, slot: string): string =>
  [name, ...(venue === null ? [] : [venue]), slot].join('-');
