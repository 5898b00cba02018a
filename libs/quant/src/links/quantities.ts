/** How a text bounds a number: `more` leaves it out, `at-least` takes it in. */
export type Bound = 'more' | 'at-least' | 'less' | 'at-most' | 'exact';

/** A number with its unit. Basis points and percent are one measure: `value` is in percent for both. */
export interface Quantity {
  readonly text: string;
  readonly value: number;
  /** `%`, `$`, `°`, `rank`, or '' for a plain number. */
  readonly measure: string;
  /** The unit as the text has it: `bp` is not `%`, though the measure is one. */
  readonly unit: string;
  readonly bound: Bound;
}

const NUMBER =
  /(?<![\p{L}\p{N}.,-])([$€£])?\s?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?(%|percent(?:age points?)?|bps?|basis points?|°\s?[fc]?|degrees?|thousand|million|billion|trillion|mm|bn|[kmbt])?(st|nd|rd|th)?(\+)?(?![\p{L}\p{N}])/giu;

const SCALE: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mm: 1e6,
  million: 1e6,
  b: 1e9,
  bn: 1e9,
  billion: 1e9,
  t: 1e12,
  trillion: 1e12,
};

const BEFORE: readonly (readonly [RegExp, Bound])[] = [
  [/(?:at least|no less than|no fewer than|minimum of|≥|>=)\s*$/i, 'at-least'],
  [/(?:at most|no more than|maximum of|up to|≤|<=)\s*$/i, 'at-most'],
  [/(?:more than|greater than|higher than|above|over|exceeds?|exceed|>)\s*$/i, 'more'],
  [/(?:less than|fewer than|lower than|below|under|<)\s*$/i, 'less'],
];
const AFTER: readonly (readonly [RegExp, Bound])[] = [
  [/^\s*(?:\p{L}+\s+)?(?:or|and) (?:more|higher|above|over|greater)/iu, 'at-least'],
  [/^\s*(?:\p{L}+\s+)?(?:or|and) (?:less|fewer|lower|below|under)/iu, 'at-most'],
];

/** The numbers a text names, and the text without them. Letters that are joined to digits make a name, not a number. */
export function takeQuantities(text: string): { readonly quantities: readonly Quantity[]; readonly rest: string } {
  const quantities: Quantity[] = [];
  const rest = text.replace(
    NUMBER,
    (whole, currency?: string, digits?: string, unit?: string, nth?: string, plus?: string, ...more: unknown[]) => {
      const at = more.find((part) => typeof part === 'number')!;
      const named = (unit ?? '').toLowerCase().replace(/\s/g, '');
      const plain = Number(digits!.replaceAll(',', '')) * (SCALE[named] ?? 1);
      const isPoints = named.startsWith('b') && SCALE[named] === undefined;
      const isShare = named === '%' || named.startsWith('percent');
      const measure =
        nth !== undefined
          ? 'rank'
          : isShare || isPoints
            ? '%'
            : named.startsWith('°') || named.startsWith('deg')
              ? '°'
              : currency
                ? '$'
                : '';
      quantities.push({
        text: whole.trim(),
        value: isPoints ? plain / 100 : plain,
        measure,
        unit: isPoints ? 'bp' : measure,
        bound:
          plus !== undefined
            ? 'at-least'
            : (BEFORE.find(([words]) => words.test(text.slice(Math.max(0, at - 24), at)))?.[1] ??
              AFTER.find(([words]) => words.test(text.slice(at + whole.length)))?.[1] ??
              'exact'),
      });
      return ' ';
    },
  );
  return { quantities, rest };
}

/** Whether both bounds look the same way; a number without one looks both ways. */
export const sameWay = (a: Bound, b: Bound): boolean => a === 'exact' || b === 'exact' || isAbove(a) === isAbove(b);
const isAbove = (bound: Bound): boolean => bound === 'more' || bound === 'at-least';
