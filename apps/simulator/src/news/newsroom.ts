import { QUESTIONS } from '../model/catalogue.js';
import type { NewsFlash } from '../model/latent.js';
import { mix, mulberry32, seedOf, type Random } from '../model/random.js';
import type { SimTime } from '../model/question.types.js';
import { Truth } from '../model/truth.js';
import { DATELINES, ELSEWHERE, PHRASES, REPORTERS } from './phrases.js';

/** Where a story appears. */
export type Channel = 'feed' | 'social';

export interface Story {
  readonly id: string;
  readonly at: SimTime;
  readonly channel: Channel;
  readonly text: string;
  /** What is really behind it; for scoring, never told to the ones who read. */
  readonly truth: {
    /** `jump` precedes a move, `rumour` says something and nothing follows, `idle` names a market and means nothing. */
    readonly kind: 'jump' | 'echo' | 'rumour' | 'idle' | 'elsewhere';
    readonly question: string | null;
    readonly jump: number;
    readonly jumpAt: SimTime | null;
  };
}

const MINUTE_MS = 60_000;
/** How long before its jump a story appears, ms. */
const EARLIEST = 40_000;
const LATEST = 8_000;
const TOLD = 0.85;
const ECHOED = 0.6;
const RUMOURS_PER_MINUTE = 0.12;
const IDLE_PER_MINUTE = 1;
const ELSEWHERE_PER_MINUTE = 1.5;

/**
 * What the invented press writes: before most jumps of a question a story that tells which way, echoes of it, rumours that
 * nothing follows, and a great deal that means nothing. A pure function of the seed and the minute.
 */
export class Newsroom {
  readonly #truth: Truth;
  readonly #seed: number;
  readonly #minutes = new Map<number, readonly Story[]>();

  constructor(seed: number) {
    // A truth of its own: looking ahead must not disturb the one that moves the markets.
    this.#truth = new Truth(seed);
    this.#seed = mix(seed, seedOf('newsroom'));
  }

  /** Stories with `from < at <= to`, in order. */
  between(from: SimTime, to: SimTime): readonly Story[] {
    const stories: Story[] = [];
    for (let minute = Math.max(0, Math.floor(from / MINUTE_MS)); minute * MINUTE_MS <= to; minute++)
      for (const story of this.#of(minute)) if (story.at > from && story.at <= to) stories.push(story);
    return stories;
  }

  /** Jumps in `from < at <= to`, told or not: for scoring. */
  jumps(from: SimTime, to: SimTime): readonly NewsFlash[] {
    const jumps: NewsFlash[] = [];
    for (let minute = Math.max(0, Math.floor(from / MINUTE_MS)); minute * MINUTE_MS <= to; minute++)
      for (const flash of this.#truth.news(minute)) if (flash.at > from && flash.at <= to) jumps.push(flash);
    return jumps;
  }

  /** Stories of one minute. Those before a jump may belong to the next minute's. */
  #of(minute: number): readonly Story[] {
    const known = this.#minutes.get(minute);
    if (known) return known;
    const stories = [minute - 1, minute, minute + 1]
      .flatMap((each) => (each < 0 ? [] : this.#beforeJumps(each)))
      .concat(this.#rest(minute))
      .filter(({ at }) => Math.floor(at / MINUTE_MS) === minute)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    this.#minutes.set(minute, stories);
    for (const key of this.#minutes.keys()) if (key < minute - 90) this.#minutes.delete(key);
    return stories;
  }

  #beforeJumps(minute: number): readonly Story[] {
    return this.#truth.news(minute).flatMap(({ at, question, jump }): Story[] => {
      const random = mulberry32(mix(this.#seed, seedOf(question), minute));
      const phrases = PHRASES[question];
      if (!phrases || random() > TOLD) return [];
      const first = at - LATEST - random() * (EARLIEST - LATEST);
      const text = signed(random, pick(random, jump > 0 ? phrases.up : phrases.down));
      const channel: Channel = random() < 0.5 ? 'feed' : 'social';
      const truth = { question, jump, jumpAt: at } as const;
      const id = `${question}-${minute}`;
      const story: Story = { id, at: Math.max(0, Math.floor(first)), channel, text, truth: { kind: 'jump', ...truth } };
      if (random() > ECHOED) return [story];
      const echo: Story = {
        id: `${id}-echo`,
        at: Math.floor(story.at + 2_000 + random() * 20_000),
        channel: channel === 'feed' ? 'social' : 'feed',
        text: random() < 0.5 ? text : `${text} – live updates`,
        truth: { kind: 'echo', ...truth },
      };
      return [story, echo];
    });
  }

  #rest(minute: number): readonly Story[] {
    const random = mulberry32(mix(this.#seed, minute, 77));
    const keys = QUESTIONS.map(({ key }) => key).filter((key) => key in PHRASES);
    const stories: Story[] = [];
    const add = (kind: 'rumour' | 'idle' | 'elsewhere', perMinute: number): void => {
      for (let i = 0; i < arrivals(random, perMinute); i++) {
        const question = kind === 'elsewhere' ? null : pick(random, keys);
        const phrases = question === null ? null : PHRASES[question];
        const lines = !phrases ? ELSEWHERE : kind === 'idle' ? phrases.idle : pick(random, [phrases.up, phrases.down]);
        stories.push({
          id: `${kind}-${minute}-${i}`,
          at: Math.floor((minute + random()) * MINUTE_MS),
          channel: random() < 0.5 ? 'feed' : 'social',
          text: signed(random, pick(random, lines)),
          truth: { kind, question, jump: 0, jumpAt: null },
        });
      }
    };
    add('rumour', RUMOURS_PER_MINUTE);
    add('idle', IDLE_PER_MINUTE);
    add('elsewhere', ELSEWHERE_PER_MINUTE);
    return stories;
  }
}

const signed = (random: Random, line: string): string =>
  `${line} · ${pick(random, REPORTERS)}, ${pick(random, DATELINES)}`;
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)];

/** How many arrive in a minute (Poisson, by Knuth's product of uniforms). */
function arrivals(random: Random, mean: number): number {
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > least; product *= random()) count++;
  return count;
}
