import { indexAt } from './price-series';

/** Columns a model published, oldest first; probabilities 0…1, `null` where it gave no band. */
export interface BeliefColumns {
  readonly at: readonly number[];
  readonly value: readonly number[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** One model's fair value with what it was worth at each moment. */
export interface FairTrack extends BeliefColumns {
  readonly model: string;
  readonly edge: readonly (number | null)[];
  readonly kelly: readonly (number | null)[];
}

export type RegimeName = 'quiet' | 'normal' | 'volatile';

export interface RegimeSpan {
  readonly from: number;
  /** `null` lasts until now. */
  readonly to: number | null;
  readonly regime: RegimeName;
}

export interface Beliefs {
  readonly fair: readonly FairTrack[];
  readonly regimes: readonly RegimeSpan[];
  /** When the regime was last said, changed or not; the open span holds from then on while its model runs. */
  readonly regimeSaidAt: number | null;
}

export const NO_BELIEFS: Beliefs = { fair: [], regimes: [], regimeSaidAt: null };

interface Series extends BeliefColumns {
  readonly model: string;
  readonly name: string;
}
interface Edges {
  readonly model: string;
  readonly at: readonly number[];
  readonly edge: readonly (number | null)[];
  readonly kelly: readonly (number | null)[];
}

/** Fair values with their edges, and the regime in spans, of what the API answers. */
export function beliefsOf(answer: {
  readonly estimates: readonly Series[];
  readonly edges: readonly Edges[];
}): Beliefs {
  const fair = answer.estimates
    .filter(({ name }) => name === 'fair')
    .map((series): FairTrack => {
      const edges = answer.edges.find(({ model }) => model === series.model);
      const none = series.at.map(() => null);
      const { model, at, value, low, high } = series;
      return {
        model,
        at,
        value,
        low,
        high,
        edge: edges?.edge ?? none,
        kelly: edges?.kelly ?? none,
      };
    });
  const regime = answer.estimates.find(({ name }) => name === 'regime');
  return {
    fair,
    regimes: regime === undefined ? [] : regimeSpans(regime.at, regime.value),
    regimeSaidAt: regime?.at.at(-1) ?? null,
  };
}

/** A model that runs says even of a quiet market something once a minute: what is older than this holds no longer, ms. */
const IN_FORCE_MS = 150_000;
/** Where the server has thinned rows out, neighbours are far apart too: a hole is much wider than its surroundings. */
const HOLE = 3;

/** Whether the model fell silent after row `i` and spoke again only with the next. */
function holeAfter(at: readonly number[], i: number): boolean {
  const wide = at[i + 1]! - at[i]!;
  if (!(wide > IN_FORCE_MS)) return false;
  const around = [at[i]! - at[i - 1]!, at[i + 2]! - at[i + 1]!].filter((gap) => gap > 0);
  return around.every((gap) => wide > HOLE * gap);
}

/** Since when the model says nothing any more, ms; `null` while it does. */
export function silentSince({ at }: Pick<BeliefColumns, 'at'>, now: number): number | null {
  const last = at.at(-1);
  return last !== undefined && now - last > IN_FORCE_MS ? last : null;
}

/** The row in force at a moment, -1 when there is none: before the first, and while the model is silent. */
export function rowAt({ at }: Pick<BeliefColumns, 'at'>, moment: number, now: number): number {
  const i = indexAt(at, moment);
  if (i < 0) return -1;
  const silent = i === at.length - 1 ? silentSince({ at }, now) !== null : holeAfter(at, i);
  return silent && moment > at[i]! ? -1 : i;
}

/** Moments with the row that holds at each, `null` where a silence begins; the last row holds until now if its model runs. */
export function rowsOf({ at }: Pick<BeliefColumns, 'at'>, now: number): (readonly [at: number, row: number | null])[] {
  const rows: (readonly [number, number | null])[] = [];
  at.forEach((moment, i) => {
    rows.push([moment, i]);
    if (holeAfter(at, i)) rows.push([moment + 1, null]);
  });
  const last = at.length - 1;
  return last >= 0 && at[last]! < now && silentSince({ at }, now) === null ? [...rows, [now, last] as const] : rows;
}

/** A band so many times wider than the narrowest says only that its model knows little. */
const TOO_WIDE = 4;

/** Models whose band is worth drawing: of several those about as sure as the surest now. */
export function bandedModels(fair: readonly FairTrack[]): ReadonlySet<string> {
  const widths = fair.map(({ low, high }) => {
    const [from, to] = [low.at(-1) ?? null, high.at(-1) ?? null];
    return from === null || to === null ? Infinity : to - from;
  });
  const least = Math.min(...widths);
  return new Set(fair.filter((_, i) => fair.length === 1 || widths[i]! <= TOO_WIDE * least).map(({ model }) => model));
}

/** What the regime's number stands for. */
export const regimeOf = (value: number): RegimeName => (value < 0.25 ? 'quiet' : value > 0.75 ? 'volatile' : 'normal');

/** Equal neighbours are one span; the last one is open. */
export function regimeSpans(at: readonly number[], value: readonly number[]): RegimeSpan[] {
  const spans: RegimeSpan[] = [];
  at.forEach((from, i) => {
    const regime = regimeOf(value[i]!);
    const last = spans.at(-1);
    const silent = i > 0 && holeAfter(at, i - 1);
    if (last?.regime === regime && !silent) return;
    if (last) spans[spans.length - 1] = { ...last, to: silent ? at[i - 1]! : from };
    spans.push({ from, to: null, regime });
  });
  return spans;
}

/** Puts newer rows behind older ones, by model; drops what left the window and keeps at most `most` rows. */
export function appendBeliefs(known: Beliefs, fresh: Beliefs, from: number, most: number): Beliefs {
  const models = new Set([...known.fair, ...fresh.fair].map(({ model }) => model));
  const fair = [...models].map((model): FairTrack => {
    const old = known.fair.find((track) => track.model === model);
    const add = fresh.fair.find((track) => track.model === model);
    if (!old || !add) return (old ?? add)!;
    const next = indexAt(add.at, old.at.at(-1) ?? -Infinity) + 1;
    const first = Math.max(0, indexAt(old.at, from), old.at.length + add.at.length - next - most);
    const join = <T>(a: readonly T[], b: readonly T[]): T[] => [...a.slice(first), ...b.slice(next)];
    return {
      model,
      at: join(old.at, add.at),
      value: join(old.value, add.value),
      low: join(old.low, add.low),
      high: join(old.high, add.high),
      edge: join(old.edge, add.edge),
      kelly: join(old.kelly, add.kelly),
    };
  });
  const last = known.regimes.at(-1);
  const regimes = [...known.regimes];
  for (const span of fresh.regimes) {
    const before = regimes.at(-1);
    if (before && (span.from <= before.from || span.regime === before.regime)) continue;
    if (before) regimes[regimes.length - 1] = { ...before, to: span.from };
    regimes.push(span);
  }
  return {
    fair,
    regimes: last === undefined ? fresh.regimes : regimes.filter(({ to }) => to === null || to > from),
    regimeSaidAt:
      known.regimeSaidAt === null || fresh.regimeSaidAt === null
        ? (known.regimeSaidAt ?? fresh.regimeSaidAt)
        : Math.max(known.regimeSaidAt, fresh.regimeSaidAt),
  };
}

/** Puts a finer reading of `from`…`to` in the place of the coarse rows there; what is newer stays. */
export function refineBeliefs(known: Beliefs, detail: Beliefs, from: number, to: number): Beliefs {
  const fair = known.fair.map((old): FairTrack => {
    const fine = detail.fair.find(({ model }) => model === old.model);
    if (!fine || fine.at.length === 0) return old;
    const before = indexAt(old.at, Math.min(from, fine.at[0]!) - 1) + 1;
    const after = indexAt(old.at, Math.max(to, fine.at.at(-1)!)) + 1;
    const join = <T>(a: readonly T[], b: readonly T[]): T[] => [...a.slice(0, before), ...b, ...a.slice(after)];
    return {
      model: old.model,
      at: join(old.at, fine.at),
      value: join(old.value, fine.value),
      low: join(old.low, fine.low),
      high: join(old.high, fine.high),
      edge: join(old.edge, fine.edge),
      kelly: join(old.kelly, fine.kelly),
    };
  });
  return { ...known, fair };
}

export const regimeAt = (spans: readonly RegimeSpan[], at: number): RegimeName | null =>
  spans.findLast((span) => span.from <= at && (span.to === null || at < span.to))?.regime ?? null;
