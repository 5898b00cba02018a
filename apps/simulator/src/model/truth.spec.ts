import { describe, expect, it } from 'vitest';
import { QUESTIONS } from './catalogue.js';
import { Dislocations } from './dislocation.js';
import { placeOfCondition, placeOfToken, placesOfTicker, kalshiNames, polymarketNames } from './identity.js';
import { Truth } from './truth.js';

const slotsOf = (group: string): number[] => QUESTIONS.flatMap((def, slot) => (def.group === group ? [slot] : []));

describe('the hidden truth', () => {
  it.each(['valdoria', 'rate', 'derby', 'sprint'])('of the exhaustive group %s sums to 1 at any time', (group) => {
    const truth = new Truth(21);
    for (const time of [0, 12_345, 3_600_000, 90_000_000]) {
      const sum = slotsOf(group).reduce((total, slot) => total + truth.probability(truth.open(slot, time), time), 0);
      expect(sum).toBeCloseTo(1, 9);
    }
  });

  it('of the augmented group leaves something for what nobody named', () => {
    const truth = new Truth(21);
    const sum = slotsOf('film').reduce((total, slot) => total + truth.probability(truth.open(slot, 0), 0), 0);
    expect(sum).toBeGreaterThan(0.85);
    expect(sum).toBeLessThan(0.99);
  });

  it('of a ladder falls from threshold to threshold at any time', () => {
    const truth = new Truth(21);
    for (const time of [0, 12_345, 3_600_000, 90_000_000]) {
      const steps = slotsOf('heat').map((slot) => truth.probability(truth.open(slot, time), time));
      expect(steps).toHaveLength(3);
      expect(steps[0] > steps[1] && steps[1] > steps[2]).toBe(true);
    }
  });

  it('has moods: a stormy truth moves several times as far as a calm one', () => {
    const truth = new Truth(5);
    const question = truth.open(
      QUESTIONS.findIndex(({ key }) => key === 'payrolls'),
      0,
    );
    const squares = { calm: 0, stormy: 0 };
    const minutes = { calm: 0, stormy: 0 };
    let before = Math.log(1 / (1 / truth.probability(question, 0) - 1));
    for (let minute = 0; minute < 3_000; minute++) {
      const mood = truth.mood(question, minute * 60_000)!;
      const now = Math.log(1 / (1 / truth.probability(question, (minute + 1) * 60_000) - 1));
      // News would drown the walk.
      if (truth.news(minute).every(({ question: key }) => key !== 'payrolls')) {
        squares[mood] += (now - before) ** 2;
        minutes[mood]++;
      }
      before = now;
    }
    expect(minutes.stormy).toBeGreaterThan(300);
    expect(minutes.calm).toBeGreaterThan(minutes.stormy);
    const pace = Math.sqrt(squares.stormy / minutes.stormy / (squares.calm / minutes.calm));
    expect(pace).toBeGreaterThan(3);
    expect(pace).toBeLessThan(4.5);
    const round = QUESTIONS.findIndex(({ key }) => key === 'lumen-updown');
    expect(truth.mood(truth.open(round, 0), 0)).toBeNull();
  });

  it('of a round runs to its answer, one lane wins, and a few rounds are ties', () => {
    const truth = new Truth(4);
    const [amber, birch, cobalt] = slotsOf('sprint');
    const updown = QUESTIONS.findIndex(({ key }) => key === 'lumen-updown');
    let halves = 0;
    for (let round = 0; round < 300; round++) {
      const lanes = [amber, birch, cobalt].map((slot) => truth.question(slot, round));
      expect(lanes.map((lane) => truth.outcome(lane)).sort()).toEqual(['no', 'no', 'yes']);
      const end = truth.question(updown, round);
      const outcome = truth.outcome(end);
      if (outcome === 'half') halves++;
      const last = truth.probability(end, end.closesAt - 1);
      expect(outcome === 'half' || last > 0.5 === (outcome === 'yes')).toBe(true);
    }
    expect(halves).toBeGreaterThan(4);
    expect(halves).toBeLessThan(40);
  });

  it('is calibrated: halfway through, what is given 70 to 90 percent happens about so often', () => {
    const truth = new Truth(8);
    const slot = QUESTIONS.findIndex(({ key }) => key === 'ember-updown');
    let given = 0;
    let worth = 0;
    let n = 0;
    for (let round = 0; round < 2_000; round++) {
      const question = truth.question(slot, round);
      const p = truth.probability(question, (question.opensAt + question.closesAt) / 2);
      if (p < 0.7 || p > 0.9) continue;
      const outcome = truth.outcome(question);
      given += p;
      worth += outcome === 'yes' ? 1 : outcome === 'half' ? 0.5 : 0;
      n++;
    }
    expect(n).toBeGreaterThan(200);
    expect(worth / n).toBeCloseTo(given / n, 1);
  });
});

describe('names at the venues', () => {
  it('lead back to question and round, and strangers lead nowhere', () => {
    const truth = new Truth(3);
    QUESTIONS.forEach((def, slot) => {
      const question = truth.question(slot, def.periodMs ? 417 : 0);
      const place = { slot, generation: question.generation };
      const names = polymarketNames(3, question);
      expect(placeOfCondition(names.condition)).toEqual(place);
      expect(placeOfToken(names.tokens[1])).toEqual({ ...place, outcome: 1 });
      expect(def.venues.includes('kalshi') ? placesOfTicker(kalshiNames(3, question).ticker) : [place]).toEqual([
        place,
      ]);
    });
    expect(placeOfCondition(`0x${'f'.repeat(64)}`)).toBeNull();
    expect(placeOfToken('not a number')).toBeNull();
    expect(placesOfTicker('KXMLBGAME-26AUG07-NYY')).toEqual([]);
  });
});

describe('a fresh start', () => {
  it('shows a real, a too small and a huge disagreement within half a minute', () => {
    const truth = new Truth(1);
    const dislocations = new Dislocations(1);
    const early = QUESTIONS.flatMap((_, slot) => dislocations.episodes(truth.open(slot, 0), 0)).filter(
      ({ from }) => from < 25_000,
    );
    const sizes = early.map(({ shift }) => Math.abs(shift));
    expect(sizes.some((size) => size >= 80 && size < 150)).toBe(true);
    expect(sizes.some((size) => size < 50)).toBe(true);
    expect(sizes.some((size) => size > 200)).toBe(true);
  });
});
