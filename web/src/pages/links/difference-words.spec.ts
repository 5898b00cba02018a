import { expect, it } from 'vitest';
import { inOrder, likeWord, lineOf } from './difference-words';

const threshold = { kind: 'threshold', breaks: true, a: '25 bps', b: '50 bps' };
const time = { kind: 'time', breaks: false, a: 'in 2026', b: '' };

it('writes a difference as one line of a link', () => {
  expect(lineOf(threshold, 'Polymarket', 'Kalshi')).toBe('Number: 25 bps at Polymarket; 50 bps at Kalshi');
  expect(lineOf(time, 'Polymarket', 'Kalshi')).toBe('Date or deadline: in 2026 at Polymarket; Kalshi says none');
});

it('calls a pair with another number another question, however alike the words are', () => {
  expect(inOrder([time, threshold])[0]).toBe(threshold);
  expect(likeWord({ score: 0.99, differences: [time, threshold] })).toBe('another question');
  expect(likeWord({ score: 0.95, differences: [time] })).toBe('very alike');
  expect(likeWord({ score: 0.62, differences: [] })).toBe('somewhat alike');
});
