import { expect, it } from 'vitest';
import { inheritedText, whyText } from './mode-words';

const cell = {
  plugin: 'p',
  own: null,
  inherited: 'paper',
  effective: 'paper',
  from: 'default',
  by: '',
  at: null,
};

it('says what holds at a place and why', () => {
  expect(inheritedText(cell)).toBe('On');
  expect(inheritedText({ ...cell, from: 'venue', inherited: 'off' })).toBe('Off · venue');
  expect(inheritedText({ ...cell, own: 'off', from: 'market' })).toBe('Inherit (On)');
  expect(inheritedText({ ...cell, inherited: null, from: 'several' })).toBe('Differs by market');
  expect(whyText(cell, '')).toContain('the default');
  expect(whyText({ ...cell, from: 'category', by: 'Ada' }, '3 s ago')).toBe('Set on its category by Ada, 3 s ago.');
  expect(whyText({ ...cell, own: 'off', from: 'market', by: 'Ada' }, '')).toBe('Set here by Ada.');
  expect(whyText({ ...cell, inherited: null, from: 'several' }, '')).toContain('different modes');
});
