import { describe, expect, it } from 'vitest';
import { dueJobs, schedules, slotTime, type ScheduledJob } from './schedules.js';

const every = (everyMs: number, perVenue = false): ScheduledJob => ({
  queue: 'catalogue',
  name: 'look',
  everyMs,
  perVenue,
});

describe('schedules', () => {
  it('names a slot the same in every process, without a colon', () => {
    const [first] = dueJobs([every(1000)], ['a'], 999, 1700);
    const [second] = dueJobs([every(1000)], ['a'], 400, 1003);
    expect(first.jobId).toBe('look-1');
    expect(second.jobId).toBe(first.jobId);
  });

  it('fires once per slot, however often it is asked', () => {
    let since = 10_000;
    let fired = 0;
    for (let now = 10_000; now < 20_000; now += 150) {
      fired += dueJobs([every(1000)], [], since, now).length;
      since = now;
    }
    expect(fired).toBe(9);
  });

  it('makes one job per venue, and only the newest slot after a sleep', () => {
    expect(dueJobs([every(1000, true)], ['a', 'b'], 0, 7500).map((one) => one.jobId)).toEqual(['look-a-7', 'look-b-7']);
  });

  it('has unique names', () => {
    const names = schedules('live').map((one) => one.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

it('goes on with new slots when the clock is set back by an hour, and takes it again once it is ahead', () => {
  const hour = 3_600_000;
  let last = slotTime(10 * hour, 10 * hour - 1_000, 1_000);
  expect(last).toBe(10 * hour);
  // Small corrections wait.
  expect(slotTime(last - 5_000, last, 1_000)).toBe(last);
  for (let second = 1; second <= 120; second++) last = slotTime(9 * hour + second * 1_000, last, 1_000);
  expect(last).toBe(10 * hour + 120_000);
  expect(slotTime(14 * hour, last, 1_000)).toBe(14 * hour);
});
