import { expect, it } from 'vitest';
import type { JournalEntry } from '#core';
import { journalLine } from './journal-line.js';

it('spells an entry the same whatever the order of its keys', () => {
  const entry = { lane: 1, kind: 'session', causes: [2, 1], owner: { b: [{ z: 1, a: null }], a: 'x' } };
  const same = { owner: { a: 'x', b: [{ a: null, z: 1 }] }, causes: [2, 1], kind: 'session', lane: 1 };
  const line = journalLine(entry as unknown as JournalEntry);
  expect(line).toBe(journalLine(same as unknown as JournalEntry));
  expect(line).toBe('{"causes":[2,1],"kind":"session","lane":1,"owner":{"a":"x","b":[{"a":null,"z":1}]}}');
});
