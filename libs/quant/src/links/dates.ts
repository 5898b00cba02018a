/**
 * A time a text names, by its end: "in 2026", "before 2027" and "by 31 December 2026" end together. Month and day are 1-based;
 * `year` is `null` when the text leaves it out.
 */
export interface NamedTime {
  readonly text: string;
  readonly year: number | null;
  readonly month: number;
  readonly day: number;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const LEAD = '(?:\\b(before|by|until|through|in|on|of|since|after|end of|during)\\s+(?:the\\s+)?(?:end\\s+of\\s+)?)?';
const YEAR = '((?:19|20)\\d\\d)';
const NTH = '(\\d{1,2})(?:st|nd|rd|th)?';

const ISO = new RegExp(`${LEAD}\\b${YEAR}-(\\d\\d)-(\\d\\d)\\b`, 'gi');
const SEASON = new RegExp(`\\b${YEAR}\\s?[-–/]\\s?(\\d\\d)\\b(?!-)`, 'gi');
const MONTH_FIRST = new RegExp(`${LEAD}\\b${MONTH}\\s+${NTH}\\b(?:,?\\s+${YEAR}\\b)?`, 'gi');
const DAY_FIRST = new RegExp(`${LEAD}\\b${NTH}\\s+(?:of\\s+)?${MONTH}\\b(?:,?\\s+${YEAR}\\b)?`, 'gi');
const MONTH_YEAR = new RegExp(`${LEAD}\\b${MONTH},?\\s+${YEAR}\\b`, 'gi');
const BARE_MONTH = new RegExp(
  `\\b(before|by|until|through|in|of|since|after|end of|during)\\s+${MONTH}(?!\\p{L})`,
  'giu',
);
const BARE_YEAR = new RegExp(`${LEAD}\\b${YEAR}\\b(?![.,]\\d|\\s?%)`, 'gi');

const monthOf = (word: string): number => MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1;
const isBefore = (lead: string | undefined): boolean => lead?.toLowerCase() === 'before';

/** The times a text names, and the text without them. */
export function takeTimes(text: string): { readonly times: readonly NamedTime[]; readonly rest: string } {
  const times: NamedTime[] = [];
  let rest = text;
  const take = (pattern: RegExp, read: (found: readonly (string | undefined)[]) => NamedTime | null): void => {
    rest = rest.replace(pattern, (whole, ...found: (string | undefined)[]) => {
      const time = read(found);
      if (time === null) return whole;
      times.push({ ...time, text: whole.trim() });
      return ' ';
    });
  };
  const dayOf = (lead: string | undefined, year: number | null, month: number, day: number): NamedTime | null =>
    day < 1 || day > 31 || month < 1 ? null : { text: '', ...ended(year, month, day + (isBefore(lead) ? 0 : 1)) };
  take(ISO, ([lead, year, month, day]) => dayOf(lead, Number(year), Number(month), Number(day)));
  take(SEASON, ([year, second]) =>
    Number(second) === (Number(year) + 1) % 100 ? { text: '', year: Number(year) + 2, month: 1, day: 1 } : null,
  );
  take(MONTH_FIRST, ([lead, month, day, year]) => dayOf(lead, yearOf(year), monthOf(month!), Number(day)));
  take(DAY_FIRST, ([lead, day, month, year]) => dayOf(lead, yearOf(year), monthOf(month!), Number(day)));
  take(MONTH_YEAR, ([lead, month, year]) => wholeMonth(lead, Number(year), monthOf(month!)));
  take(BARE_MONTH, ([lead, month]) => wholeMonth(lead, null, monthOf(month!)));
  take(BARE_YEAR, ([lead, year]) => ({ text: '', year: Number(year) + (isBefore(lead) ? 0 : 1), month: 1, day: 1 }));
  return { times, rest };
}

const yearOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

function wholeMonth(lead: string | undefined, year: number | null, month: number): NamedTime {
  return { text: '', ...(isBefore(lead) ? { year, month, day: 1 } : next(year, month)) };
}
const next = (year: number | null, month: number): Pick<NamedTime, 'year' | 'month' | 'day'> =>
  month === 12 ? { year: year === null ? null : year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 };

/** The first moment after a day: the first of the next month behind its last day. A 29 February counts as one. */
function ended(year: number | null, month: number, day: number): Pick<NamedTime, 'year' | 'month' | 'day'> {
  const days =
    month === 2
      ? year !== null && new Date(Date.UTC(year, 2, 0)).getUTCDate() === 28
        ? 28
        : 29
      : 30 + ((month + (month >> 3)) & 1);
  return day > days ? next(year, month) : { year, month, day };
}

/** Whether two texts may mean one end: a year left out fits any. */
export const sameEnd = (a: NamedTime, b: NamedTime): boolean =>
  a.month === b.month && a.day === b.day && (a.year === null || b.year === null || a.year === b.year);
