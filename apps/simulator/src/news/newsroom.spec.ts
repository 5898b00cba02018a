import { describe, expect, it } from 'vitest';
import { QUESTIONS } from '../model/catalogue.js';
import { Newsroom } from './newsroom.js';
import { PHRASES } from './phrases.js';

const HOUR = 3_600_000;
const stories = new Newsroom(3).between(0, 3 * HOUR);

describe('the invented press', () => {
  it('tells before a jump, never after it, and in its direction', () => {
    const told = stories.filter(({ truth }) => truth.kind === 'jump');
    expect(told.length).toBeGreaterThan(50);
    for (const { at, text, truth } of told) {
      const lead = truth.jumpAt! - at;
      expect(lead).toBeGreaterThanOrEqual(8_000);
      expect(lead).toBeLessThanOrEqual(40_001);
      expect(PHRASES[truth.question!][truth.jump > 0 ? 'up' : 'down']).toContain(text.split(' · ')[0]);
    }
  });

  it('writes much more that means nothing', () => {
    const nothing = stories.filter(({ truth }) => truth.jumpAt === null);
    expect(nothing.length).toBeGreaterThan(stories.length / 2);
    for (const { truth } of nothing) expect(truth.jump).toBe(0);
  });

  it('is the same however it is asked, and for each seed another', () => {
    const inPieces = new Newsroom(3);
    const pieces = Array.from({ length: 180 }, (_, i) => inPieces.between(i * 60_000, (i + 1) * 60_000)).flat();
    expect(pieces).toEqual(stories.filter(({ at }) => at > 0));
    expect(new Newsroom(4).between(0, HOUR)).not.toEqual(new Newsroom(3).between(0, HOUR));
    // Looked at from the middle, as after a restart.
    expect(new Newsroom(3).between(HOUR, 2 * HOUR)).toEqual(stories.filter(({ at }) => at > HOUR && at <= 2 * HOUR));
  });

  it('has something to say about every lasting question that gets news', () => {
    const silent = QUESTIONS.filter(({ periodMs, other, key }) => !periodMs && !other && !(key in PHRASES));
    expect(silent).toEqual([]);
  });
});
