import { gaussian, mix, mulberry32, seedOf } from './random.js';
import type { GroupDef, Mood, Outcome, QuestionDef, SimTime } from './question.types.js';

/**
 * The hidden truth. A lasting question's log-odds are a mean-reverting walk over minutes with a jump at news; inside a
 * minute a bridge of one-second steps joins the ends. A short-lived question follows a random walk whose sign at the
 * end is the answer, so that its probability runs to 0 or 1. All of it is a function of seed, question and sim time.
 */
const MINUTE_MS = 60_000;
const STEPS = 60;
const PULL = 0.004;
/** Chance per minute that a mood ends, and how fast the truth moves in it, as a multiple of the question's volatility. */
export const MOODS: Readonly<Record<Mood, { readonly ends: number; readonly pace: number }>> = {
  calm: { ends: 1 / 45, pace: 0.6 },
  stormy: { ends: 1 / 15, pace: 2.2 },
};

/** One minute of log-odds: 61 values, plus the moment and size of a news jump (`jumpAt` = Infinity: no news). */
interface Minute {
  readonly values: Float64Array;
  readonly jumpAt: number;
  readonly jump: number;
  readonly mood: Mood;
}

export interface NewsFlash {
  readonly at: SimTime;
  readonly question: string;
  readonly jump: number;
}

export class LastingLatent {
  readonly #seed: number;
  #minutes = new Map<number, Minute>();
  #next = 0;
  #value: number;
  #mood: Mood = 'calm';

  constructor(
    seed: number,
    readonly def: QuestionDef,
    readonly home: number,
  ) {
    this.#seed = mix(seed, seedOf(def.key), 1);
    this.#value = home;
  }

  /** Log-odds at a moment. Cheap for moments that move forward; a step far back walks again from the origin. */
  at(time: SimTime): number {
    if (time <= 0) return this.home;
    const index = Math.floor(time / MINUTE_MS);
    const minute = this.#minute(index);
    const within = time - index * MINUTE_MS;
    const step = within / (MINUTE_MS / STEPS);
    const low = Math.floor(step);
    const smooth = minute.values[low] + (minute.values[low + 1] - minute.values[low]) * (step - low);
    return within >= minute.jumpAt ? smooth + minute.jump : smooth;
  }

  /** The hidden mood of a moment: what a model of regimes is to find. */
  mood(time: SimTime): Mood {
    return this.#minute(Math.max(0, Math.floor(time / MINUTE_MS))).mood;
  }

  /** News of one minute, if there was any. */
  news(index: number): NewsFlash | null {
    const minute = this.#minute(index);
    return Number.isFinite(minute.jumpAt)
      ? { at: index * MINUTE_MS + minute.jumpAt, question: this.def.key, jump: minute.jump }
      : null;
  }

  #minute(index: number): Minute {
    const known = this.#minutes.get(index);
    if (known) return known;
    if (index < this.#next) {
      this.#next = 0;
      this.#value = this.home;
      this.#mood = 'calm';
      this.#minutes.clear();
    }
    for (; this.#next <= index; this.#next++) {
      const minute = this.#walk(this.#next, index - this.#next < 4);
      if (minute) this.#minutes.set(this.#next, minute);
    }
    for (const key of this.#minutes.keys()) if (key < index - 4) this.#minutes.delete(key);
    return this.#minutes.get(index)!;
  }

  /** Moves the value at the minute's end; the bridge inside is made only when somebody will look. */
  #walk(index: number, detailed: boolean): Minute | null {
    const random = mulberry32(mix(this.#seed, index));
    const start = this.#value;
    // Moods draw from their own chance: with them or without, news comes at the same moments.
    if (mulberry32(mix(this.#seed, index, 17))() < MOODS[this.#mood].ends)
      this.#mood = this.#mood === 'calm' ? 'stormy' : 'calm';
    const mood = this.#mood;
    const volatility = this.def.volatility * MOODS[mood].pace;
    const drift = PULL * (this.home - start) + volatility * gaussian(random);
    const news = random() < this.def.newsPerMinute;
    const size = gaussian(random);
    const jump = news ? Math.sign(size) * (0.25 + 0.35 * Math.abs(size)) : 0;
    const jumpAt = news ? 5_000 + random() * 45_000 : Infinity;
    this.#value = start + drift + jump;
    if (!detailed) return null;
    const values = new Float64Array(STEPS + 2);
    const walk = new Float64Array(STEPS + 1);
    const scale = (volatility * 0.6) / Math.sqrt(STEPS);
    for (let i = 1; i <= STEPS; i++) walk[i] = walk[i - 1] + scale * gaussian(random);
    for (let i = 0; i <= STEPS; i++) values[i] = start + (drift * i) / STEPS + walk[i] - (walk[STEPS] * i) / STEPS;
    values[STEPS + 1] = values[STEPS];
    return { values, jumpAt, jump, mood };
  }
}

export const logOdds = (p: number): number => Math.log(p / (1 - p));
export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** A round of one or more short-lived questions: one walk each, over the whole period, and the answer at its end. */
export class Round {
  readonly #walks: Float64Array[];
  readonly #steps: number;
  readonly #tie: boolean;
  readonly outcomes: readonly Outcome[];

  constructor(
    seed: number,
    readonly defs: readonly QuestionDef[],
    generation: number,
    readonly opensAt: SimTime,
    readonly periodMs: number,
  ) {
    this.#steps = Math.round(periodMs / 1_000);
    this.#walks = defs.map((def) => {
      const random = mulberry32(mix(seed, seedOf(def.key), 2, generation));
      const walk = new Float64Array(this.#steps + 2);
      for (let i = 1; i <= this.#steps; i++) walk[i] = walk[i - 1] + gaussian(random);
      walk[this.#steps + 1] = walk[this.#steps];
      return walk;
    });
    const chance = mulberry32(mix(seed, seedOf(defs[0].key), 3, generation));
    this.#tie = defs.length === 1 && chance() < (defs[0].tieChance ?? 0);
    const ends = this.#walks.map((walk) => walk[this.#steps]);
    const best = ends.indexOf(Math.max(...ends));
    this.outcomes =
      defs.length === 1
        ? [this.#tie ? 'half' : ends[0] > 0 ? 'yes' : 'no']
        : ends.map((_, i) => (i === best ? 'yes' : 'no'));
  }

  /** Probability of YES for each question, given what is known at a moment. */
  at(time: SimTime): readonly number[] {
    const seconds = Math.min(Math.max((time - this.opensAt) / 1_000, 0), this.#steps);
    const low = Math.floor(seconds);
    const spread = Math.sqrt(this.#steps - seconds + 2);
    const scores = this.#walks.map(
      (walk) => (1.7 * (walk[low] + (walk[low + 1] - walk[low]) * (seconds - low))) / spread,
    );
    if (scores.length === 1) {
      const tie = this.defs[0].tieChance ?? 0;
      return [(1 - tie) * logistic(scores[0]) + tie / 2];
    }
    return softmax(scores);
  }
}

export function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - top));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Lasting questions of one exclusive group: their probabilities and the unlisted outcome's sum to 1. */
export class LastingGroup {
  constructor(
    readonly group: GroupDef,
    readonly members: readonly LastingLatent[],
  ) {}

  at(time: SimTime): readonly number[] {
    const scores = this.members.map((member) => member.at(time));
    if (this.group.hidden !== null) scores.push(this.group.hidden);
    return softmax(scores);
  }
}
