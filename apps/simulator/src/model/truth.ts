import { Defect } from '#core';
import { GROUPS, QUESTIONS } from './catalogue.js';
import { LastingGroup, LastingLatent, logistic, logOdds, Round, type NewsFlash } from './latent.js';
import { mix, mulberry32, seedOf } from './random.js';
import {
  SETTLED_AFTER_MS,
  type Mood,
  type Outcome,
  type Question,
  type QuestionDef,
  type SimTime,
} from './question.types.js';

/** The question whose truth a question shares: the lowest threshold of its ladder, or itself. */
const ladderOf = (def: QuestionDef): QuestionDef =>
  def.strike === undefined ? def : (QUESTIONS.find((each) => each.group === def.group) ?? def);

/** What is really going on: probabilities, generations of short-lived questions and their answers. Pure in (seed, time). */
export class Truth {
  readonly #lasting = new Map<string, LastingLatent>();
  readonly #groups = new Map<string, LastingGroup>();
  readonly #rounds = new Map<string, Round>();

  constructor(readonly seed: number) {
    for (const def of QUESTIONS) {
      if (def.periodMs || ladderOf(def) !== def) continue;
      this.#lasting.set(
        def.key,
        new LastingLatent(seed, def, def.group && def.strike === undefined ? Math.log(def.base) : logOdds(def.base)),
      );
    }
    for (const group of GROUPS) {
      const members = QUESTIONS.filter((def) => def.group === group.key && !def.periodMs && def.strike === undefined);
      if (members.length > 0)
        this.#groups.set(
          group.key,
          new LastingGroup(
            group,
            members.map((def) => this.#lasting.get(def.key)!),
          ),
        );
    }
  }

  /** The asking of a question that is open at a moment. */
  open(slot: number, time: SimTime): Question {
    const def = QUESTIONS[slot];
    return this.question(slot, def.periodMs ? Math.max(0, Math.floor((time - this.#phase(slot)) / def.periodMs)) : 0);
  }

  question(slot: number, generation: number): Question {
    const def = QUESTIONS[slot];
    const group = GROUPS.find((each) => each.key === def.group) ?? null;
    if (!def.periodMs) return { def, group, slot, generation: 0, opensAt: -30 * 86_400_000, closesAt: Infinity };
    const opensAt = this.#phase(slot) + generation * def.periodMs;
    return { def, group, slot, generation, opensAt, closesAt: opensAt + def.periodMs };
  }

  /** The latest generation that has opened by then and is final: everything up to it can be asked about. */
  lastSettled(slot: number, time: SimTime): number {
    const def = QUESTIONS[slot];
    if (!def.periodMs) return -1;
    return Math.floor((time - SETTLED_AFTER_MS - this.#phase(slot)) / def.periodMs) - 1;
  }

  probability(question: Question, time: SimTime): number {
    const { def } = question;
    if (def.periodMs) {
      const round = this.#round(question);
      return round.at(time)[round.defs.indexOf(def)];
    }
    const group = def.group ? this.#groups.get(def.group) : undefined;
    const truth = ladderOf(def);
    const latent = this.#lasting.get(truth.key);
    if (!latent) throw new Defect(`no latent for ${def.key}`);
    if (def.strike !== undefined) return logistic(latent.at(time) + logOdds(def.base) - logOdds(truth.base));
    return group ? group.at(time)[group.members.indexOf(latent)] : logistic(latent.at(time));
  }

  /** How fast the truth of a lasting question moves now; `null` for a round, whose pace is set by its end. */
  mood(question: Question, time: SimTime): Mood | null {
    return this.#lasting.get(ladderOf(question.def).key)?.mood(time) ?? null;
  }

  /** How a short-lived question ends; lasting ones do not end by themselves. */
  outcome(question: Question): Outcome | null {
    if (!question.def.periodMs) return null;
    const round = this.#round(question);
    return round.outcomes[round.defs.indexOf(question.def)];
  }

  /** News in a minute of sim time, for scoring. */
  news(minute: number): readonly NewsFlash[] {
    return [...this.#lasting.values()].flatMap((latent) => latent.news(minute) ?? []).sort((a, b) => a.at - b.at);
  }

  #round(question: Question): Round {
    const { def, generation } = question;
    const name = `${def.group ?? def.key}#${generation}`;
    const known = this.#rounds.get(name);
    if (known) return known;
    const defs = def.group ? QUESTIONS.filter((each) => each.group === def.group && each.periodMs) : [def];
    const round = new Round(this.seed, defs, generation, question.opensAt, def.periodMs!);
    if (this.#rounds.size > 64) this.#rounds.delete(this.#rounds.keys().next().value!);
    this.#rounds.set(name, round);
    return round;
  }

  /** Rounds of different questions do not end together; the first ones have begun before the origin. */
  #phase(slot: number): SimTime {
    const def = QUESTIONS[slot];
    const random = mulberry32(mix(this.seed, seedOf(def.group ?? def.key), 4));
    return -Math.round(random() * 0.6 * def.periodMs!);
  }
}
