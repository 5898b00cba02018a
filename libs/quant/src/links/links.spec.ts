import { describe, expect, it } from 'vitest';
import { QuestionIndex } from './candidates.js';
import { takeTimes } from './dates.js';
import { statedDifferences } from './market-differences.js';
import { likeness, oneLetterApart, type Likeness } from './likeness.js';
import { takeQuantities } from './quantities.js';
import { readQuestion } from './question.js';

const alike = (a: string, b: string): Likeness => likeness(readQuestion(a), readQuestion(b), () => 1);
const found = (a: string, b: string): readonly string[] =>
  alike(a, b).differences.map(({ kind, weight, a: one, b: two }) => `${kind} ${weight}: ${one} | ${two}`);

describe('numbers of a question', () => {
  const read = (text: string) =>
    takeQuantities(text).quantities.map(({ value, unit, bound }) => `${bound} ${value} ${unit}`.trim());

  it('come with their unit and bound', () => {
    expect(read('cut by 25 bps')).toEqual(['exact 0.25 bp']);
    expect(read('at least 0.25%')).toEqual(['at-least 0.25 %']);
    expect(read('above $1,600')).toEqual(['more 1600 $']);
    expect(read('4.5 percent or more')).toEqual(['at-least 4.5 %']);
    expect(read('fewer than 2.5 million people')).toEqual(['less 2500000']);
    expect(read('finish 3rd')).toEqual(['exact 3 rank']);
    expect(read('80+ wins, 30 °F')).toEqual(['at-least 80', 'exact 30 °']);
  });

  it('are none where letters are joined to digits', () => {
    expect(read('Will B8 beat 9z, G2 and M80 in F1?')).toEqual([]);
    expect(readQuestion('Will the Democrats win TX-07?').codes).toEqual(['tx7']);
  });
});

describe('times of a question', () => {
  const ends = (text: string): readonly string[] =>
    takeTimes(text).times.map(({ year, month, day }) => `${year ?? '?'}-${month}-${day}`);

  it('are known by their end, however they are said', () => {
    for (const text of [
      'before 2027',
      'in 2026',
      'before Jan 2027',
      'by December 31, 2026',
      'by 31 Dec 2026',
      '2026-12-31',
    ])
      expect([text, ends(text)]).toEqual([text, ['2027-1-1']]);
    expect(ends('the 2025–26 season')).toEqual(['2027-1-1']);
    expect(ends('by June 30')).toEqual(['?-7-1']);
    expect(ends('on February 28, 2027')).toEqual(['2027-3-1']);
    expect(ends('in May')).toEqual(['?-6-1']);
    expect(ends('Will Theresa May win?')).toEqual([]);
  });
});

describe('two questions', () => {
  it('that ask for 25 and for 50 basis points differ in what breaks a link', () => {
    const a = 'Will the Fed cut rates by 25 bps in December 2026?';
    const b = 'Fed decreases interest rates by 50 bps after December 2026 meeting?';
    expect(found(a, b)).toContain('threshold breaks: 25 bps | 50 bps');
    expect(alike(a, b).score).toBeLessThan(alike(a, b.replace('50', '25')).score / 2);
  });

  it('that give one number in two units are told so', () => {
    expect(found('Will the Fed cut by 25 bps?', 'Will the Fed cut by 0.25%?')).toEqual(['unit check: 25 bps | 0.25%']);
  });

  it('that part exactly at their number are told so, and those that look different ways look inverse', () => {
    expect(found('More than 4000 measles cases?', 'At least 4000 measles cases?')).toEqual([
      'bound check: more than 4000 | at least 4000',
    ]);
    expect(alike('Bitcoin above $90k?', 'Bitcoin below $90k?')).toMatchObject({ polarity: 'inverse' });
    expect(alike('Will Bitcoin end the year up?', 'Will Bitcoin end the year down?')).toMatchObject({
      polarity: 'inverse',
      differences: [{ kind: 'opposite', a: 'up', b: 'down' }, { kind: 'words' }],
    });
  });

  it('of another date, district or party are other questions', () => {
    expect(found('Out by June 30?', 'Out by December 31?')).toContain('time breaks: by June 30 | by December 31');
    expect(found('Out by June 30, 2026?', 'Out by June 30?')).toEqual([]);
    expect(found('Republicans win TX-07?', 'Republicans win VA-09?')).toContain('name breaks: tx7 | va9');
    expect(found('Will Democratic win TX-7?', 'Will the Republican Party win the TX-07 House seat?')[0]).toMatch(
      /^words breaks: democratic \| republican/,
    );
  });

  it('are one in two spellings', () => {
    expect(alike('Will Vasil Terziev win?', 'Will Vassil Terziev win?').differences).toEqual([]);
    expect(oneLetterApart('castex', 'castel')).toBe(true);
    expect(oneLetterApart('rose', 'rise')).toBe(false);
  });
});

it('finds the likest first and shows nothing that has too little in common', () => {
  const index = new QuestionIndex([
    { id: 'p:1', title: 'Will Paul Skenes win the 2026 NL Cy Young Award?' },
    { id: 'p:2', title: 'Will Chris Sale win the 2026 NL Cy Young Award?' },
    { id: 'p:3', title: 'Will it rain in Cologne?' },
  ]);
  const [first, ...rest] = index.like('Will Paul Skenes win NL Cy Young?', 5);
  expect(first).toMatchObject({ id: 'p:1', polarity: 'same' });
  expect(first!.shared.slice(0, 2).sort()).toEqual(['paul', 'skenes']);
  expect(rest.every(({ id }) => id !== 'p:3')).toBe(true);
  expect(index.like('Will a comet land?', 5)).toEqual([]);
});

it('says what two markets state differently beside their questions', () => {
  const day = Date.UTC(2026, 11, 9, 20);
  const a = { rules: 'YES if cut by 25 bps on December 9, 2026.', closesAt: day, paysAt: null, venueData: {} };
  const b = { ...a, rules: 'A cut by 50 basis points by 9 December 2026.', closesAt: day + 86_400_000 };
  expect(statedDifferences(a, b)).toEqual([
    { kind: 'closes', a: '2026-12-09', b: '2026-12-10' },
    { kind: 'rules-numbers', a: '25 bps', b: '50 basis points' },
  ]);
  const strike = (strikeType: string, floorStrike: string) => ({ ...a, venueData: { strikeType, floorStrike } });
  expect(statedDifferences(strike('greater', '4'), strike('greater_or_equal', '4'))).toEqual([
    { kind: 'strike', a: '> 4', b: '≥ 4' },
  ]);
  expect(statedDifferences(a, a)).toEqual([]);
});

it('follows a catalogue that changes', () => {
  const index = new QuestionIndex([{ id: 'p:1', title: 'Will the comet land?' }]);
  expect(index.put('p:1', 'Will the comet land?')).toBe(false);
  expect(index.put('p:1', 'Will the meteor land?')).toBe(true);
  expect(index.like('Will the comet land?', 1)).toEqual([]);
  expect(index.like('Will the meteor land?', 1)).toMatchObject([{ id: 'p:1', score: 1 }]);
  index.drop('p:1');
  expect([...index.ids]).toEqual([]);
});
