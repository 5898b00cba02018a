import type { Mode } from '#core';
import type { PlaceKind } from '#data';
import { describe, expect, it } from 'vitest';
import { inheritance } from './inheritance.js';

const set = (kind: PlaceKind, target: string, mode: Mode) => ({ kind, target, mode });
const market = { id: 'v:m', ways: [['v', 'news', 'v:g']] as const };

describe('what holds at a place', () => {
  it('is the default where nothing is set', () =>
    expect(inheritance([]).cell('p', 'market', market)).toMatchObject({
      own: null,
      inherited: 'paper',
      effective: 'paper',
      from: 'default',
    }));

  it('is what the most specific place above says', () => {
    const settings = [set('venue', 'v', 'off'), set('category', 'news', 'shadow'), set('group', 'v:g', 'paper')];
    const held = (some: number) => inheritance(settings.slice(0, some)).cell('p', 'market', market);
    expect([1, 2, 3].map((some) => held(some)).map(({ effective, from }) => [effective, from])).toEqual([
      ['off', 'venue'],
      ['shadow', 'category'],
      ['paper', 'group'],
    ]);
  });

  it('is its own setting before all, and tells what it would be without', () =>
    expect(
      inheritance([set('venue', 'v', 'shadow'), set('market', 'v:m', 'off')]).cell('p', 'market', market),
    ).toMatchObject({ own: 'off', inherited: 'shadow', effective: 'off', from: 'market' }));

  it('is nothing for a category whose venues differ, until it is set itself', () => {
    const category = { id: 'news', ways: [['v', 'news', null] as const, ['w', 'news', null] as const] };
    const settings = [set('venue', 'v', 'off')];
    expect(inheritance(settings).cell('p', 'category', category)).toMatchObject({ effective: null, from: 'several' });
    expect(inheritance([...settings, set('category', 'news', 'shadow')]).cell('p', 'category', category)).toMatchObject(
      { effective: 'shadow', inherited: null, from: 'category' },
    );
  });

  it('never comes from below or from a place beside', () =>
    expect(
      inheritance([set('market', 'v:m', 'off'), set('venue', 'w', 'off')]).cell('p', 'venue', {
        id: 'v',
        ways: [['v', null, null]],
      }),
    ).toMatchObject({ own: null, effective: 'paper', from: 'default' }));
});
