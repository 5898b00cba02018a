import { count, duration } from '../../format';

export const COVERAGE_KINDS = [
  { key: 'trustedMs', title: 'Trusted', tone: 'accepted' },
  { key: 'gapMs', title: 'Gap', tone: 'amber' },
  { key: 'silentMs', title: 'Silent', tone: 'line-strong' },
] as const;

export interface CoveredDay {
  /** Start of the day, UTC. */
  readonly at: number;
  readonly trustedMs: number;
  readonly gapMs: number;
  readonly silentMs: number;
  readonly losses: number;
}

const DAY = 86_400_000;
const WEEKS_SHOWN = 53;

const utcDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** Hours of a day, days of a year. */
const spell = (ms: number): string => (ms < 2 * DAY ? duration(ms) : `${(ms / DAY).toFixed(1)} d`);

/** One day in a sentence. The day is the one of UTC, wherever the page is read. */
export function toldOf(day: CoveredDay): string {
  const parts = COVERAGE_KINDS.map(({ key, title }) => `${title.toLowerCase()} ${spell(day[key])}`);
  const lost = day.losses > 0 ? `, trust lost ${day.losses} ${day.losses === 1 ? 'time' : 'times'}` : '';
  return `${utcDay.format(day.at)}: ${parts.join(', ')}${lost}`;
}

/** The first and last moment of a calendar, ms: of a year, or of the last twelve months when `year` is null. */
export function spanOf(
  year: number | null,
  first: number,
  now: number,
): { readonly from: number; readonly to: number } {
  const today = Math.floor(now / DAY) * DAY;
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * DAY;
  const from = year === null ? monday - (WEEKS_SHOWN - 1) * 7 * DAY : Date.UTC(year, 0, 1);
  const to = year === null ? now : Math.min(now, Date.UTC(year + 1, 0, 1) - 1);
  // A market that is new fills no year.
  return { from: Math.max(from, Math.floor(first / DAY) * DAY), to };
}

/** Calendar years in which something may have been recorded, newest first. */
export function yearsOf(first: number, now: number): number[] {
  const years: number[] = [];
  for (let year = new Date(now).getUTCFullYear(); year >= new Date(first).getUTCFullYear(); year--) years.push(year);
  return years;
}

/** Where months begin: the column (from 1) of the week that holds their first day. `lead`: rows that the first week lacks. */
export function monthsOf(
  days: readonly CoveredDay[],
  lead: number,
): { readonly column: number; readonly title: string }[] {
  return days.flatMap(({ at }, index) => {
    const day = new Date(at);
    if (day.getUTCDate() !== 1) return [];
    const title = day.toLocaleDateString('en-GB', { month: 'short', timeZone: 'UTC' });
    return [
      {
        column: 1 + Math.floor((index + lead) / 7),
        title: day.getUTCMonth() === 0 ? `${title} ${day.getUTCFullYear()}` : title,
      },
    ];
  });
}

/** A sentence of all days together. */
export function sharesOf(days: readonly CoveredDay[]): string {
  if (days.length === 0) return '';
  const sum = (key: (typeof COVERAGE_KINDS)[number]['key'] | 'losses'): number =>
    days.reduce((total, day) => total + day[key], 0);
  const all = Math.max(1, sum('trustedMs') + sum('gapMs') + sum('silentMs'));
  const parts = COVERAGE_KINDS.map(
    ({ key, title }) => `${title.toLowerCase()} ${((sum(key) / all) * 100).toFixed(1)} % (${spell(sum(key))})`,
  );
  const losses = sum('losses');
  const lost = losses === 0 ? 'trust was never lost' : `trust lost ${count(losses)} ${losses === 1 ? 'time' : 'times'}`;
  const [first, last] = [days[0], days[days.length - 1]].map(({ at }) => utcDay.format(at));
  return `${first === last ? first : `${first} to ${last}`}: ${parts.join(', ')}; ${lost}.`;
}
