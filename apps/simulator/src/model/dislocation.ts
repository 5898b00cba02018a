import { between, mix, mulberry32, seedOf } from './random.js';
import type { Question, SimTime, Venue } from './question.types.js';

/**
 * Why the two venues disagree: every minute a question may have one episode in which one venue's makers quote away from
 * the rest of the world. Most are too small to pay both fees; some are real; a few are huge. The first minutes are
 * scripted, so that whoever starts the simulator sees one of each kind soon.
 */
export interface Episode {
  readonly from: SimTime;
  readonly to: SimTime;
  readonly venue: Venue;
  /** Added to the venue's centre, thousandths of a dollar of the question's YES. */
  readonly shift: number;
}

const MINUTE_MS = 60_000;
const CHANCE_PER_MINUTE = 0.4;

interface Scripted {
  readonly key: string;
  readonly fromS: number;
  readonly forS: number;
  readonly venue: Venue;
  readonly shift: number;
}

/** net-positive ≥ 90, gross-positive but net-negative about 35-40, huge 220 and more (all thousandths). */
const script: readonly Scripted[] = [0, 1, 2, 3].flatMap((minute) => {
  const at = minute * 60;
  return [
    { key: 'harbour-bill', fromS: at + 3, forS: 14, venue: 'polymarket', shift: 95 },
    { key: 'inflation', fromS: at + 4, forS: 12, venue: 'kalshi', shift: 38 },
    { key: 'rate-hold', fromS: at + 9, forS: 15, venue: 'polymarket', shift: -230 },
    { key: 'truce', fromS: at + 16, forS: 12, venue: 'kalshi', shift: 80 },
    { key: 'derby-herons', fromS: at + 20, forS: 14, venue: 'polymarket', shift: 100 },
    { key: 'coin-top', fromS: at + 22, forS: 12, venue: 'polymarket', shift: 45 },
    { key: 'valdoria-ordan', fromS: at + 26, forS: 14, venue: 'polymarket', shift: -110 },
    { key: 'rate-hold', fromS: at + 31, forS: 14, venue: 'kalshi', shift: -240 },
    { key: 'valdoria-tesk', fromS: at + 34, forS: 14, venue: 'kalshi', shift: -120 },
    { key: 'heat-t32', fromS: at + 36, forS: 14, venue: 'kalshi', shift: 170 },
    { key: 'harbour-bill', fromS: at + 38, forS: 12, venue: 'kalshi', shift: 90 },
    { key: 'inflation', fromS: at + 44, forS: 12, venue: 'polymarket', shift: 95 },
    { key: 'truce', fromS: at + 46, forS: 10, venue: 'polymarket', shift: -36 },
  ] satisfies Scripted[];
});

export class Dislocations {
  #known = new Map<string, readonly Episode[]>();

  constructor(readonly seed: number) {}

  /** Shift of the venue's centre at a moment, thousandths of a dollar. */
  shift(question: Question, venue: Venue, time: SimTime): number {
    let sum = 0;
    for (const episode of this.episodes(question, Math.floor(time / MINUTE_MS))) {
      if (episode.venue === venue && time >= episode.from && time < episode.to) sum += episode.shift;
    }
    return sum;
  }

  /** Episodes that begin in a minute of sim time; each ends within it. */
  episodes(question: Question, minute: number): readonly Episode[] {
    const { def } = question;
    if (minute < 0 || (def.venues.length < 2 && def.strike === undefined)) return [];
    const name = `${def.key}@${minute}`;
    const known = this.#known.get(name);
    if (known) return known;
    const episodes = this.#draw(
      def.key,
      def.venues,
      minute,
      Boolean(def.depth && def.depth > 1),
      Boolean(def.periodMs),
    );
    if (this.#known.size > 400) this.#known.clear();
    this.#known.set(name, episodes);
    return episodes;
  }

  #draw(key: string, venues: readonly Venue[], minute: number, deep: boolean, brief: boolean): readonly Episode[] {
    const start = minute * MINUTE_MS;
    const scripted = script
      .filter((each) => each.key === key && Math.floor(each.fromS / 60) === minute)
      .map((each) => ({
        from: each.fromS * 1_000,
        to: Math.min((each.fromS + each.forS) * 1_000, start + MINUTE_MS),
        venue: each.venue,
        shift: each.shift,
      }));
    if (scripted.length > 0) return scripted;
    const random = mulberry32(mix(this.seed, seedOf(key), 5, minute));
    if (random() >= CHANCE_PER_MINUTE) return [];
    const from = start + between(random, 1_000, 42_000);
    const to = from + between(random, 5_000, 15_000);
    const kind = random();
    const size =
      kind < 0.62 || brief
        ? between(random, 22, 48)
        : kind < 0.93 || !deep
          ? between(random, 70, 120)
          : between(random, 170, 260);
    return [
      {
        from: Math.round(from),
        to: Math.round(to),
        venue: random() < 0.5 ? venues[0] : venues[venues.length - 1],
        shift: random() < 0.5 ? size : -size,
      },
    ];
  }
}
