import { expect, it } from 'vitest';
import { sentenceParts } from './sentence';

const a = { id: 'kalshi:KXRAIN', title: 'Rain tomorrow?' };
const b = { id: 'polymarket:0x1f', title: 'Rain tomorrow?' };

it('links a market that a sentence names by its id, and says venues by their names', () => {
  expect(sentenceParts('5 contracts more in kalshi:KXRAIN would be too many at kalshi.', [a])).toEqual([
    { text: '5 contracts more in ' },
    { text: 'Rain tomorrow?', market: a.id },
    { text: ' would be too many at Kalshi.' },
  ]);
});

it('links titles in quotation marks, each venue’s in turn when they are equal', () => {
  expect(sentenceParts('“Rain tomorrow?” and “Rain tomorrow?”', [a, b])).toEqual([
    { text: 'Rain tomorrow?', market: a.id },
    { text: ' and ' },
    { text: 'Rain tomorrow?', market: b.id },
  ]);
});

it('leaves a sentence that names nothing whole', () => {
  expect(sentenceParts('The account is halted.', [a])).toEqual([{ text: 'The account is halted.' }]);
  expect(sentenceParts('', [a])).toEqual([]);
});

it('takes the longer of two ids that begin alike', () => {
  const longer = { id: 'kalshi:KXRAIN-1', title: 'Rain on Monday?' };
  expect(sentenceParts('in kalshi:KXRAIN-1', [a, longer])[1]).toEqual({ text: 'Rain on Monday?', market: longer.id });
});
