import { describe, expect, it } from 'vitest';
import { LaneClock } from './lane-clock.js';

const NOON = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A computer whose two clocks are turned by hand. */
function computer(at = NOON) {
  let wall = at;
  let steady = 5_000;
  const clock = new LaneClock(
    () => wall,
    () => steady,
  );
  return {
    clock,
    /** Time passes, looked at every second as the lane's beat does. */
    pass(ms: number) {
      for (let left = ms; left > 0; left -= 1_000) {
        wall += Math.min(left, 1_000);
        steady += Math.min(left, 1_000);
        clock.look();
      }
    },
    set: (by: number) => void (wall += by),
    /** All of it at once, nothing looking. */
    block(ms: number) {
      wall += ms;
      steady += ms;
    },
    /** What a venue whose clock is `ms` ahead of the computer's would answer. */
    answer: (ms: number) => clock.heard(wall + ms - clock.now()),
  };
}

describe('the time of a lane', () => {
  it('is the computer’s, also after a long pause of the process and small corrections', () => {
    const { clock, pass, set, block } = computer();
    pass(10_000);
    expect(clock.now()).toBe(NOON + 10_000);
    block(60_000);
    expect(clock.now()).toBe(NOON + 70_000);
    set(2_000);
    expect(clock.now()).toBe(NOON + 72_000);
    set(-2_000);
    expect(clock.now()).toBe(NOON + 72_000);
    pass(3_000);
    expect(clock.now()).toBe(NOON + 73_000);
    expect(clock.leapt()).toBe(false);
    expect(clock.sentence).toBe(null);
  });

  it.each([
    ['an hour', HOUR, '60 min'],
    ['a day', DAY, '24.0 h'],
  ])('goes on at its own pace when the clock is set %s ahead and back', (_, leap, said) => {
    const { clock, pass, set, answer } = computer();
    pass(10_000);
    set(leap);
    pass(5_000);
    expect(clock.now()).toBe(NOON + 15_000);
    expect(clock.tape()).toBe(NOON + 15_000);
    expect(clock.leapt()).toBe(true);
    expect(clock.leapt()).toBe(false);
    expect(clock.sentence).toContain(`leapt ${said} ahead`);
    // Venues whose clocks nobody touched: one answer may be an old one.
    expect(answer(-leap)).toBe('doubt');
    expect(answer(-leap)).toBe('ours');
    expect(clock.inDoubt).toBe(false);
    expect(clock.sentence).toContain(`${said} ahead of the venues’`);
    pass(60_000);
    set(-leap);
    pass(5_000);
    expect(clock.now()).toBe(NOON + 80_000);
    expect(clock.sentence).toBe(null);
    expect(clock.leapt()).toBe(false);
  });

  it('takes up the right time after a sleep, as soon as a venue says so', () => {
    const { clock, pass, set, answer } = computer();
    pass(10_000);
    set(8 * HOUR);
    expect(clock.now()).toBe(NOON + 10_000);
    expect(clock.inDoubt).toBe(true);
    // The first answer was written before the sleep.
    expect(answer(-8 * HOUR)).toBe('doubt');
    expect(answer(0)).toBe('theirs');
    expect(clock.now()).toBe(NOON + 8 * HOUR + 10_000);
    expect(clock.tape()).toBe(NOON + 8 * HOUR + 10_000);
    expect(clock.sentence).toBe(null);
    // A second sleep is another leap.
    pass(1_000);
    set(HOUR);
    clock.look();
    expect(clock.leapt()).toBe(true);
  });

  it('notices a sleep while the computer’s clock is known to be wrong', () => {
    const { clock, pass, set, answer } = computer();
    set(-DAY);
    clock.look();
    expect(clock.leapt()).toBe(true);
    expect(clock.sentence).toContain('leapt 24.0 h back');
    answer(DAY);
    expect(answer(DAY)).toBe('ours');
    expect(clock.sentence).toContain('24.0 h behind the venues’');
    pass(10_000);
    set(HOUR);
    clock.look();
    expect(clock.leapt()).toBe(true);
    expect(clock.inDoubt).toBe(true);
  });

  it('stamps a tape that went ahead ever later, and slower until the clock has caught up', () => {
    // Begun with a clock an hour ahead; somebody sets it right, and the venues agree.
    const { clock, pass, set, answer } = computer(NOON + HOUR);
    pass(10_000);
    const before = clock.tape();
    set(-HOUR);
    pass(1_000);
    expect(answer(0)).toBe('theirs');
    expect(clock.now()).toBe(NOON + 11_000);
    clock.tape();
    let last = before;
    for (let minute = 0; minute < 10; minute++) {
      pass(60_000);
      const at = clock.tape();
      expect(at).toBeGreaterThan(last);
      last = at;
    }
    expect(last - before).toBeGreaterThan(530_000);
    expect(last - before).toBeLessThan(550_000);
    expect(clock.sentence).toMatch(/^the tape is 59 min ahead of the clock/);
    for (let hour = 0; hour < 11; hour++) {
      pass(HOUR);
      clock.tape();
    }
    expect(clock.tape()).toBe(clock.now());
    expect(clock.sentence).toBe(null);
  });

  it('goes on from a tape that is ahead of it', () => {
    const { clock, pass } = computer();
    clock.begin(NOON + DAY);
    expect(clock.tape()).toBe(NOON + DAY);
    pass(10_000);
    expect(clock.tape()).toBe(NOON + DAY + 9_000);
    expect(clock.sentence).toContain('24.0 h ahead of the clock');
  });

  it('stands with neither when the venues say a third time', () => {
    const { clock, set, answer } = computer();
    set(HOUR);
    clock.look();
    for (let i = 0; i < 5; i++) expect(answer(-2 * HOUR)).toBe('doubt');
    expect(clock.now()).toBe(NOON);
  });
});
