import { expect, it } from 'vitest';
import { SilenceWatch } from './silence';

const watch = (): SilenceWatch => new SilenceWatch({ limitMs: 10_000, graceMs: 4_000 });
/** Asks every second, as the page does. */
function asked(line: SilenceWatch, from: number, to: number): number | null {
  for (let now = from; now <= to; now += 1_000) if (line.isDead(now)) return now;
  return null;
}

it('gives up a line that says nothing', () => {
  const line = watch();
  line.opening(0);
  line.heard(0);
  expect(asked(line, 1_000, 10_000)).toBeNull();
  expect(asked(line, 11_000, 20_000)).toBe(11_000);
});

it('keeps a line that speaks now and then', () => {
  const line = watch();
  line.opening(0);
  for (let at = 0; at < 60_000; at += 9_000) {
    line.heard(at);
    expect(asked(line, at + 1_000, at + 9_000)).toBeNull();
  }
});

it('lets a line speak first after a sleep, and gives it up when it does not', () => {
  const line = watch();
  line.opening(0);
  line.heard(0);
  expect(line.isDead(1_000)).toBe(false);
  expect(line.isDead(3_600_000)).toBe(false);
  expect(asked(line, 3_601_000, 3_620_000)).toBe(3_605_000);
});

it('gives up a line that never answers', () => {
  const line = watch();
  line.opening(0);
  expect(asked(line, 1_000, 20_000)).toBe(11_000);
  expect(line.heardAt).toBeNull();
});

it('wants nothing of a line that is closed or was never opened', () => {
  const line = watch();
  expect(asked(line, 0, 60_000)).toBeNull();
  line.opening(60_000);
  line.heard(60_000);
  line.closed();
  expect(asked(line, 61_000, 120_000)).toBeNull();
  expect(line.heardAt).toBe(60_000);
});
