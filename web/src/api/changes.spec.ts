import { describe, expect, it } from 'vitest';
import { byAsked, changed } from './changes';

const row = (id: string, askedAt: number, state = 'waiting') => ({ id, askedAt, state });
const rows = [row('b', 2), row('a', 1)];

describe('a list that is followed', () => {
  it('shows the newest of each where it stood, and new ones first', () => {
    const fresh = [row('a', 1, 'done'), row('c', 3)];
    expect(changed(rows, { whole: false, rows: fresh, gone: [] }, byAsked)).toEqual([
      row('c', 3),
      row('b', 2),
      row('a', 1, 'done'),
    ]);
  });

  it('drops what is gone, and on everything there is what is not among it', () => {
    expect(changed(rows, { whole: false, rows: [], gone: ['b'] }, byAsked)).toEqual([row('a', 1)]);
    expect(changed(rows, { whole: true, rows: [row('a', 1)], gone: [] }, byAsked)).toEqual([row('a', 1)]);
  });
});
