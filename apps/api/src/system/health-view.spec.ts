import { describe, expect, it } from 'vitest';
import { feedView, laneView } from './health-view.js';

const lane = { id: 1, epoch: 3, owner: 'worker', headSeq: 50, headAt: 10_000, recording: true };

describe('health', () => {
  it('repeats what a worker said a moment ago', () => {
    const view = laneView(
      { ...lane, health: { at: 10_500, state: 'running', seq: 55, commitLagMs: 80, eventsPerS: 12, decisionP50Us: 9 } },
      11_000,
    );
    expect(view).toMatchObject({
      state: 'running',
      seq: 55,
      headSeq: 50,
      commitLagMs: 80,
      recording: true,
      decisionP50Us: 9,
      problem: null,
    });
  });

  it('says that a worker is silent instead of its last good words', () => {
    const view = laneView({ ...lane, health: { at: 10_500, state: 'running', eventsPerS: 12 } }, 30_500);
    expect(view).toMatchObject({
      state: 'silent',
      recording: false,
      eventsPerS: 0,
      problem: 'The worker has not reported for 20 s.',
    });
    expect(laneView({ ...lane, headAt: 0, health: {} }, 30_500)).toMatchObject({
      at: null,
      problem: 'The worker has not reported yet.',
    });
  });

  it('shows a feed of any shape without failing', () => {
    expect(
      feedView({ venue: 'kalshi', at: 1_000, body: { frames: 'many', trusted: 5, problem: '' } }, 2_000),
    ).toMatchObject({ frames: 0, trusted: 5, problem: null });
    expect(feedView({ venue: 'kalshi', at: 1_000, body: { trusted: 5 } }, 20_000)).toMatchObject({
      state: 'silent',
      trusted: 0,
    });
  });
});
