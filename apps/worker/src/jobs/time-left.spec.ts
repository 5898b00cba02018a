import { describe, expect, it } from 'vitest';
import { TimeLeft } from './time-left.js';

describe('the time left', () => {
  it('is not guessed before there is something to go by', () => {
    const left = new TimeLeft(1_000, 0);
    expect(left.say(0.5, 2_000)).toContain('too early');
    expect(left.say(0.005, 60_000)).toContain('too early');
  });

  it('goes by the pace of this try, not of an earlier one', () => {
    // Half was done before; a quarter took ten seconds now.
    const left = new TimeLeft(0, 0.5);
    expect(left.say(0.75, 10_000)).toBe('about 10 s left');
    expect(left.say(0.51, 10_000)).toBe('about 8 min left');
    expect(new TimeLeft(0, 0).say(0.02, 360_000)).toBe('about 4.9 h left');
  });
});
