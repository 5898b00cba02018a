import { NONE } from './price';

const full = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const clockOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** For tooltips and `datetime`: `5 Oct 2026, 14:03:11.204`. */
export function absolute(at: number | null | undefined): string {
  return at === null || at === undefined
    ? NONE
    : `${full.format(at)}.${String(Math.floor(at % 1_000)).padStart(3, '0')}`;
}

export function date(at: number | null | undefined): string {
  return at === null || at === undefined ? NONE : day.format(at);
}

/** `14:03:11` */
export function clock(at: number | null | undefined): string {
  return at === null || at === undefined ? NONE : clockOfDay.format(at);
}

/** `14:03:11.204`, for lines whose order within a second matters. */
export function fineClock(at: number): string {
  return `${clockOfDay.format(at)}.${String(Math.floor(at % 1_000)).padStart(3, '0')}`;
}

/** `now`, `12 s ago`, `4 min ago`, `3 h ago`, `2 d ago`; `in 3 h` for what is to come. */
export function relative(at: number | null | undefined, now: number): string {
  if (at === null || at === undefined) return NONE;
  const elapsed = now - at;
  const span = spanOf(Math.abs(elapsed));
  if (Math.abs(elapsed) < 1_500) return 'now';
  return elapsed > 0 ? `${span} ago` : `in ${span}`;
}

function spanOf(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A measured span: `640 µs`, `12 ms`, `3.4 s`, `2 min 5 s`, `1 h 4 min`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NONE;
  if (ms < 1) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 1_000) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`;
}

/** From microseconds, as lane health has them. */
export const micros = (us: number | null | undefined): string =>
  duration(us === null || us === undefined ? us : us / 1_000);
