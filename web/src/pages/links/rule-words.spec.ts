import { expect, it } from 'vitest';
import { rulePieces } from './rule-words';

const only = (text: string, other: string): string[] =>
  rulePieces(text, other)
    .filter((piece) => piece.only)
    .map((piece) => piece.text);

it('marks what the other text does not say, whatever the order', () => {
  const a = 'Resolves YES if the Fed cuts by 25 bps on 10 December 2026, according to Reuters.';
  const b = 'According to the Federal Reserve, YES if the Fed cuts on 10 December 2026 by 25 bps.';
  expect(only(a, b)).toEqual(['Resolves', 'Reuters']);
  expect(only(b, a)).toEqual(['Federal', 'Reserve']);
});

it('keeps the text whole and takes numbers with separators as one', () => {
  const text = 'More than 1,250.5 points at 16:00?';
  expect(
    rulePieces(text, 'points at 15:00')
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
  expect(only(text, 'more than 1250.5 points at 15:00')).toEqual(['16:00']);
  expect(rulePieces('', 'x')).toEqual([]);
});
